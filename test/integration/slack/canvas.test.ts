import { expect, it } from 'vitest';
import { checkSlack } from '../../../src/adapters/slack/check-slack.ts';
import { canvasContract } from '../../contract/canvas.contract.ts';
import { MANIFEST_SCOPES, PEOPLE, startSlackSite } from '../../support/slack-site.ts';

const CREATE = { method: 'conversations.canvases.create' };

canvasContract('Slack', PEOPLE.ada, async () => {
  const site = await startSlackSite({ start: false });
  const { control } = site.workspace;
  return {
    chat: site.slack.chat,
    canvasOf: (channel) =>
      control.channel(channel)?.canvas?.sections.map(({ markdown }) => markdown) ?? null,
    write: (channel, text) => control.writeCanvas(PEOPLE.ada, channel, text),
    remove: (channel) => control.deleteCanvas(PEOPLE.ada, channel),
    fault(kind) {
      switch (kind) {
        case 'rate-limited':
          return control.addFault({ ...CREATE, kind: 'rate-limit', retryAfterSeconds: 3 });
        case 'lost-answer':
          return control.addFault({ ...CREATE, kind: 'reset-after' });
        case 'refused': {
          const error = 'team_tier_cannot_create_channel_canvases';
          return control.addFault({ ...CREATE, kind: 'error', error });
        }
      }
    },
    stop: () => site.stop(),
  };
});

it('puts the paragraph back at the top when a person took only that away', async () => {
  const site = await startSlackSite({ start: false });
  try {
    const { control } = site.workspace;
    const { chat } = site.slack;
    const { channel } = await chat.openRoom({ name: 'inc-paragraph' });
    await chat.invite(channel, [PEOPLE.ada]);
    const page = {
      title: 'Handover',
      markers: ['state, by', 'kept by Housecall'],
      document: {
        summary: '',
        blocks: [
          { kind: 'paragraph' as const, content: ['state, by ', { user: PEOPLE.grace }] },
          { kind: 'context' as const, content: ['kept by Housecall'] },
        ],
      },
    };
    const known = await chat.showCanvas(channel, page);
    control.writeCanvas(PEOPLE.ada, channel, 'mine');
    control.deleteCanvas(PEOPLE.ada, channel, 'kept by Housecall');
    await chat.showCanvas(channel, { ...page, known });
    const texts = control.channel(channel)?.canvas?.sections.map(({ markdown }) => markdown);
    // People are named, not mentioned.
    expect(texts).toEqual(['state, by grace  \nkept by Housecall', '## Notes', 'mine']);
  } finally {
    await site.stop();
  }
});

it('is tried again when somebody wrote between the look and the edit, and is not given up for it', async () => {
  const site = await startSlackSite({ start: false });
  try {
    const { chat } = site.slack;
    const { channel } = await chat.openRoom({ name: 'inc-between' });
    const page = { title: 'Handover', markers: ['x'], document: { summary: '', blocks: [] } };
    const known = await chat.showCanvas(channel, page);
    const fault = {
      method: 'canvases.edit',
      kind: 'error',
      error: 'canvas_editing_failed',
    } as const;
    site.workspace.control.addFault(fault);
    await expect(chat.showCanvas(channel, { ...page, known })).rejects.toMatchObject({
      code: 'CHAT_UNAVAILABLE',
    });
    expect(await chat.showCanvas(channel, { ...page, known })).toBe(known);
  } finally {
    await site.stop();
  }
});

it.each(['canvases:write', 'canvases:read'])(
  'without the scope %s says which is missing, and so does housecall check',
  async (scope) => {
    const botScopes = MANIFEST_SCOPES.filter((other) => other !== scope);
    const site = await startSlackSite({ start: false, workspace: { botScopes } });
    try {
      const { chat } = site.slack;
      const { botToken, apiUrl, appToken } = site.workspace;
      const { channel } = await chat.openRoom({ name: 'inc-scope' });
      const page = { title: 'Handover', markers: ['x'], document: { summary: '', blocks: [] } };
      const twice = async (): Promise<string> => {
        const known = await chat.showCanvas(channel, page);
        return await chat.showCanvas(channel, { ...page, known });
      };
      await expect(twice()).rejects.toMatchObject({
        code: 'CHAT_REFUSED',
        message: expect.stringContaining(`needs the scope ${scope}`),
      });
      const log = { info: () => {}, warn: () => {}, error: () => {} };
      const metrics = { count: () => {}, observe: () => {} };
      const config = { botToken, apiUrl, appToken };
      const on = await checkSlack({ config, log, metrics, canvas: true });
      expect(on.problems).toEqual([]);
      expect(on.warnings.join()).toContain(`the optional scope ${scope} is missing`);
      expect((await checkSlack({ config, log, metrics, canvas: false })).warnings).toEqual([]);
    } finally {
      await site.stop();
    }
  },
);
