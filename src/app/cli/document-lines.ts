import type { Block, Document, Inline } from '../../core/document/document.ts';
import { sanitise } from '../../core/sanitise.ts';

/** A document as plain text, for help and lists in the terminal. */
export function documentLines(document: Document): readonly string[] {
  return document.blocks.flatMap(blockLines);
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [sanitise(block.text), ''];
    case 'paragraph':
    case 'context':
      return [...inlines(block.content).split('\n'), ''];
    case 'list':
      return [...block.items.map((item) => `  ${inlines(item)}`), ''];
    case 'fields':
      return [...block.items.map(({ label, value }) => `  ${label}: ${sanitise(value)}`), ''];
    case 'preformatted':
      return [...sanitise(block.text).split('\n'), ''];
    case 'table':
      return [...tableLines([block.header, ...block.rows]), ''];
    case 'actions':
      return [];
    case 'divider':
      return [''];
  }
}

function inlines(content: readonly Inline[]): string {
  return content
    .map((part) => {
      if (typeof part === 'string') return sanitise(part);
      if ('style' in part) return sanitise(part.text);
      if ('link' in part) return `${sanitise(part.text)} <${sanitise(part.link)}>`;
      if ('user' in part) return `@${part.user}`;
      return 'group' in part ? `@${part.group}` : `#${part.channel}`;
    })
    .join('');
}

function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    `  ${row.map((cell, i) => sanitise(cell).padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
  );
}
