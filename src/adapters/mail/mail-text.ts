import type { Block, Document, Inline } from '../../core/document/document.ts';
import { sanitise } from '../../core/sanitise.ts';
import { mentionText, webAddress } from './mail-html.ts';

/** A document as plain text, the answer in its first line. */
export function mailText(document: Document): string {
  const blocks = document.blocks.map(blockText).filter((text) => text !== '');
  const summary = sanitise(document.summary);
  // A first line that the summary repeats is said once.
  const said = blocks[0] !== undefined && summary.startsWith(blocks[0]);
  return `${[...(said ? [] : [summary]), ...blocks].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return sanitise(block.text);
    case 'paragraph':
    case 'context':
      return inlines(block.content).trim();
    case 'list':
      return block.items.map((item) => `- ${inlines(item)}`).join('\n');
    case 'fields':
      return block.items
        .map(({ label, value }) => `${sanitise(label)}: ${sanitise(value)}`)
        .join('\n');
    case 'table':
      return [block.header, ...block.rows].map((row) => row.map(sanitise).join(' | ')).join('\n');
    case 'preformatted':
      return sanitise(block.text).replace(/^/gm, '    ');
    case 'divider':
      return '-'.repeat(40);
    case 'actions':
      return '';
  }
}

function inlines(content: readonly Inline[]): string {
  return content.map(inlineText).join('');
}

function inlineText(inline: Inline): string {
  if (typeof inline === 'string') return sanitise(inline);
  if ('link' in inline) {
    const address = webAddress(inline.link);
    return address === null ? sanitise(inline.text) : `${sanitise(inline.text)} <${address}>`;
  }
  return 'style' in inline ? sanitise(inline.text) : mentionText(inline);
}
