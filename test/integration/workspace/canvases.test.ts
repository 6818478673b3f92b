import type { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import type { Workspace } from '../../../src/workspace/create-workspace.ts';
import { DEFAULT_SCOPES } from '../../../src/workspace/settings.ts';
import { errorOf, openWorkspace, refusalOf } from './open-workspace.ts';

const CHANNEL = 'C0INCIDENT';

function markdown(text: string): { type: 'markdown'; markdown: string } {
  return { type: 'markdown', markdown: text };
}

async function create(client: WebClient, text = 'Hello'): Promise<string> {
  const { canvas_id: id = '' } = await client.conversations.canvases.create({
    channel_id: CHANNEL,
    title: 'Page',
    document_content: markdown(text),
  });
  return id;
}

async function find(client: WebClient, canvas: string, text: string): Promise<string[]> {
  const { sections = [] } = await client.canvases.sections.lookup({
    canvas_id: canvas,
    criteria: { contains_text: text },
  });
  return sections.map(({ id = '' }) => id);
}

function shown(workspace: Workspace): readonly string[] {
  const { canvas } = workspace.control.channel(CHANNEL) ?? {};
  return (canvas?.sections ?? []).map((section) => section.markdown);
}

test('a channel has one canvas, which conversations.info names', async () => {
  const { client } = await openWorkspace();
  const id = await create(client);
  expect(id).toMatch(/^F/);
  expect(await errorOf(create(client))).toBe('channel_canvas_already_exists');
  const { channel } = await client.conversations.info({ channel: CHANNEL });
  expect(channel).toMatchObject({ properties: { canvas: { file_id: id } } });
});

test('a section is a block, found by its text and replaced alone', async () => {
  const { client, workspace } = await openWorkspace();
  const id = await create(client, '# Title\nfirst **bold**  \nline\n\nsecond \\*text\\*');
  expect(shown(workspace)).toEqual(['# Title', 'first **bold**  \nline', 'second \\*text\\*']);
  expect(await find(client, id, 'second *text*')).toHaveLength(1);
  const [section = ''] = await find(client, id, 'first bold');
  const change = {
    operation: 'replace',
    section_id: section,
    document_content: markdown('other'),
  } as const;
  await client.canvases.edit({ canvas_id: id, changes: [change] });
  expect(shown(workspace)).toEqual(['# Title', 'other', 'second \\*text\\*']);
  // Its id went with it.
  expect(await errorOf(client.canvases.edit({ canvas_id: id, changes: [change] }))).toBe(
    'canvas_editing_failed',
  );
});

test('one call makes one change', async () => {
  const { client } = await openWorkspace();
  const id = await create(client);
  const change = { operation: 'insert_at_end', document_content: markdown('x') } as const;
  const refused = await refusalOf(
    client.canvases.edit({ canvas_id: id, changes: [change, change] }),
  );
  expect(refused['error']).toBe('invalid_arguments');
});

test.each([
  ['none', 'team_tier_cannot_create_channel_canvases'],
  ['disabled', 'canvas_disabled_user_team'],
] as const)('a workspace with canvases: %s says %s', async (canvases, error) => {
  const { client } = await openWorkspace({ canvases });
  expect(await errorOf(create(client))).toBe(error);
});

test('writing and reading want a scope each', async () => {
  const without = (scope: string) => ({
    botScopes: DEFAULT_SCOPES.filter((other) => other !== scope),
  });
  const first = await openWorkspace(without('canvases:write'));
  expect(await refusalOf(create(first.client))).toMatchObject({
    error: 'missing_scope',
    needed: 'canvases:write',
  });
  const second = await openWorkspace(without('canvases:read'));
  const id = await create(second.client);
  expect(await refusalOf(find(second.client, id, 'Hello'))).toMatchObject({
    error: 'missing_scope',
    needed: 'canvases:read',
  });
});

test('a canvas that a person deleted is gone, and what a person wrote is there', async () => {
  const { client, workspace } = await openWorkspace();
  const id = await create(client);
  workspace.control.writeCanvas('ada', CHANNEL, '## Mine\nkeep me');
  expect(shown(workspace)).toEqual(['Hello', '## Mine', 'keep me']);
  workspace.control.deleteCanvas('ada', CHANNEL, 'Hello');
  expect(shown(workspace)).toEqual(['## Mine', 'keep me']);
  workspace.control.deleteCanvas('ada', CHANNEL);
  expect(await errorOf(find(client, id, 'keep'))).toBe('canvas_deleted');
  const change = { operation: 'insert_at_end', document_content: markdown('x') } as const;
  expect(await errorOf(client.canvases.edit({ canvas_id: id, changes: [change] }))).toBe(
    'canvas_not_found',
  );
});

test('an archived channel has ejected the bot, and its canvas with it', async () => {
  const { client } = await openWorkspace();
  const id = await create(client);
  await client.conversations.archive({ channel: CHANNEL });
  expect(await errorOf(find(client, id, 'Hello'))).toBe('canvas_not_found');
});

test('a canvas may be made twenty times a minute, and then Slack asks to wait', async () => {
  const { client } = await openWorkspace({ rateLimits: 'burst' });
  await create(client);
  let calls = 1;
  let asked: unknown;
  // A slow machine gets a call back every three seconds.
  while (asked === undefined && calls < 100) {
    calls += 1;
    await create(client).catch((error: unknown) => {
      if (error instanceof Error && 'retryAfter' in error) asked = error.retryAfter;
    });
  }
  expect(calls).toBeGreaterThan(20);
  expect(asked).toBeGreaterThan(0);
});
