import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import type { Workspace } from '../../../src/workspace/create-workspace.ts';
import { errorOf, openWorkspace, refusalOf } from './open-workspace.ts';
import { openApp } from './raw-app.ts';

const plain = (text: string): { type: 'plain_text'; text: string } => ({
  type: 'plain_text',
  text,
});

function modal(extra: Partial<ModalView> = {}): ModalView {
  const element = { type: 'plain_text_input' as const, action_id: 'reason' };
  return {
    type: 'modal',
    title: plain('Review fix'),
    submit: plain('Request'),
    blocks: [{ type: 'input', block_id: 'why', label: plain('Why'), element }],
    ...extra,
  };
}

async function trigger(workspace: Workspace): Promise<string> {
  return (await workspace.control.slash('ada', 'incidents', '/diag', 'list')).triggerId;
}

async function openModal(
  workspace: Workspace,
  client: WebClient,
  extra: Partial<ModalView> = {},
): Promise<{ id: string; hash: string }> {
  const opened = await client.views.open({
    trigger_id: await trigger(workspace),
    view: modal(extra),
  });
  return { id: opened.view?.id ?? '', hash: opened.view?.hash ?? '' };
}

test('a trigger opens one modal, in three seconds', async () => {
  const { workspace, client } = await openWorkspace({ triggerLifeMs: 150 });
  await openApp(workspace);
  const first = await trigger(workspace);
  await client.views.open({ trigger_id: first, view: modal() });
  const again = client.views.open({ trigger_id: first, view: modal() });
  expect(await errorOf(again)).toBe('exchanged_trigger_id');
  const late = await trigger(workspace);
  await new Promise((resolve) => setTimeout(resolve, 170));
  expect(await errorOf(client.views.open({ trigger_id: late, view: modal() }))).toBe(
    'expired_trigger_id',
  );
  const invented = client.views.open({ trigger_id: '1.2.3', view: modal() });
  expect(await errorOf(invented)).toBe('invalid_trigger_id');
});

const bad: readonly (readonly [string, object, string])[] = [
  ['a title of 25 characters', { title: plain('x'.repeat(25)) }, '/view/title/text'],
  ['a submit of 25 characters', { submit: plain('x'.repeat(25)) }, '/view/submit/text'],
  [
    'metadata of 3,001 characters',
    { private_metadata: 'x'.repeat(3001) },
    '/view/private_metadata',
  ],
  ['an input without submit', { submit: undefined }, '/view'],
  [
    'a table',
    { blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }] },
    '/view/blocks/0',
  ],
  [
    'a container',
    { blocks: [{ type: 'container', title: plain('x'), child_blocks: [{ type: 'divider' }] }] },
    '/view/blocks/0',
  ],
  [
    '101 blocks',
    { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
    '/view/blocks',
  ],
];

test.each(bad)('a modal with %s is refused', async (_what, extra, pointer) => {
  const { workspace, client } = await openWorkspace();
  await openApp(workspace);
  const args = { trigger_id: await trigger(workspace), view: { ...modal(), ...extra } };
  const refused = await refusalOf(client.apiCall('views.open', args));
  expect(refused['error']).toBe('invalid_arguments');
  expect(JSON.stringify(refused['response_metadata'])).toContain(`[json-pointer:${pointer}]`);
});

test('a submission carries what was filled in and what was there before', async () => {
  const { workspace, client } = await openWorkspace();
  const app = await openApp(workspace);
  const options = [
    { text: plain('Low'), value: 'low' },
    { text: plain('High'), value: 'high' },
  ];
  const { id } = await openModal(workspace, client, {
    private_metadata: 'plan-7',
    callback_id: 'fix.request',
    blocks: [
      {
        type: 'input',
        block_id: 'why',
        label: plain('Why'),
        element: { type: 'plain_text_input', action_id: 'reason' },
      },
      {
        type: 'input',
        block_id: 'how',
        label: plain('How'),
        element: {
          type: 'static_select',
          action_id: 'level',
          options,
          initial_option: options[1] ?? { text: plain('x'), value: 'x' },
        },
      },
      {
        type: 'input',
        block_id: 'what',
        optional: true,
        label: plain('What'),
        element: { type: 'checkboxes', action_id: 'boxes', options },
      },
    ],
  });
  const { control } = workspace;
  expect(await control.submitView('ada', id, {})).toMatchObject({
    error: 'input_required',
    errors: { why: expect.any(String) },
  });
  expect(await control.submitView('grace', id, { reason: 'x' })).toMatchObject({
    error: 'view_not_found',
  });
  expect(await control.submitView('ada', id, { reason: 'full', boxes: ['low'] })).toMatchObject({
    ok: true,
  });
  expect(app.payloads.at(-1)).toMatchObject({
    type: 'view_submission',
    view: {
      callback_id: 'fix.request',
      private_metadata: 'plan-7',
      state: {
        values: {
          why: { reason: { type: 'plain_text_input', value: 'full' } },
          how: { level: { selected_option: { value: 'high' } } },
          what: { boxes: { selected_options: [{ value: 'low' }] } },
        },
      },
    },
  });
  expect(control.views('ada')).toEqual([]);
});

