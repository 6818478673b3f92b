import { h } from './dom.js';
import { richText } from './rich-text.js';

/** A table or data_table; the latter shows one page of rows at first. */
export function table(block) {
  const isData = block.type === 'data_table';
  const [head, ...rows] = block.rows;
  const aligns = (block.column_settings ?? []).map((column) => column?.align ?? 'left');
  const numeric = head.map(
    (_cell, column) => rows.length > 0 && rows.every((row) => isNumber(row[column])),
  );
  const cells = (row, tag) =>
    row.map((cell, column) => {
      const align = aligns[column] ?? (numeric[column] ? 'right' : 'left');
      return h(
        tag,
        { class: `align-${align}`, ...(tag === 'th' ? { scope: 'col' } : {}) },
        cellContent(cell),
      );
    });
  const lines = rows.map((row) => h('tr', null, cells(row, 'td')));
  const shown = isData ? (block.page_size ?? 5) : lines.length;
  const body = h('tbody', null, lines.slice(0, shown));
  const rest = lines.length - shown;
  const more = h(
    'button',
    {
      type: 'button',
      class: 'link-button',
      onclick: () => {
        body.append(...lines.slice(shown));
        more.remove();
      },
    },
    `Show ${rest} more row${rest === 1 ? '' : 's'}`,
  );
  return h(
    'div',
    { class: 'table-wrap', tabindex: '0', role: 'region', 'aria-label': block.caption ?? 'Table' },
    h(
      'table',
      null,
      block.caption ? h('caption', null, block.caption) : null,
      h('thead', null, h('tr', null, cells(head, 'th'))),
      body,
    ),
    rest > 0 ? more : null,
  );
}

function cellContent(cell) {
  if (cell.type === 'rich_text') return richText(cell);
  return cell.text ?? String(cell.value ?? '');
}

function isNumber(cell) {
  return (
    cell?.type === 'raw_number' || /^-?[\d.,]+ ?(?:%|[kMGT]?i?B|ms|s)?$/.test(cell?.text ?? '')
  );
}
