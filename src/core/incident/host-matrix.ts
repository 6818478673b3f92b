import type { Block } from '../document/document.ts';
import type { Status } from '../finding.ts';
import { foldSome } from '../fleet/fold-some.ts';
import type { CaseState } from './case.ts';

/** Rows and columns that a phone still shows. */
const MAX_ROWS = 20;
const MAX_COLUMNS = 5;
const NAME_CHARACTERS = 48;

type Cell = Status | 'looking…' | '–';

interface Row {
  readonly hosts: readonly string[];
  readonly cells: readonly Cell[];
}

/** Hosts by checks, worst first, hosts with the same answers in one row. Nothing for a single host. */
export function hostMatrix(state: CaseState): Block[] {
  const checks = new Map<string, Map<string, Cell>>();
  for (const run of state.runs.values()) {
    // A look that somebody stopped says nothing: what was found before stays.
    if (run.cancelled) continue;
    const column = checks.get(run.diagnostic) ?? new Map<string, Cell>();
    checks.set(run.diagnostic, column);
    if (run.finished === null) {
      // Until the new answer is there, the one before stays.
      for (const host of run.hosts) column.set(host, column.get(host) ?? 'looking…');
    } else for (const { host, status } of run.finished.reports) column.set(host, status);
  }
  const seen = [...checks.values()].flatMap((column) => [...column.keys()]);
  const hosts = [...new Set([...(state.incident?.hosts ?? []), ...seen])];
  if (hosts.length < 2 || checks.size === 0) return [];
  const columns = [...checks].toSorted(([, a], [, b]) => worstOf(a) - worstOf(b));
  return table(
    rowsOf(hosts, columns.slice(0, MAX_COLUMNS)),
    columns.map(([name]) => name),
  );
}

function rowsOf(
  hosts: readonly string[],
  columns: readonly (readonly [string, ReadonlyMap<string, Cell>])[],
): readonly Row[] {
  const rows = new Map<string, { hosts: string[]; cells: readonly Cell[] }>();
  for (const host of hosts) {
    const cells = columns.map(([, column]) => column.get(host) ?? '–');
    const same = rows.get(cells.join());
    if (same === undefined) rows.set(cells.join(), { hosts: [host], cells });
    else same.hosts.push(host);
  }
  return [...rows.values()].toSorted((a, b) => badness(a.cells) - badness(b.cells));
}

function table(rows: readonly Row[], checks: readonly string[]): Block[] {
  const shown = rows.slice(0, MAX_ROWS);
  const rest = rows.slice(MAX_ROWS).flatMap((row) => row.hosts).length;
  const more = checks.slice(MAX_COLUMNS);
  const notes = [
    ...(rest === 0 ? [] : [`and ${rest} more hosts, none worse`]),
    ...(more.length === 0 ? [] : [`also looked with ${more.join(', ')}`]),
  ];
  return [
    {
      kind: 'table',
      header: ['Host', ...checks.slice(0, MAX_COLUMNS)],
      rows: shown.map(({ hosts, cells }) => [named(hosts), ...cells]),
    },
    ...(notes.length === 0
      ? []
      : [{ kind: 'context', content: [`… ${notes.join('; ')}`] } as const]),
  ];
}

function named(hosts: readonly string[]): string {
  const name = foldSome(hosts, NAME_CHARACTERS);
  return hosts.length === 1 ? name : `${name} (${hosts.length})`;
}

/** What is being looked at may turn out to be anything; what was not looked at comes last but for ok. */
const PLACES: Readonly<Record<Cell, number>> = {
  critical: 0,
  unknown: 1,
  warning: 2,
  'looking…': 3,
  '–': 4,
  ok: 5,
};

function badness(cells: readonly Cell[]): number {
  // Worst cell first, then the next worst: as digits of one number.
  return cells
    .map((cell) => PLACES[cell])
    .toSorted((a, b) => a - b)
    .reduce((sum, place, n) => sum + place / 10 ** n, 0);
}

function worstOf(column: ReadonlyMap<string, Cell>): number {
  return Math.min(...[...column.values()].map((cell) => PLACES[cell]));
}
