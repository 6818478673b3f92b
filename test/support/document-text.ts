import type { Block, Document, Inline } from '../../src/core/document/document.ts';

/** Everything a document says, as plain lines: for assertions and for the chat in memory. */
export function documentText(document: Document): string {
  const by = document.by === undefined ? '' : `@${document.by.user} `;
  return [`${by}${document.summary}`, ...document.blocks.map(blockText)]
    .filter((t) => t !== '')
    .join('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return block.text;
    case 'paragraph':
    case 'context':
      return inlineText(block.content);
    case 'list':
      return block.items.map((item) => `• ${inlineText(item)}`).join('\n');
    case 'fields':
      return block.items.map(({ label, value }) => `${label}: ${value}`).join('\n');
    case 'preformatted':
      return block.title === undefined ? block.text : `${block.title}\n${block.text}`;
    case 'table':
      return [block.header, ...block.rows].map((row) => row.join(' | ')).join('\n');
    case 'actions':
      return block.actions.map(({ label }) => `[${label}]`).join(' ');
    case 'divider':
      return '';
  }
}

function inlineText(content: readonly Inline[]): string {
  return content
    .map((inline) => {
      if (typeof inline === 'string') return inline;
      if ('user' in inline) return `@${inline.user}`;
      if ('group' in inline) return `@${inline.group}`;
      if ('channel' in inline) return `#${inline.channel}`;
      return inline.text;
    })
    .join('');
}
