/** What a person reads in Block Kit, as plain lines: for the terminal. */
interface Readable {
  readonly text?: string;
  readonly blocks?: readonly unknown[];
}

type Json = Readonly<Record<string, unknown>>;

/** Every text of a message, one line per block; buttons in brackets. */
export function textOf(message: Readable): string {
  const blocks = message.blocks ?? [];
  return blocks.length === 0 ? (message.text ?? '') : blocks.map(blockText).join('\n');
}

export function formText(view: Json): string {
  return textOf({ blocks: (view['blocks'] ?? []) as readonly unknown[] });
}

export function buttonsOf(message: Readable): { action: string; value: string }[] {
  return (message.blocks ?? []).flatMap((block) =>
    list(block, 'elements')
      .filter((element) => element['type'] === 'button')
      .map((element) => ({
        action: inner(element['action_id']),
        value: inner(element['value']),
      })),
  );
}

function blockText(block: unknown): string {
  if (typeof block !== 'object' || block === null) return '';
  const json = block as Json;
  if (json['type'] === 'button') return `[${inner(json['text'])}]`;
  if (json['type'] === 'user') return `@${String(json['user_id'])}`;
  if (json['type'] === 'usergroup') return `@${String(json['usergroup_id'])}`;
  if (json['type'] === 'channel') return `#${String(json['channel_id'])}`;
  const own = ['title', 'text', 'label'].map((key) => inner(json[key])).join('');
  const parts = ['elements', 'fields', 'rows'].flatMap((key) =>
    Array.isArray(json[key]) ? (json[key] as unknown[]).map(cell) : [],
  );
  const lines = json['type'] === 'rich_text_list' || json['type'] === 'table' ? '\n' : joint(json);
  return own + parts.join(lines);
}

function joint(json: Json): string {
  return json['type'] === 'rich_text' ? '\n' : json['type'] === 'rich_text_section' ? '' : '  ';
}

function cell(part: unknown): string {
  return Array.isArray(part) ? part.map(blockText).join(' | ') : blockText(part);
}

function inner(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? blockText(value) : '';
}

function list(block: unknown, key: string): Json[] {
  const value = typeof block === 'object' && block !== null ? (block as Json)[key] : undefined;
  return Array.isArray(value) ? (value as Json[]) : [];
}
