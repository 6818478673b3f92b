import { sanitise } from '../../../sanitise.ts';

/** Markup that is safe to put into a page: only what is made here is. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = Html | string | number | null | readonly (Html | null)[];

/** A template that escapes every text in it; what is from outside is redacted too. */
export type HtmlTag = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]) => Html;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attributes. Nothing invisible or reordering stays. */
export function escapeHtml(text: string): string {
  return sanitise(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

export function htmlTag(redact: (text: string) => string): HtmlTag {
  const write = (value: HtmlValue): string => {
    if (value === null) return '';
    if (value instanceof Html) return value.markup;
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string') return escapeHtml(redact(value));
    return value.map(write).join('');
  };
  return (parts, ...values) =>
    new Html(
      parts.map((part, n) => (n === 0 ? part : write(values[n - 1] ?? null) + part)).join(''),
    );
}

export const NOTHING = new Html('');

/** Characters of a file name in an archive: none of them means anything in an address. */
const FILE = /^files\/[A-Za-z0-9_][A-Za-z0-9._ +@-]*$/;

/** A link within the archive, or to a page elsewhere that is only opened by a click; null: neither. */
export function hrefOf(address: string): string | null {
  if (FILE.test(address)) return address.split('/').map(encodeURIComponent).join('/');
  return /^https:\/\/[A-Za-z0-9.-]+(:\d+)?(\/[^\s"'<>\\]*)?$/.test(address) ? address : null;
}
