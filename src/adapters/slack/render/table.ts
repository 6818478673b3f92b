import type { TableBlock } from '@slack/types';
import { sanitiseLine } from '../../../core/sanitise.ts';
import { LIMITS } from '../limits.ts';
import { countCharacters } from './inline.ts';

type Rows = readonly (readonly string[])[];

/** A native table may take half a message. */
const TABLE_CHARACTERS = 4_500;
const CELL_CHARACTERS = 500;
const WIDEST_COLUMN = 60;

/** Header and rows of equal length, every cell one line. */
export function tableRows(header: readonly string[], rows: Rows): Rows {
  const width = Math.max(header.length, ...rows.map((row) => row.length));
  return [header, ...rows].map((row) =>
    Array.from({ length: width }, (_, column) => sanitiseLine(row[column] ?? '') || '–'),
  );
}

/** Slack's own table, when this one fits it. */
export function nativeTable(rows: Rows): TableBlock | null {
  const width = rows[0]?.length ?? 0;
  if (width < 1 || width > LIMITS.tableColumns || rows.length > LIMITS.tableRows) return null;
  if (rows.some((row) => row.some((cell) => cell.length > CELL_CHARACTERS))) return null;
  const block: TableBlock = {
    type: 'table',
    rows: rows.map((row) => row.map((text) => ({ type: 'raw_text', text }))),
  };
  return countCharacters(block) <= TABLE_CHARACTERS ? block : null;
}

/** Columns of fixed width: for modals, for second tables and for large ones. Nothing is cut. */
export function fixedWidthTable(rows: Rows): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.min(WIDEST_COLUMN, Math.max(...rows.map((row) => row[column]?.length ?? 0))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
