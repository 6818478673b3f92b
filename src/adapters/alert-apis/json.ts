/** Readers of a vendor's JSON: whatever is not as expected is empty, never an error. */

const LINE = 1_000;
const MAX_ENTRIES = 100;

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Numbers and truth values as texts too. */
export function textOf(value: unknown, max = LINE): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value.slice(0, max).trim() : '';
}

/** Flat texts of a map: what could be a label. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsOf(value)).slice(0, MAX_ENTRIES);
  return Object.fromEntries(
    entries.flatMap(([key, one]) => {
      const text = textOf(Array.isArray(one) ? one.map((part) => textOf(part)).join(',') : one);
      return text === '' || key.length > LINE ? [] : [[key, text] as const];
    }),
  );
}

/** For titles and names: white space and line breaks become one space. */
export function lineOf(value: unknown): string {
  return textOf(value).replace(/\s+/g, ' ');
}

export function firstText(...texts: readonly string[]): string {
  return texts.find((text) => text !== '') ?? '';
}

/** Keys under which senders name a host, best first; case does not count. */
const HOST_KEYS = ['host', 'hostname', 'instance', 'node', 'nodename', 'hosts'];
const MAX_HINTS = 200;

/** Names that may be hosts: they are only ever looked up in the inventory. */
export function hostHints(
  first: readonly string[],
  labels: Readonly<Record<string, string>>,
): readonly string[] {
  const byKey = new Map(Object.entries(labels).map(([key, value]) => [key.toLowerCase(), value]));
  const values = [...first, ...HOST_KEYS.map((key) => byKey.get(key) ?? '')];
  const names = values.flatMap((value) => value.split(/[\s,;]+/)).filter((name) => name !== '');
  return [...new Set(names)].slice(0, MAX_HINTS);
}

/** ISO 8601; the beginning of time when there is none to read. */
export function timeOf(value: unknown): string {
  const ms = Date.parse(textOf(value));
  return new Date(Number.isNaN(ms) ? 0 : ms).toISOString();
}

/** A link that may be shown. */
export function linkOf(text: string): { readonly url?: string } {
  return /^https?:\/\/[^\s<>"|]+$/.test(text) ? { url: text } : {};
}
