import { describe, expect, it } from 'vitest';
import { renderDocument } from '../../../src/adapters/slack/render/render-document.ts';
import { renderForm } from '../../../src/adapters/slack/render/render-form.ts';
import { escapeMarkup, markupLine, splitText } from '../../../src/adapters/slack/render/text.ts';
import type { Action, Block, Document } from '../../../src/core/document/document.ts';

const blocksOf = (document: Partial<Document>) =>
  renderDocument({ summary: 'disk is full', blocks: [], ...document }).messages[0]?.blocks;

const text = (value: string, style?: Record<string, true>) => ({
  type: 'text',
  text: value,
  ...(style && { style }),
});
const section = (...elements: unknown[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const action = (id: Action['action'], value: string): Action => ({
  action: id,
  label: id,
  value,
});

describe('a document', () => {
  it('names who did it, in the notification too, and never parses what is no id', () => {
    const said = (user: string) =>
      renderDocument({ summary: 'closed <!here>', by: { user }, blocks: [] }).messages[0];
    expect(said('UADA00001')).toEqual({
      text: '<@UADA00001> closed &lt;!here&gt;',
      blocks: [section({ type: 'user', user_id: 'UADA00001' }, text(' closed <!here>'))],
    });
    expect(said('U1> <!here')?.text).toBe('closed &lt;!here&gt;');
  });

  it('begins with the status as a colour and a word, then the summary', () => {
    const { messages } = renderDocument({
      summary: 'disk is full',
      status: 'critical',
      blocks: [],
    });
    expect(messages).toEqual([
      {
        text: '🔴 critical: disk is full',
        blocks: [
          section(text('🔴 critical  ', { bold: true }), text('disk is full', { bold: true })),
        ],
      },
    ]);
  });

  it('does not say the summary twice when its first block says it', () => {
    const blocks: Block[] = [
      { kind: 'paragraph', content: [{ text: 'disk is full', style: 'bold' }, ': on host-17'] },
    ];
    expect(blocksOf({ status: 'ok', blocks })).toEqual([
      section(
        text('🟢 ok  ', { bold: true }),
        text('disk is full', { bold: true }),
        text(': on host-17'),
      ),
    ]);
    expect(blocksOf({ blocks: [{ kind: 'heading', text: 'disk is full' }] })).toEqual([
      { type: 'header', text: { type: 'plain_text', text: 'disk is full', emoji: false } },
    ]);
  });

  it('sends typed inlines as typed elements and everything else as text', () => {
    const blocks: Block[] = [
      {
        kind: 'paragraph',
        content: [
          '<!channel> *x* ',
          { user: 'U0ADA' },
          { user: '<!here>' },
          { group: 'S0ONCALL' },
          { channel: 'C0OPS' },
          { link: 'https://example.org/a', text: 'runbook' },
          { link: 'javascript:alert(1)', text: 'trap' },
        ],
      },
    ];
    expect(blocksOf({ blocks })?.[1]).toEqual(
      section(
        text('<!channel> *x* '),
        { type: 'user', user_id: 'U0ADA' },
        text('@<!here>'),
        { type: 'usergroup', usergroup_id: 'S0ONCALL' },
        { type: 'channel', channel_id: 'C0OPS' },
        { type: 'link', url: 'https://example.org/a', text: 'runbook' },
        text('trap'),
      ),
    );
  });

  it('puts raw output into preformatted text, unescaped because nothing is parsed there', () => {
    const blocks: Block[] = [
      { kind: 'preformatted', title: '$ df', text: '```<!channel> a && b\u001b[31m\n\n' },
    ];
    expect(blocksOf({ blocks })?.[1]).toEqual({
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [text('$ df', { bold: true })] },
        { type: 'rich_text_preformatted', elements: [text('```<!channel> a && b')] },
      ],
    });
  });

  it('gives two buttons of one id rows of their own', () => {
    const actions = [action('fix.review', '1'), action('next.run', 'n'), action('fix.review', '2')];
    const rows = blocksOf({ blocks: [{ kind: 'actions', actions }] })?.slice(1);
    expect(rows).toMatchObject([
      {
        elements: [
          { action_id: 'fix.review', value: '1' },
          { action_id: 'next.run', value: 'n' },
        ],
      },
      { elements: [{ action_id: 'fix.review', value: '2' }] },
    ]);
  });

  it('says that a button cannot be one when its value is too long', () => {
    const actions = [action('fix.review', 'x'.repeat(2_001))];
    const blocks = blocksOf({ blocks: [{ kind: 'actions', actions }] });
    expect(JSON.stringify(blocks)).toContain('cannot be a button: its value has 2001 characters');
    expect(JSON.stringify(blocks)).not.toContain('action_id');
  });

  it('shows the first table as a table and a second one in fixed width', () => {
    const table: Block = {
      kind: 'table',
      header: ['Host', 'Verdict'],
      rows: [['web-1', ''], ['h']],
    };
    const [, first, second] = blocksOf({ blocks: [table, table] }) ?? [];
    expect(first).toMatchObject({ type: 'table', rows: { length: 3 } });
    expect(JSON.stringify(second)).toContain('Host   Verdict\\nweb-1  –\\nh      –');
  });

  it('continues in the thread without losing a line, and says how much', () => {
    const lines = Array.from({ length: 3_000 }, (_, n) => `line ${n} of the output`);
    const { messages } = renderDocument({
      summary: 'long',
      blocks: [
        { kind: 'preformatted', text: lines.join('\n') },
        { kind: 'actions', actions: [action('fix.approve', 'v')] },
      ],
    });
    expect(messages.length).toBeGreaterThan(5);
    const shown = messages.flatMap(({ blocks }) => preformatted(blocks));
    expect(shown.join('\n').split('\n')).toEqual(lines);
    const first = JSON.stringify(messages[0]?.blocks);
    const missing =
      lines.length -
      preformatted(messages[0]?.blocks ?? [])
        .join('\n')
        .split('\n').length;
    expect(first).toContain(`… ${missing} more lines in the thread`);
    expect(first).toContain('fix.approve');
    expect(messages[1]?.text).toBe(`long (2 of ${messages.length})`);
  });

  it('stops after twenty messages and says what is left out', () => {
    const lines = 'x'.repeat(99).concat('\n').repeat(5_000);
    const { messages } = renderDocument({
      summary: 'endless',
      blocks: [{ kind: 'preformatted', text: lines }],
    });
    expect(messages).toHaveLength(20);
    expect(JSON.stringify(messages[19]?.blocks)).toMatch(/… \d+ more lines left out/);
  });

  it('keeps a heading with what follows it', () => {
    const filler: Block = { kind: 'preformatted', text: 'x'.repeat(2_900) };
    const { messages } = renderDocument({
      summary: 's',
      blocks: [filler, filler, filler, { kind: 'heading', text: 'Next' }, filler],
    });
    expect(JSON.stringify(messages[0]?.blocks)).not.toContain('Next');
    expect(messages[1]?.blocks[0]).toMatchObject({ type: 'header' });
  });

  it('mentions people in small print without parsing any text', () => {
    const content = ['asked by *me* <!here> ', { user: 'U0ADA' }];
    expect(blocksOf({ blocks: [{ kind: 'context', content }] })?.[1]).toEqual({
      type: 'context',
      elements: [
        { type: 'plain_text', text: 'asked by *me* <!here>', emoji: false },
        { type: 'mrkdwn', text: '<@U0ADA>' },
      ],
    });
  });

  it('shows something even when all of its text is invisible', () => {
    const block: Block = { kind: 'paragraph', content: ['\u200b'] };
    const [message] = renderDocument({ summary: '\u200b', blocks: [block] }).messages;
    expect(message?.blocks).toHaveLength(1);
  });

  it('escapes the notification text', () => {
    const { messages } = renderDocument({ summary: '<!channel> & <x>', blocks: [] });
    expect(messages[0]?.text).toBe('&lt;!channel&gt; &amp; &lt;x&gt;');
  });
});

