import type { Finding, Measure } from '../../src/core/finding.ts';
import { type CaseState, emptyCase, type Run } from '../../src/core/incident/case.ts';
import { HOUSECALL } from '../../src/core/person.ts';

/** A case of nothing but these runs. */
export function caseOf(runs: readonly Run[]): CaseState {
  return { ...emptyCase('20261120-7'), runs: new Map(runs.map((run) => [run.id, run])) };
}

/** A run on host-17 that began so many times ten minutes after noon, and what it found. */
export function runOf(
  id: string,
  n: number,
  findings: readonly Finding[],
  measures: readonly Measure[] = [],
): Run {
  const status = findings[0]?.status ?? 'ok';
  const report = {
    host: 'host-17',
    status,
    durationMs: 800,
    coverage: { privilege: 'none', notes: [] },
    findings,
    ...(measures.length === 0 ? {} : { measures }),
  } as const;
  return {
    id,
    diagnostic: 'disk',
    params: {},
    hosts: ['host-17'],
    lane: 'room:20261120-7',
    thread: 'panel',
    reason: 'route',
    startedAt: new Date(Date.UTC(2026, 10, 20, 12, n * 10)).toISOString(),
    startedBy: HOUSECALL,
    cancelled: false,
    finished: { status, durationMs: 900, reports: [report] },
  };
}
