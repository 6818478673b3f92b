import { expect, test } from 'vitest';
import { openWorkspace, refusalOf } from './open-workspace.ts';
import { openApp } from './raw-app.ts';

const ADA = 'U0ADA00001';
const plain = (text: string) => ({ type: 'plain_text', text });

const refused: readonly (readonly [string, object])[] = [
  ['an alert', { type: 'alert', text: plain('x') }],
  ['a container', { type: 'container', title: plain('x'), child_blocks: [{ type: 'divider' }] }],
  ['context actions', { type: 'context_actions', elements: [] }],
  ['a chart', { type: 'data_visualization', title: 'x', chart: {} }],
  ['markdown', { type: 'markdown', text: 'x' }],
  ['a plan', { type: 'plan', title: 'x' }],
  ['a task card', { type: 'task_card', task_id: '1', title: 'x', status: 'complete' }],
  ['a header of 151 characters', { type: 'header', text: plain('x'.repeat(151)) }],
];

test.each(refused)('a home page with %s is refused', async (_what, block) => {
  const { client } = await openWorkspace();
  const view = { type: 'home', blocks: [block] };
  const answer = await refusalOf(client.apiCall('views.publish', { user_id: ADA, view }));
  expect(answer['error']).toBe('invalid_arguments');
  expect(JSON.stringify(answer['response_metadata'])).toContain('[json-pointer:/view/blocks/0');
});

test('a home page takes tables, inputs and a hundred blocks, and no more', async () => {
  const { client, workspace } = await openWorkspace();
  const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] };
  const publish = (blocks: object[]) =>
    client.apiCall('views.publish', { user_id: ADA, view: { type: 'home', blocks } });
  await publish([table, ...Array.from({ length: 99 }, () => ({ type: 'divider' }))]);
  expect(workspace.control.home('ada')?.['blocks']).toHaveLength(100);
  const many = Array.from({ length: 101 }, () => ({ type: 'divider' }));
  expect(await refusalOf(publish(many))).toMatchObject({ error: 'invalid_arguments' });
});

test('whoever opens it is told with their direct messages and what they saw before', async () => {
  const { workspace, client } = await openWorkspace();
  const app = await openApp(workspace);
  workspace.control.openHome('ada');
  await workspace.control.idle();
  const { channel } = await client.conversations.open({ users: ADA });
  expect(app.payloads.at(-1)).toMatchObject({
    event: { type: 'app_home_opened', tab: 'home', user: ADA, channel: channel?.id },
  });
  expect(app.payloads.at(-1)).not.toHaveProperty('event.view');
  const blocks = [{ type: 'divider' as const }];
  await client.views.publish({ user_id: ADA, view: { type: 'home', blocks } });
  workspace.control.openHome('ada');
  await workspace.control.idle();
  expect(app.payloads.at(-1)).toMatchObject({ event: { view: { type: 'home', blocks } } });
});

test('a person is chosen in a modal, or stays who stood there', async () => {
  const { workspace, client } = await openWorkspace();
  const app = await openApp(workspace);
  const { control } = workspace;
  const open = async (): Promise<string> => {
    const { triggerId } = await control.slash('ada', 'incidents', '/diag', 'list');
    const element = { type: 'users_select' as const, action_id: 'user', initial_user: ADA };
    const { view } = await client.views.open({
      trigger_id: triggerId,
      view: {
        type: 'modal',
        title: { type: 'plain_text', text: 'Roles' },
        submit: { type: 'plain_text', text: 'Assign' },
        blocks: [
          { type: 'input', block_id: 'who', label: { type: 'plain_text', text: 'Who' }, element },
        ],
      },
    });
    return view?.id ?? '';
  };
  const chosen = (user: string) => ({
    view: { state: { values: { who: { user: { type: 'users_select', selected_user: user } } } } },
  });
  await control.submitView('ada', await open(), {});
  expect(app.payloads.at(-1)).toMatchObject(chosen(ADA));
  await control.submitView('ada', await open(), { user: 'U0GRACE001' });
  expect(app.payloads.at(-1)).toMatchObject(chosen('U0GRACE001'));
});
