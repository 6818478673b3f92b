import type { Block, Document, Inline } from '../../core/document/document.ts';

/** A document as one page without scripts. Every text is escaped. */
export function documentHtml(title: string, document: Document, home: string | null): string {
  const back = home === null ? '' : `<p><a href="${escape(home)}">All findings</a></p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)} · Housecall</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1>
${document.blocks.map(blockHtml).join('\n')}
${back}</main></body></html>
`;
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0}
main{max-width:46rem;margin:2rem auto;padding:0 1rem}h1{font:600 1.4rem ui-monospace,monospace}
h2{font-size:1.05rem;margin:1.6rem 0 .3rem}code{font-family:ui-monospace,monospace;font-size:.92em}
p{white-space:pre-line;margin:.4rem 0}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;border-bottom:1px solid #8884;padding:.3rem .8rem .3rem 0}
td:first-child{font-family:ui-monospace,monospace;font-size:.9em;white-space:nowrap}.note{opacity:.75;font-size:.9rem}`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escape(block.text)}</h2>`;
    case 'paragraph':
      return `<p>${inlines(block.content)}</p>`;
    case 'context':
      return `<p class="note">${inlines(block.content)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inlines(item)}</li>`).join('')}</ul>`;
    case 'fields':
      return table(
        [],
        block.items.map(({ label, value }) => [label, value]),
      );
    case 'table':
      return table(block.header, block.rows);
    case 'preformatted':
      return `<pre>${escape(block.text)}</pre>`;
    case 'divider':
      return '<hr>';
    case 'actions':
      return '';
  }
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.length === 0 ? '' : row(header, 'th');
  return `<table>${head}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}

function row(cells: readonly string[], tag: 'td' | 'th'): string {
  return `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
}

function inlines(content: readonly Inline[]): string {
  return content.map(inlineHtml).join('');
}

function inlineHtml(inline: Inline): string {
  if (typeof inline === 'string') return escape(inline);
  if ('link' in inline) {
    const safe = /^(https?:\/\/|\/)/.test(inline.link);
    return safe
      ? `<a href="${escape(inline.link)}">${escape(inline.text)}</a>`
      : escape(inline.text);
  }
  if ('style' in inline) {
    const tag = { bold: 'strong', italic: 'em', code: 'code' }[inline.style];
    return `<${tag}>${escape(inline.text)}</${tag}>`;
  }
  if ('user' in inline) return escape(inline.user);
  return escape('group' in inline ? inline.group : inline.channel);
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
