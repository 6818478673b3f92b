import type { Finding, Measure } from '../finding.ts';
import type { Run } from '../incident/case.ts';
import { sanitiseLine } from '../sanitise.ts';

/** A finding, or what was measured where none is, with where and when it was seen. */
export interface SeenFinding {
  readonly run: string;
  readonly host: string;
  /** When the run began, ISO 8601. */
  readonly at: string;
  readonly finding: Measure;
}

/** Findings of every run that ended, oldest run first; of one host and run what is healthy comes last. */
export function seenFindings(runs: Iterable<Run>): readonly SeenFinding[] {
  return [...runs]
    .filter((run) => run.finished !== null)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
    .flatMap((run) =>
      (run.finished?.reports ?? []).flatMap(({ host, findings, measures = [] }) =>
        [...findings, ...measures].map((finding) => ({
          run: run.id,
          host,
          at: run.startedAt,
          finding,
        })),
      ),
    );
}

/** In order of first appearance. */
export function groupBy<T>(
  all: readonly T[],
  keyOf: (one: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** A number of a finding's data that can be drawn. */
export function numberIn(data: Finding['data'], key: string): number | null {
  const value = data[key];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** A text of a finding's data, on one line of at most this many characters. */
export function wordsIn(data: Finding['data'], key: string, most = 80): string {
  const value = data[key];
  return typeof value === 'string' ? shorten(sanitiseLine(value), most) : '';
}

/** Begin and end stay: of a path both tell. */
export function shorten(text: string, most: number): string {
  const letters = Array.from(text);
  if (letters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (most - 1 - head)).join('')}`;
}

/** Evenly spaced, the first and the last among them. */
export function thinned<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const step = (all.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, n) => all[Math.round(n * step)]).filter(
    (one) => one !== undefined,
  );
}
