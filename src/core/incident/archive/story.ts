import type { FixState } from '../../approval/fix-state.ts';
import { compareStatus, type Finding } from '../../finding.ts';
import type { CaseState, Incident, Run } from '../case.ts';
import type { EventRecord } from '../event.ts';

/** One finding, told once for all hosts that had it. */
export interface ToldFinding {
  readonly finding: Finding;
  readonly hosts: readonly string[];
  /** When the run began that saw it first, ISO 8601. */
  readonly at: string;
}

/** The incident in short, from its records: for whoever reads only the beginning. */
export interface Story {
  readonly incident: Incident;
  /** What was wrong, worst first: warnings and worse. */
  readonly causes: readonly ToldFinding[];
  /** What could not be looked at. */
  readonly unseen: readonly ToldFinding[];
  /** What the last look at each thing still said, worst first. */
  readonly stillBad: readonly ToldFinding[];
  /** Fixes that ran to an end. */
  readonly changes: readonly FixState[];
  readonly times: StoryTimes;
}

/** ISO 8601, UTC; null: it never happened, or the record does not say. */
export interface StoryTimes {
  /** What the earliest alert said. */
  readonly began: string | null;
  readonly opened: string;
  readonly acknowledged: string | null;
  readonly firstFinding: string | null;
  readonly mitigated: string | null;
  readonly resolved: string | null;
}

export function storyOf(state: CaseState, records: readonly EventRecord[]): Story | null {
  const { incident } = state;
  if (incident === null) return null;
  const ended = [...state.runs.values()].filter((run) => run.finished !== null);
  const all = toldFindings(ended);
  return {
    incident,
    causes: all.filter(({ finding: { status } }) => status === 'critical' || status === 'warning'),
    unseen: all.filter(({ finding: { status } }) => status === 'unknown'),
    stillBad: toldFindings(lastLooks(ended)).filter(
      (told) => told.finding.status !== 'ok' && !isFixedSince(told, state),
    ),
    changes: [...state.fixes.values()].filter(({ result }) => result !== undefined),
    times: {
      began: beginOf(state),
      opened: incident.openedAt,
      acknowledged: incident.firstAcknowledgedAt,
      firstFinding: atOf(
        records,
        ({ event }) =>
          event.type === 'run.finished' &&
          event.reports.some(({ findings }) =>
            findings.some(({ status }) => status === 'critical' || status === 'warning'),
          ),
      ),
      mitigated: atOf(records, ({ event }) => event.type === 'incident.mitigated'),
      resolved: incident.resolved?.at ?? null,
    },
  };
}

/** The same code about the same thing in the same words is one; critical first, then as they came. */
function toldFindings(runs: readonly Run[]): readonly ToldFinding[] {
  const told = new Map<string, { finding: Finding; hosts: Set<string>; at: string }>();
  for (const run of runs) {
    for (const { host, findings } of run.finished?.reports ?? []) {
      for (const finding of findings) {
        const { code, subject } = finding;
        const key = JSON.stringify([
          code,
          subject.replaceAll(host, ''),
          finding.status === 'unknown',
        ]);
        const before = told.get(key);
        if (before === undefined) {
          told.set(key, { finding, hosts: new Set([host]), at: run.startedAt });
        } else {
          before.hosts.add(host);
          // Of several looks the worst one is told, of equal ones the latest.
          if (compareStatus(finding.status, before.finding.status) <= 0) before.finding = finding;
        }
      }
    }
  }
  return [...told.values()]
    .map(({ finding, hosts, at }) => ({ finding, hosts: [...hosts], at }))
    .toSorted((a, b) => compareStatus(a.finding.status, b.finding.status));
}

/** Of each question (diagnostic and parameters) the last answer for each host. */
function lastLooks(runs: readonly Run[]): readonly Run[] {
  const asked = new Map<string, { run: Run; host: string }>();
  for (const run of runs) {
    for (const { host } of run.finished?.reports ?? []) {
      asked.set(JSON.stringify([run.diagnostic, run.params, host]), { run, host });
    }
  }
  return [...asked.values()].map(({ run, host }) => {
    const { finished } = run;
    if (finished === null) return run;
    return {
      ...run,
      finished: { ...finished, reports: finished.reports.filter((one) => one.host === host) },
    };
  });
}

/** Nobody looked again, but the fix did, and found what it was for to be gone. */
function isFixedSince({ finding, hosts, at }: ToldFinding, state: CaseState): boolean {
  const fixes = [...state.fixes.values()];
  return hosts.every((host) =>
    fixes.some(
      (fix) =>
        fix.host === host &&
        fix.finding === finding.code &&
        fix.result?.outcome === 'verified' &&
        fix.lost === undefined &&
        fix.result.at > at,
    ),
  );
}

function beginOf(state: CaseState): string | null {
  const begins = [...state.alerts.values()]
    .map(({ alert }) => alert.startsAt)
    // The beginning of time is said of an alert whose sender said none.
    .filter((at): at is string => Date.parse(at ?? '') > 0);
  return begins.toSorted()[0] ?? null;
}

function atOf(
  records: readonly EventRecord[],
  is: (record: EventRecord) => boolean,
): string | null {
  return records.find(is)?.at ?? null;
}
