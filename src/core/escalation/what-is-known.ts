import { compareStatus } from '../finding.ts';
import { foldNames } from '../fleet/fold-names.ts';
import type { CaseState, Run } from '../incident/case.ts';
import { verdictLine } from '../run/run-document.ts';

/** A line on a lock screen, not a report. */
const LONGEST = 300;

/**
 * What is known so far in one line: the worst finding, of equal ones the latest. Never empty when
 * something was looked at or an alert said something.
 */
export function whatIsKnown(state: CaseState): string {
  const latest = new Map<string, Run>();
  for (const run of state.runs.values()) {
    if (!run.cancelled) latest.set(`${run.diagnostic} ${run.hosts.join()}`, run);
  }
  const runs = [...latest.values()].toReversed();
  const ended = runs.flatMap(({ finished, ...run }) =>
    finished === null
      ? []
      : [
          {
            line: verdictLine({ ...run, finished }, finished.reports, finished.status),
            status: finished.status,
          },
        ],
  );
  const [worst] = ended.toSorted((a, b) => compareStatus(a.status, b.status));
  const going = runs.find(({ finished }) => finished === null);
  if (worst !== undefined && (worst.status !== 'ok' || going === undefined)) {
    return clipped(worst.line);
  }
  if (going !== undefined) return `${going.diagnostic} on ${foldNames(going.hosts)}: looking…`;
  const [alert] = [...state.alerts.values()].filter(({ firing }) => firing);
  return clipped(alert?.alert.description.trim().split('\n')[0] ?? '');
}

export function clipped(text: string, length = LONGEST): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
