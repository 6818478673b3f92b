import type { Block, Document, Inline } from '../../core/document/document.ts';
import type { Status } from '../../core/finding.ts';
import { sanitise } from '../../core/sanitise.ts';

const COLOURS: Readonly<Record<Status, string>> = {
  critical: '#c0392b',
  warning: '#b7791f',
  unknown: '#6b7280',
  ok: '#2f855a',
};

const FONT = 'font:16px/1.5 -apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const CODE = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em';

/**
 * A document as an e-mail's page: styles inline, nothing fetched from anywhere, every text escaped.
 * What mail programs show beside the subject, the preheader, is the document's summary.
 */
export function mailHtml(document: Document): string {
  const colour = COLOURS[document.status ?? 'unknown'];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"></head>
<body style="margin:0;padding:16px">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escape(document.summary)}</div>
<div style="${FONT};max-width:40rem;border-left:4px solid ${colour};padding-left:14px">
${document.blocks.map(blockHtml).join('\n')}
</div>
</body></html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2 style="font-size:1.1em;margin:.8em 0 .3em">${escape(block.text)}</h2>`;
    case 'paragraph':
      return `<p style="margin:.5em 0;white-space:pre-line">${inlines(block.content)}</p>`;
    case 'context':
      return `<p style="margin:.5em 0;opacity:.7;font-size:.88em">${inlines(block.content)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inlines(item)}</li>`).join('')}</ul>`;
    case 'fields':
      return block.items
        .map(({ label, value }) => `<div><b>${escape(label)}:</b> ${escape(value)}</div>`)
        .join('');
    case 'table':
      return table(block.header, block.rows);
    case 'preformatted':
      return `<pre style="${CODE};white-space:pre-wrap">${escape(block.text)}</pre>`;
    case 'divider':
      return '<hr>';
    case 'actions':
      return '';
  }
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<table cellpadding="4">${row(header, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}

function row(cells: readonly string[], tag: 'td' | 'th'): string {
  return `<tr>${cells.map((cell) => `<${tag} align="left">${escape(cell)}</${tag}>`).join('')}</tr>`;
}

function inlines(content: readonly Inline[]): string {
  return content.map(inlineHtml).join('');
}

function inlineHtml(inline: Inline): string {
  if (typeof inline === 'string') return escape(inline);
  if ('link' in inline) {
    const address = webAddress(inline.link);
    const text = escape(inline.text);
    return address === null ? text : `<a href="${escape(address)}">${text}</a>`;
  }
  if ('style' in inline) {
    const text = escape(inline.text);
    if (inline.style === 'code') return `<code style="${CODE}">${text}</code>`;
    return inline.style === 'bold' ? `<b>${text}</b>` : `<i>${text}</i>`;
  }
  return escape(mentionText(inline));
}

/** Mentions mean nothing in an e-mail. */
export function mentionText(inline: Exclude<Inline, string | { text: string }>): string {
  if ('user' in inline) return `@${inline.user}`;
  return 'group' in inline ? `@${inline.group}` : `#${inline.channel}`;
}

/** Only http and https, no user name that passes for a host. */
export function webAddress(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const { href, protocol, username, password } = new URL(link);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? href : null;
}

function escape(text: string): string {
  return sanitise(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
