import { fixRoomDocument } from '../approval/fix-document.ts';
import { rolloutOf } from '../approval/rollout.ts';
import { rolloutLine } from '../approval/rollout-document.ts';
import { codeInlines } from '../document/code-inlines.ts';
import type { Block, Inline } from '../document/document.ts';
import { compareStatus, type Status } from '../finding.ts';
import { foldNames } from '../fleet/fold-names.ts';
import { verdictLine } from '../run/run-document.ts';
import type { CaseState, Run } from './case.ts';

/** Runs told in the panel: the worst, and of equal ones the latest. */
const PANEL_RUNS = 8;

/** What was found, worst first: the answer stands in the panel, its evidence in the thread. */
export function foundSoFar(state: CaseState): Block[] {
  const latest = new Map<string, Run>();
  for (const run of state.runs.values()) {
    const what = `${run.diagnostic} ${run.hosts.join()}`;
    // A look that somebody stopped says nothing: what was found before stays.
    if (!run.cancelled || !latest.has(what)) latest.set(what, run);
  }
  const items = [...latest.values()]
    .toReversed()
    .toSorted((a, b) => compareStatus(statusOf(a), statusOf(b)))
    .filter((run, n, all) => !all.some((other, m) => m !== n && saysSame(other, run, m < n)))
    .slice(0, PANEL_RUNS)
    .map((run): Inline[] => {
      const { finished } = run;
      if (finished === null) return [`${run.diagnostic} on ${foldNames(run.hosts)}: looking…`];
      return [
        { text: `${run.diagnostic} ${finished.status}: `, style: 'bold' },
        ...codeInlines(verdictLine(run, finished.reports, finished.status)),
      ];
    });
  return items.length === 0
    ? []
    : [
        { kind: 'paragraph', content: [{ text: 'Found so far', style: 'bold' }] },
        { kind: 'list', items },
      ];
}

/** What is being done about it: the fixes that somebody has asked for, in their order. */
export function fixesAskedFor(state: CaseState): Block[] {
  const told = new Map<string, string>();
  for (const fix of state.fixes.values()) {
    if (fix.request === undefined) continue;
    const { rollout } = fix;
    const line =
      rollout === undefined
        ? fixRoomDocument(fix).summary
        : rolloutLine(rolloutOf(state, rollout.id)).summary;
    told.set(rollout?.id ?? fix.id, line);
  }
  const items = [...told.values()].slice(-5).map((line): Inline[] => [line]);
  return items.length === 0
    ? []
    : [
        { kind: 'paragraph', content: [{ text: 'Fixes', style: 'bold' }] },
        { kind: 'list', items },
      ];
}

/** A look at one host, then at its group: the same answer, which the wider look tells with all its hosts. */
function saysSame(other: Run, run: Run, first: boolean): boolean {
  const answer = answerOf(run);
  return (
    answer !== null &&
    answer === answerOf(other) &&
    run.hosts.every((host) => other.hosts.includes(host)) &&
    (first || other.hosts.length > run.hosts.length)
  );
}

/** What the verdict line of a run is about; null: it tells of nothing wrong. */
function answerOf({ finished }: Run): string | null {
  const worst = finished?.reports.toSorted((a, b) => compareStatus(a.status, b.status))[0];
  const finding = worst?.findings[0];
  return worst === undefined || worst.status === 'ok' || finding === undefined
    ? null
    : JSON.stringify([worst.host, finding.code, finding.subject]);
}

function statusOf(run: Run): Status {
  return run.finished?.status ?? 'unknown';
}
