import { expect, test } from 'vitest';
import { errorOf, openWorkspace, refusalOf } from './open-workspace.ts';

const text = (length: number, type = 'mrkdwn'): unknown => ({ type, text: 'x'.repeat(length) });
const plain = (length: number): unknown => text(length, 'plain_text');
const many = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item);
const option = (value: string, length = 5): unknown => ({ text: plain(length), value });
const button = (extra: object = {}): unknown => ({ type: 'button', text: plain(5), ...extra });
const actions = (...elements: unknown[]): unknown => ({ type: 'actions', elements });
const rich = (...elements: unknown[]): unknown => ({ type: 'rich_text', elements });
const cell = (value = 'a'): unknown => ({ type: 'raw_text', text: value });
const select = (options: unknown[], extra: object = {}): unknown =>
  actions({ type: 'static_select', options, ...extra });
const pre = (inline: unknown): unknown =>
  rich({ type: 'rich_text_preformatted', elements: [inline] });

/** What is still good, then what is one too many and where Slack would point. */
const LIMITS: readonly (readonly [string, unknown, unknown, string])[] = [
  [
    'section text',
    { type: 'section', text: text(3000) },
    { type: 'section', text: text(3001) },
    '/blocks/0/text/text',
  ],
  [
    'empty text',
    { type: 'section', text: text(1) },
    { type: 'section', text: text(0) },
    '/blocks/0/text/text',
  ],
  [
    'section fields',
    { type: 'section', fields: many(10, text(5)) },
    { type: 'section', fields: many(11, text(5)) },
    '/blocks/0/fields',
  ],
  [
    'a field',
    { type: 'section', fields: [text(2000)] },
    { type: 'section', fields: [text(2001)] },
    '/blocks/0/fields/0/text',
  ],
  [
    'a section without anything',
    { type: 'section', text: text(1) },
    { type: 'section' },
    '/blocks/0',
  ],
  [
    'header',
    { type: 'header', text: plain(150) },
    { type: 'header', text: plain(151) },
    '/blocks/0/text/text',
  ],
  [
    'a header in mrkdwn',
    { type: 'header', text: plain(5) },
    { type: 'header', text: text(5) },
    '/blocks/0/text/type',
  ],
  [
    'context',
    { type: 'context', elements: many(10, text(5)) },
    { type: 'context', elements: many(11, text(5)) },
    '/blocks/0/elements',
  ],
  [
    'an empty context',
    { type: 'context', elements: [text(5)] },
    { type: 'context', elements: [] },
    '/blocks/0/elements',
  ],
  ['actions', actions(...many(25, button())), actions(...many(26, button())), '/blocks/0/elements'],
  [
    'button text',
    actions(button({ text: plain(75) })),
    actions(button({ text: plain(76) })),
    '/blocks/0/elements/0/text/text',
  ],
  [
    'button value',
    actions(button({ value: 'v'.repeat(2000) })),
    actions(button({ value: 'v'.repeat(2001) })),
    '/blocks/0/elements/0/value',
  ],
  [
    'button style',
    actions(button({ style: 'danger' })),
    actions(button({ style: 'red' })),
    '/blocks/0/elements/0/style',
  ],
  [
    'button url',
    actions(button({ url: 'https://x.example' })),
    actions(button({ url: 'nowhere' })),
    '/blocks/0/elements/0/url',
  ],
  [
    'confirm text',
    actions(button({ confirm: { text: plain(300) } })),
    actions(button({ confirm: { text: plain(301) } })),
    '/blocks/0/elements/0/confirm/text/text',
  ],
  [
    'confirm button',
    actions(button({ confirm: { text: plain(3), confirm: plain(30) } })),
    actions(button({ confirm: { text: plain(3), confirm: plain(31) } })),
    '/blocks/0/elements/0/confirm/confirm/text',
  ],
  [
    'action_id',
    actions(button({ action_id: 'a'.repeat(255) })),
    actions(button({ action_id: 'a'.repeat(256) })),
    '/blocks/0/elements/0/action_id',
  ],
  [
    'equal action ids',
    actions(button({ action_id: 'a' }), button({ action_id: 'b' })),
    actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
    '/blocks/0/elements/1/action_id',
  ],
  [
    'block_id',
    { type: 'divider', block_id: 'b'.repeat(255) },
    { type: 'divider', block_id: 'b'.repeat(256) },
    '/blocks/0/block_id',
  ],
  [
    'option text',
    select([option('a', 75)]),
    select([option('a', 76)]),
    '/blocks/0/elements/0/options/0/text/text',
  ],
  [
    'option value',
    select([option('v'.repeat(75))]),
    select([option('v'.repeat(76))]),
    '/blocks/0/elements/0/options/0/value',
  ],
  [
    'equal option values',
    select([option('a'), option('b')]),
    select([option('a'), option('a')]),
    '/blocks/0/elements/0/options/1/value',
  ],
  [
    'a foreign initial option',
    select([option('a')], { initial_option: option('a') }),
    select([option('a')], { initial_option: option('b') }),
    '/blocks/0/elements/0/initial_option',
  ],
  [
    'overflow',
    actions({ type: 'overflow', options: [1, 2, 3, 4, 5].map((n) => option(`${n}`)) }),
    actions({ type: 'overflow', options: [1, 2, 3, 4, 5, 6].map((n) => option(`${n}`)) }),
    '/blocks/0/elements/0/options',
  ],
  [
    'an image needs words',
    { type: 'image', image_url: 'https://x.example/a.png', alt_text: 'a' },
    { type: 'image', image_url: 'https://x.example/a.png' },
    '/blocks/0',
  ],
  [
    'preformatted text',
    pre({ type: 'text', text: 'ls' }),
    pre({ type: 'emoji', name: 'wave' }),
    '/blocks/0/elements/0/elements/0',
  ],
  [
    'empty rich text',
    pre({ type: 'text', text: 'x' }),
    pre({ type: 'text', text: '' }),
    '/blocks/0/elements/0/elements/0/text',
  ],
  [
    'a list in rich text',
    rich({
      type: 'rich_text_list',
      style: 'bullet',
      elements: [{ type: 'rich_text_section', elements: [] }],
    }),
    rich({ type: 'rich_text_list', elements: [{ type: 'rich_text_section', elements: [] }] }),
    '/blocks/0/elements/0',
  ],
  [
    'table rows',
    { type: 'table', rows: many(100, [cell()]) },
    { type: 'table', rows: many(101, [cell()]) },
    '/blocks/0/rows',
  ],
  [
    'table cells',
    { type: 'table', rows: [many(20, cell())] },
    { type: 'table', rows: [many(21, cell())] },
    '/blocks/0/rows/0',
  ],
  [
    'data table without caption',
    { type: 'data_table', caption: 'c', rows: [[cell()], [cell()]] },
    { type: 'data_table', rows: [[cell()], [cell()]] },
    '/blocks/0',
  ],
  [
    'uneven data table',
    { type: 'data_table', caption: 'c', rows: [[cell()], [cell()]] },
    { type: 'data_table', caption: 'c', rows: [[cell()], [cell(), cell()]] },
    '/blocks/0/rows/1',
  ],
  [
    'container children',
    { type: 'container', title: plain(3), child_blocks: many(10, { type: 'divider' }) },
    { type: 'container', title: plain(3), child_blocks: many(11, { type: 'divider' }) },
    '/blocks/0/child_blocks',
  ],
  ['an unknown field', { type: 'divider' }, { type: 'divider', colour: 'red' }, '/blocks/0'],
  ['an unknown block', { type: 'divider' }, { type: 'constructor' }, '/blocks/0'],
  ['a block of modals', { type: 'divider' }, { type: 'alert', text: plain(3) }, '/blocks/0'],
];

