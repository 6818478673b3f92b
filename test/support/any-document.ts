import * as fc from 'fast-check';
import type {
  Action,
  ActionId,
  Block,
  Document,
  Form,
  Inline,
} from '../../src/core/document/document.ts';

/** What hosts and alerts can put into a text, markup of Slack above all. */
const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '\u200b',
    '\u0000',
    '\ud83d',
    '*b*',
    '`c`',
    '```',
    '~s~',
    ':fire:',
  ),
  fc.constantFrom(
    '<!channel>',
    '<@U123>',
    '<http://x|y>',
    '&lt;',
    '&',
    '<',
    '>',
    '\u001b[31m',
    '|',
  ),
);
const anyText = fc.oneof(
  { weight: 30, arbitrary: fc.array(nastyText, { maxLength: 6 }).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(nastyText, fc.constantFrom(50, 500, 3_000))
      .map(([text, times]) => text.repeat(times).slice(0, 8_000)),
  },
);

const anyId = fc.oneof(fc.constantFrom('U0ADA', 'S0ONCALL', 'C0GENERAL', 'W1'), anyText);
const anyLink = fc.oneof(
  fc.constantFrom('https://example.org/a b', 'javascript:alert(1)', 'http://a@b.org', 'nonsense'),
  anyText,
  anyText.map((text) => `https://example.org/${text}`),
);
const anyInline: fc.Arbitrary<Inline> = fc.oneof(
  anyText,
  fc.record({ text: anyText, style: fc.constantFrom('bold', 'italic', 'code') }),
  fc.record({ user: anyId }),
  fc.record({ group: anyId }),
  fc.record({ channel: anyId }),
  fc.record({ link: anyLink, text: anyText }),
);
const anyContent = fc.array(anyInline, { maxLength: 14 });

const ids: readonly ActionId[] = [
  'fix.review',
  'fix.approve',
  'fix.deny',
  'next.run',
  'run.cancel',
];
const anyAction: fc.Arbitrary<Action> = fc.record(
  {
    action: fc.constantFrom(...ids),
    label: anyText,
    value: fc.oneof(anyText, fc.constant('v'.repeat(2_000))),
    style: fc.constantFrom('primary', 'danger'),
    confirm: fc.record({ title: anyText, text: anyText, button: anyText }),
  },
  { requiredKeys: ['action', 'label', 'value'] },
);

const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('heading' as const), text: anyText }),
  fc.record({ kind: fc.constant('paragraph' as const), content: anyContent }),
  fc.record({
    kind: fc.constant('list' as const),
    items: fc.oneof(
      fc.array(anyContent, { maxLength: 8 }),
      fc.integer({ min: 100, max: 500 }).map((n) => Array.from({ length: n }, () => ['x'])),
    ),
  }),
  fc.record({
    kind: fc.constant('fields' as const),
    items: fc.array(fc.record({ label: anyText, value: anyText }), { maxLength: 15 }),
  }),
  fc.record(
    { kind: fc.constant('preformatted' as const), text: anyText, title: anyText },
    { requiredKeys: ['kind', 'text'] },
  ),
  fc.record({
    kind: fc.constant('table' as const),
    header: fc.array(anyText, { maxLength: 25 }),
    rows: fc.oneof(
      fc.array(fc.array(anyText, { maxLength: 25 }), { maxLength: 12 }),
      fc.integer({ min: 50, max: 150 }).map((n) => Array.from({ length: n }, () => ['a', 'b'])),
    ),
  }),
  fc.record({ kind: fc.constant('context' as const), content: anyContent }),
  fc.record({
    kind: fc.constant('actions' as const),
    actions: fc.array(anyAction, { maxLength: 30 }),
  }),
  fc.record({ kind: fc.constant('divider' as const) }),
);

/** Any document, large and hostile ones above all. */
export const anyDocument: fc.Arbitrary<Document> = fc.record(
  {
    summary: anyText,
    status: fc.constantFrom('ok', 'warning', 'critical', 'unknown'),
    blocks: fc.oneof(
      fc.array(anyBlock, { maxLength: 8 }),
      fc.array(anyBlock, { minLength: 30, maxLength: 55 }),
    ),
  },
  { requiredKeys: ['summary', 'blocks'] },
);

export const anyForm: fc.Arbitrary<Form> = fc.record(
  {
    id: fc.constantFrom('fix.request', 'x'.repeat(300)),
    title: anyText,
    blocks: fc.array(anyBlock, { maxLength: 60 }),
    inputs: fc.array(
      fc.record(
        {
          id: fc.constantFrom('loss', 'reason', '', 'x'.repeat(300)),
          label: anyText,
          hint: anyText,
          multiline: fc.boolean(),
          optional: fc.boolean(),
          options: fc.array(fc.record({ value: anyText, label: anyText }), { maxLength: 120 }),
          person: fc.boolean(),
          initial: fc.oneof(anyText, anyId),
        },
        { requiredKeys: ['id', 'label'] },
      ),
      { maxLength: 4 },
    ),
    submit: anyText,
    metadata: anyText.map((text) => text.slice(0, 3_000)),
  },
  { requiredKeys: ['id', 'title', 'blocks', 'inputs', 'metadata'] },
);
