import { describe, expect, it } from 'vitest';
import type { Finding, HostReport, NextStep, Status } from '../../../src/core/finding.ts';
import type { Run } from '../../../src/core/incident/case.ts';
import type { RunAfter } from '../../../src/core/incident/event.ts';
import { type FollowLimits, followUps } from '../../../src/core/run/follow-ups.ts';

const LOGS: NextStep = { diagnostic: 'logs', params: { path: '/var/log/a' } };
const GROUP: NextStep = { diagnostic: 'disk', params: {}, scope: 'group' };

const limits: FollowLimits = {
  depth: 2,
  complete: ({ diagnostic, params }) =>
    diagnostic === 'nothing' ? null : { budget: 1, ...params },
  peers: (host) => (host === 'lonely' ? [host] : [host, 'host-2', 'host-3']),
};

function run(more: Partial<Run> = {}): Run {
  return {
    id: 'r1',
    diagnostic: 'disk',
    params: { budget: 1 },
    hosts: ['host-1'],
    lane: 'room:x',
    thread: 'panel',
    reason: 'route',
    startedAt: '2026-11-21T03:00:00.000Z',
    startedBy: { kind: 'alert', source: 'opsgenie' },
    cancelled: false,
    finished: null,
    ...more,
  };
}

function report(host: string, status: Status, next: readonly NextStep[]): HostReport {
  const finding: Finding = {
    code: 'disk.filling',
    status,
    subject: '/',
    title: '',
    detail: '',
    data: {},
    evidence: [],
    fixes: [],
    next,
  };
  return {
    host,
    status,
    durationMs: 1,
    coverage: { privilege: 'root', notes: [] },
    findings: [finding],
  };
}

const after = (depth: number): RunAfter => ({ run: 'r0', depth, why: 'x on y' });

describe('what Housecall looks at next by itself', () => {
  const of = (
    reports: readonly HostReport[],
    one: Run = run(),
    others: readonly Run[] = [],
  ): readonly string[] =>
    followUps([one, ...others], one, reports, limits).map(
      ({ diagnostic, hosts, why }) => `${diagnostic} on ${hosts.join(',')} because of ${why}`,
    );

  it('follows the suggestion of a routed run, on the host it is about', () => {
    expect(of([report('host-1', 'warning', [LOGS])])).toEqual([
      'logs on host-1 because of disk.filling on host-1',
    ]);
  });

  it('looks at the whole group for what only several hosts show', () => {
    expect(of([report('host-1', 'critical', [GROUP])])).toEqual([
      'disk on host-1,host-2,host-3 because of disk.filling on host-1',
    ]);
  });

  it('compares no host with itself', () => {
    expect(of([report('lonely', 'critical', [GROUP])], run({ hosts: ['lonely'] }))).toEqual([]);
  });

  it('looks at several hosts in one run when they suggest the same', () => {
    const reports = [report('host-1', 'warning', [LOGS]), report('host-2', 'warning', [LOGS])];
    expect(of(reports, run({ hosts: ['host-1', 'host-2'] }))).toEqual([
      'logs on host-1,host-2 because of disk.filling on host-1',
    ]);
  });

  it.each(['ok', 'unknown'] as const)('follows nothing that is %s', (status) => {
    expect(of([report('host-1', status, [LOGS])])).toEqual([]);
  });

  it.each(['command', 'next', 'verify'] as const)('leaves a %s run to the person', (reason) => {
    expect(of([report('host-1', 'critical', [LOGS])], run({ reason }))).toEqual([]);
  });

  it('follows nothing of a cancelled run', () => {
    expect(of([report('host-1', 'critical', [LOGS])], run({ cancelled: true }))).toEqual([]);
  });

  it('goes as deep as the configuration allows', () => {
    const reports = [report('host-1', 'critical', [LOGS])];
    expect(of(reports, run({ reason: 'chain', after: after(1) }))).toHaveLength(1);
    expect(of(reports, run({ reason: 'chain', after: after(2) }))).toEqual([]);
  });

  it('does not look twice at the same', () => {
    const reports = [report('host-1', 'critical', [LOGS])];
    const seen = run({ id: 'r2', diagnostic: 'logs', params: { path: '/var/log/a', budget: 1 } });
    expect(of(reports, run(), [seen])).toEqual([]);
    expect(of(reports, run(), [{ ...seen, hosts: ['host-2'] }])).toHaveLength(1);
    expect(of(reports, run(), [{ ...seen, params: { path: '/b', budget: 1 } }])).toHaveLength(1);
  });

  it('compares a group once', () => {
    const reports = [report('host-1', 'critical', [GROUP])];
    const group = run({ id: 'r2', hosts: ['host-1', 'host-2', 'host-3'] });
    expect(of(reports, run(), [group])).toEqual([]);
  });

  it('suggests nothing that this installation cannot run', () => {
    const next: NextStep = { diagnostic: 'nothing', params: {} };
    expect(of([report('host-1', 'critical', [next])])).toEqual([]);
  });

  it('takes four looks from one run and twelve in one incident', () => {
    const many = Array.from({ length: 9 }, (_, n) => ({
      diagnostic: 'logs',
      params: { path: `/${n}` },
    }));
    const reports = [report('host-1', 'critical', many)];
    expect(of(reports)).toHaveLength(4);
    const taken = Array.from({ length: 11 }, (_, n) =>
      run({ id: `c${n}`, diagnostic: 'ports', reason: 'chain', after: after(1) }),
    );
    expect(of(reports, run(), taken)).toHaveLength(1);
    expect(of(reports, run(), [...taken, ...taken])).toEqual([]);
  });
});