test.each(LIMITS)(
  '%s: the limit passes and one more is invalid_blocks',
  async (_what, good, bad, pointer) => {
    const { client } = await openWorkspace();
    const post = (block: unknown): Promise<unknown> =>
      client.apiCall('chat.postMessage', { channel: 'C0INCIDENT', text: 't', blocks: [block] });
    await post(good);
    const refused = await refusalOf(post(bad));
    expect(refused['error']).toBe('invalid_blocks');
    expect(JSON.stringify(refused['response_metadata'])).toContain(`[json-pointer:${pointer}]`);
  },
);

async function postError(blocks: unknown): Promise<unknown> {
  const { client } = await openWorkspace();
  return errorOf(client.apiCall('chat.postMessage', { channel: 'C0INCIDENT', text: 't', blocks }));
}

test('a message holds 50 blocks', async () => {
  const { client } = await openWorkspace();
  const blocks = many(50, { type: 'divider' });
  await client.apiCall('chat.postMessage', { channel: 'C0INCIDENT', text: 't', blocks });
  expect(await postError([...blocks, { type: 'divider' }])).toBe('invalid_blocks');
});

test('all blocks together hold 12,000 characters, although each is small enough', async () => {
  const { client } = await openWorkspace();
  const blocks = many(4, { type: 'section', text: text(3000) });
  await client.apiCall('chat.postMessage', { channel: 'C0INCIDENT', text: 't', blocks });
  const more = [...blocks, { type: 'section', text: text(1) }];
  expect(await postError(more)).toBe('msg_blocks_too_long');
  const update = await client.chat.postMessage({ channel: 'C0INCIDENT', text: 't' });
  const change = client.apiCall('chat.update', {
    channel: 'C0INCIDENT',
    ts: update.ts,
    text: 't',
    blocks: more,
  });
  expect(await errorOf(change)).toBe('msg_blocks_too_long');
});

test('a message holds one table, counting those in containers', async () => {
  const table = { type: 'table', rows: [[cell()]] };
  const folded = { type: 'container', title: plain(3), child_blocks: [table] };
  expect(await postError([table, folded])).toBe('invalid_attachments');
});

test('two blocks cannot have the same block_id', async () => {
  const block = { type: 'divider', block_id: 'same' };
  expect(await postError([block, block])).toBe('invalid_blocks');
});

test('blocks that are no list are invalid_blocks_format', async () => {
  expect(await postError('{"type":"divider"}')).toBe('invalid_blocks_format');
  expect(await postError('[{not json')).toBe('invalid_blocks_format');
});

test('blocks and actions without an id are given one', async () => {
  const { workspace, client } = await openWorkspace();
  const blocks = [actions(button())];
  await client.apiCall('chat.postMessage', { channel: 'C0INCIDENT', text: 't', blocks });
  const [block] = workspace.control.messages('incidents')[0]?.blocks ?? [];
  expect(block).toMatchObject({
    block_id: expect.stringMatching(/^\w{5}$/),
    elements: [{ action_id: expect.stringMatching(/^\w{5}$/) }],
  });
});