test('the answer to a submission can show errors, another view, one more, or close all', async () => {
  const { workspace, client } = await openWorkspace();
  const app = await openApp(workspace);
  const { control } = workspace;
  const { id } = await openModal(workspace, client);
  app.answer = { response_action: 'errors', errors: { why: 'too short' } };
  expect(await control.submitView('ada', id, { why: 'x' })).toMatchObject({
    error: 'validation_errors',
    errors: { why: 'too short' },
  });
  app.answer = { response_action: 'errors', errors: { nowhere: 'x' } };
  expect(await control.submitView('ada', id, { why: 'x' })).toMatchObject({
    error: 'invalid_response',
  });
  app.answer = { response_action: 'update', view: modal({ title: plain('Second') }) };
  await control.submitView('ada', id, { why: 'x' });
  expect(control.views('ada')).toMatchObject([{ id, title: { text: 'Second' } }]);
  app.answer = { response_action: 'push', view: modal({ title: plain('On top') }) };
  const pushed = await control.submitView('ada', id, { why: 'x' });
  expect(control.views('ada')).toHaveLength(2);
  app.answer = { response_action: 'clear' };
  await control.submitView('ada', String(pushed.view?.['id']), { why: 'x' });
  expect(control.views('ada')).toEqual([]);
});

test('an update needs the current hash when it gives one', async () => {
  const { workspace, client } = await openWorkspace();
  await openApp(workspace);
  const { id, hash } = await openModal(workspace, client, { external_id: 'one' });
  await client.views.update({ view_id: id, hash, view: modal({ title: plain('New') }) });
  const stale = client.views.update({ view_id: id, hash, view: modal() });
  expect(await errorOf(stale)).toBe('hash_conflict');
  await client.views.update({ view_id: id, view: modal({ external_id: 'one' }) });
  await client.views.update({ external_id: 'one', view: modal() });
  await workspace.control.closeView('ada', id);
  expect(await errorOf(client.views.update({ view_id: id, view: modal() }))).toBe('not_found');
});

test('a third modal can be pushed, a fourth cannot', async () => {
  const { workspace, client } = await openWorkspace();
  const app = await openApp(workspace);
  const { control } = workspace;
  const action = { type: 'button' as const, action_id: 'more', text: plain('More') };
  const blocks: ModalView['blocks'] = [{ type: 'actions', elements: [action] }];
  await openModal(workspace, client, { blocks });
  const push = async (): Promise<unknown> => {
    const top = String(control.views('ada').at(-1)?.['id']);
    const { triggerId } = await control.clickInView('ada', top, { actionId: 'more' });
    return client.views.push({ trigger_id: triggerId, view: modal({ blocks }) });
  };
  await push();
  await push();
  expect(await errorOf(push())).toBe('push_limit_reached');
  expect(app.payloads.at(-1)).toMatchObject({ type: 'block_actions', container: { type: 'view' } });
});

test('closing tells the app when it asked for that', async () => {
  const { workspace, client } = await openWorkspace();
  const app = await openApp(workspace);
  const { id } = await openModal(workspace, client, { notify_on_close: true });
  await workspace.control.closeView('ada', id);
  expect(app.payloads.at(-1)).toMatchObject({ type: 'view_closed', view: { id } });
});

test('a home page is published for one person and can be clicked', async () => {
  const { workspace, client } = await openWorkspace();
  const app = await openApp(workspace);
  workspace.control.openHome('ada');
  await workspace.control.idle();
  expect(app.payloads).toMatchObject([{ event: { type: 'app_home_opened', user: 'U0ADA00001' } }]);
  const button = { type: 'button' as const, action_id: 'go', text: plain('Go') };
  await client.views.publish({
    user_id: 'U0ADA00001',
    view: { type: 'home', blocks: [{ type: 'actions', elements: [button] }] },
  });
  const home = workspace.control.home('ada');
  expect(
    await workspace.control.clickInView('ada', String(home?.['id']), { actionId: 'go' }),
  ).toMatchObject({ ok: true });
  expect(workspace.control.home('grace')).toBeNull();
});