describe('a form', () => {
  const form = {
    id: 'fix.request',
    title: 'Review a fix with a very long title',
    blocks: [{ kind: 'paragraph', content: ['What would run'] }],
    inputs: [{ id: 'loss', label: 'Type: I accept the loss', multiline: true }],
    metadata: 'm',
  } as const;

  it('is a modal with its inputs and its metadata', () => {
    expect(renderForm({ ...form, submit: 'Request' })).toMatchObject({
      type: 'modal',
      callback_id: 'fix.request',
      title: { text: 'Review a fix with a ver…' },
      submit: { text: 'Request' },
      private_metadata: 'm',
      blocks: [
        { type: 'rich_text' },
        { type: 'input', block_id: 'loss', element: { action_id: 'loss', multiline: true } },
      ],
    });
  });

  it('only shows when there is nothing to submit', () => {
    const view = renderForm(form);
    expect(view).not.toHaveProperty('submit');
    expect(view.blocks).toHaveLength(1);
  });

  it('offers a short list and a choice of people, with what stands there now', () => {
    const options = [
      { value: 'SEV1', label: 'SEV1' },
      { value: 'SEV2', label: 'SEV2' },
    ];
    const inputs = [
      { id: 'severity', label: 'Severity', options, initial: 'SEV2' },
      { id: 'user', label: 'Who', person: true, initial: 'UADA00001' },
      { id: 'text', label: 'What', initial: 'we look' },
    ];
    const elements = renderForm({ ...form, inputs, submit: 'Change' }).blocks.slice(1);
    expect(elements).toMatchObject([
      { element: { type: 'static_select', initial_option: { value: 'SEV2' } } },
      { element: { type: 'users_select', initial_user: 'UADA00001' } },
      { element: { type: 'plain_text_input', initial_value: 'we look' } },
    ]);
  });

  it('offers no option whose value would have to be cut, and starts with none that is not there', () => {
    const options = [
      { value: 'x'.repeat(76), label: 'long' },
      { value: 'a', label: 'a' },
    ];
    const inputs = [{ id: 'one', label: 'One', options, initial: 'b' }];
    const [, input] = renderForm({ ...form, inputs, submit: 'Change' }).blocks;
    expect(input).toMatchObject({ element: { options: [{ value: 'a' }] } });
    expect(JSON.stringify(input)).not.toContain('initial');
  });

  it('refuses metadata that would have to be cut', () => {
    expect(() => renderForm({ ...form, metadata: 'x'.repeat(3_001) })).toThrow(RangeError);
  });

  it('says how much of a long plan it cannot show', () => {
    const blocks: Block[] = Array.from({ length: 150 }, () => ({
      kind: 'paragraph',
      content: ['x'],
    }));
    const view = renderForm({ ...form, blocks, submit: 'Request' });
    expect(view.blocks).toHaveLength(100);
    expect(JSON.stringify(view.blocks)).toContain('… 52 more lines do not fit here');
  });
});

describe('text', () => {
  it('is escaped after it is cut, so that no entity is torn', () => {
    expect(escapeMarkup('a<b>&c')).toBe('a&lt;b&gt;&amp;c');
    const line = markupLine('&'.repeat(4_000), 3_000);
    expect(line.length).toBeLessThanOrEqual(3_000);
    expect(line.replaceAll('&amp;', '')).toBe('…');
  });

  it('is split at line ends, else anywhere but inside a character', () => {
    expect(splitText('aa\nbb\ncc', 5)).toEqual(['aa\nbb', 'cc']);
    expect(splitText('🔴🔴🔴', 3)).toEqual(['🔴', '🔴', '🔴']);
    expect(splitText('', 5)).toEqual([]);
  });
});

function preformatted(blocks: readonly object[]): string[] {
  return [
    ...JSON.stringify(blocks).matchAll(/"rich_text_preformatted","elements":\[(\{.*?\})\]/g),
  ].map(([, element]) => (JSON.parse(element ?? '{}') as { text: string }).text);
}
