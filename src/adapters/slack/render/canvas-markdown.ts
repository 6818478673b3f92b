import type { Block, Document, Inline } from '../../../core/document/document.ts';
import { mdLine } from '../../../core/incident/archive/markdown.ts';

/** Slack takes 1,048,576; a page that somebody reads is never near this. */
const MOST_CHARACTERS = 50_000;

/**
 * A document as ONE paragraph of canvas Markdown. One, because what Slack replaces by its id is one
 * block, and ours must go as a whole and take nothing else with it. Its lines end in hard breaks. Every
 * text is escaped: nothing in it is a heading, a link or a mention; people are named, not mentioned.
 */
export function canvasMarkdown(document: Document, nameOf: (user: string) => string): string {
  const lines = document.blocks.flatMap((block) => linesOf(block, nameOf));
  // The last one holds the words by which the paragraph is found again.
  const [last = ''] = lines.slice(-1);
  let length = last.length;
  const fitting = lines.slice(0, -1).filter((one) => {
    length += one.length + 3;
    return length <= MOST_CHARACTERS;
  });
  return [...fitting, last].join('  \n');
}

/** The people that a document speaks of: their names are needed to render it. */
export function peopleIn(document: Document): readonly string[] {
  const inlines = document.blocks.flatMap((block): readonly Inline[] => {
    if (block.kind === 'list') return block.items.flat();
    return block.kind === 'paragraph' || block.kind === 'context' ? block.content : [];
  });
  const users = inlines.flatMap((inline) =>
    typeof inline !== 'string' && 'user' in inline ? [inline.user] : [],
  );
  return [...new Set(users)];
}

type NameOf = (user: string) => string;

function linesOf(block: Block, nameOf: NameOf): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [`**${words(block.text)}**`];
    case 'paragraph':
    case 'context':
      return [line(block.content, nameOf)];
    case 'list':
      return block.items.map((item) => `• ${line(item, nameOf)}`);
    case 'fields':
      return block.items.map(({ label, value }) => `**${words(label)}:** ${words(value)}`);
    case 'preformatted':
    case 'table':
    case 'actions':
    case 'divider':
      return [];
  }
}

function line(content: readonly Inline[], nameOf: NameOf): string {
  return content.map((inline) => inlineText(inline, nameOf)).join('');
}

function inlineText(inline: Inline, nameOf: NameOf): string {
  if (typeof inline === 'string') return spaced(inline, words);
  if ('user' in inline) return words(nameOf(inline.user));
  if ('group' in inline) return words(`group ${inline.group}`);
  if ('channel' in inline) return words(`channel ${inline.channel}`);
  if ('link' in inline) return linkText(inline.link, inline.text);
  const { text, style } = inline;
  if (style === 'bold') return spaced(text, (inner) => `**${words(inner)}**`);
  return spaced(text, words);
}

/** Only http and https; what would end the address early is percent-encoded. */
function linkText(link: string, text: string): string {
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return words(text);
  const address = url.href.replace(
    /[()<>[\]\\\s|`*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `[${words(text)}](${address})`;
}

/** Spaces at the ends stay outside of marks: `** x**` would not be bold. */
function spaced(text: string, render: (inner: string) => string): string {
  const inner = text.trim();
  if (inner === '') return text === '' ? '' : ' ';
  return `${/^\s/.test(text) ? ' ' : ''}${render(inner)}${/\s$/.test(text) ? ' ' : ''}`;
}

/** `@here` and the like must not be taken for a call by any client. */
function words(text: string): string {
  return mdLine(text).replace(/@(?=here|channel|everyone)/gi, '\\@');
}
