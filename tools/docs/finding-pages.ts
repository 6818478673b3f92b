import type { Block, Inline } from '../../src/core/document/document.ts';
import { diagnostics } from '../../src/diagnostics/registry.ts';
import { fixes } from '../../src/fixes/registry.ts';
import { findingCodes, findingPage } from '../../src/workflows/catalog/describe-finding.ts';
import { code, page, table } from './markdown.ts';

const CATALOG = { diagnostics, fixes };

/** One page per finding code, by file name: the same words as `/diag help <code>`. */
export function findingPages(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    findingCodes(CATALOG).map((name) => {
      const blocks = findingPage(CATALOG, name)?.blocks ?? [];
      const says = blocks[0]?.kind === 'paragraph' ? inlines(blocks[0].content.slice(2)) : '';
      return [`findings/${name}.md`, page(name, says, blocks.slice(1).map(blockMd))];
    }),
  );
}

export function findingsPage(): string {
  const rows = findingCodes(CATALOG).map((name) => {
    const summary = findingPage(CATALOG, name)?.summary.slice(`${name}: `.length) ?? '';
    return [`[${code(name)}](findings/${name}.md)`, summary];
  });
  return page(
    'Findings',
    'Codes are public: scripts and routes may rely on them. Status is `ok`, `warning`, `critical` or `unknown`; `unknown` means "could not look", never "fine". Sizes in bytes, rates in bytes per second, times in ISO 8601.',
    [table(['Code', 'Says'], rows)],
  );
}

function blockMd(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${block.text}`;
    case 'paragraph':
    case 'context':
      return inlines(block.content);
    case 'list':
      return block.items.map((item) => `- ${inlines(item)}`).join('\n');
    case 'table':
      return table(
        block.header,
        block.rows.map(([first = '', ...rest]) => [code(first), ...rest]),
      );
    case 'fields':
    case 'preformatted':
    case 'actions':
    case 'divider':
      throw new Error(`a page of a finding holds no ${block.kind}`);
  }
}

function inlines(content: readonly Inline[]): string {
  return content
    .map((inline) => {
      if (typeof inline === 'string') return inline;
      if ('style' in inline) return inline.style === 'code' ? code(inline.text) : inline.text;
      return 'text' in inline ? inline.text : '';
    })
    .join('');
}
