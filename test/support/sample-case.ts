import type { Alert } from '../../src/core/alert.ts';
import { chainRecords, GENESIS } from '../../src/core/audit/chain.ts';
import type { HostReport } from '../../src/core/finding.ts';
import type { CaseEvent, EventRecord } from '../../src/core/incident/event.ts';
import { type Actor, HOUSECALL } from '../../src/core/person.ts';
import type { Plan } from '../../src/core/plan.ts';
import { sha256 } from './sha256.ts';

const person = (user: string): Actor => ({ kind: 'person', team: 'T1', user });
export const ALERT: Alert = {
  source: 'opsgenie',
  fingerprint: 'a1',
  action: 'firing',
  title: 'disk usage above 75 % on host-17',
  description: '',
  labels: { alertname: 'NodeLowRootDisk' },
  annotations: {},
  hostHints: ['host-17'],
  startsAt: '2026-11-20T12:00:00.000Z',
};
const REPORT: HostReport = {
  host: 'host-17',
  status: 'critical',
  durationMs: 812,
  coverage: { privilege: 'none', notes: ['3 of 98 processes readable'] },
  findings: [
    {
      code: 'disk.deleted-open-file',
      status: 'critical',
      subject: '/var/lib/docker',
      title: '/var/lib/docker is 100 % full',
      detail: '102.4 GB of it is held by a deleted file.\nNobody told dockerd.',
      data: { pid: 991 },
      evidence: [
        { argv: ['sh', '-s', '--', '20'], exitCode: 0, output: 'fd 4\n```\nodd', truncated: false },
      ],
      fixes: [{ fix: 'truncate-deleted-file', params: { pid: 991 } }],
      next: [],
    },
  ],
};
const PLAN: Plan = {
  summary: 'truncate /proc/991/fd/4',
  steps: [
    {
      id: 'truncate',
      argv: ['truncate', '-s', '0', '/proc/991/fd/4'],
      equivalent: ': > /proc/991/fd/4',
      why: 'frees the space',
      undo: null,
      timeoutSeconds: 10,
    },
  ],
  saved: { kind: 'file', path: '/var/tmp/housecall/x.gz', bytes: 9, what: 'the log' },
  identity: { inode: '7' },
  preconditions: [],
  verification: 'the space is free',
};

/** An incident from the alert to the request to close it, as the journal holds it. */
export function sampleRecords(title = ALERT.title): readonly EventRecord[] {
  const told: readonly (readonly [Actor, CaseEvent])[] = [
    [
      { kind: 'alert', source: 'opsgenie' },
      {
        type: 'incident.opened',
        id: '20261120-7',
        title,
        severity: 'SEV2',
        state: 'active',
        hosts: ['host-17'],
        invite: [],
      },
    ],
    [
      { kind: 'alert', source: 'opsgenie' },
      { type: 'alert.received', alert: ALERT, hosts: ['host-17'], delivery: 'd1' },
    ],
    [HOUSECALL, { type: 'room.opened', channel: 'C0001FAKE', name: 'inc-20261120-7-disk' }],
    [
      HOUSECALL,
      {
        type: 'run.started',
        run: 'r1',
        diagnostic: 'disk',
        params: {},
        hosts: ['host-17'],
        lane: 'room:20261120-7',
        reason: 'route',
      },
    ],
    [
      HOUSECALL,
      { type: 'run.finished', run: 'r1', status: 'critical', durationMs: 900, reports: [REPORT] },
    ],
    [person('UADA'), { type: 'incident.acknowledged', via: 'slack' }],
    ...fixEvents(),
    [person('UADA'), { type: 'incident.resolved', reason: 'space is free', via: 'slack' }],
    [person('UADA'), { type: 'incident.closing' }],
  ];
  const entries = told.map(([actor, event], i) => ({
    at: new Date(Date.UTC(2026, 10, 20, 12, i)).toISOString(),
    actor,
    event,
  }));
  return chainRecords({ seq: 0, hash: GENESIS }, entries, sha256);
}

function fixEvents(): readonly (readonly [Actor, CaseEvent])[] {
  const digest = sha256('plan');
  const fix = 'f1';
  return [
    [
      person('UADA'),
      {
        type: 'fix.reviewed',
        fix,
        offer: { fix: 'truncate-deleted-file', params: { pid: 991 } },
        host: 'host-17',
        run: 'r1',
        finding: 'disk.deleted-open-file',
      },
    ],
    [HOUSECALL, { type: 'fix.planned', fix, plan: PLAN, digest, before: null }],
    [
      person('UADA'),
      {
        type: 'fix.requested',
        fix,
        digest,
        approvers: ['UBOB'],
        required: 1,
        selfApproval: false,
        expiresAt: '2026-11-20T13:00:00.000Z',
      },
    ],
    [person('UADA'), { type: 'fix.refused', fix, reason: 'you asked for it' }],
    [person('UBOB'), { type: 'fix.approved', fix, digest, token: 'ab'.repeat(32) }],
    [HOUSECALL, { type: 'fix.claimed', fix, worker: 'w1' }],
    [
      HOUSECALL,
      {
        type: 'fix.finished',
        fix,
        outcome: 'verified',
        reason: '',
        before: '100 % full',
        after: '12 % full',
        steps: [
          {
            id: 'truncate',
            argv: ['truncate'],
            exitCode: 0,
            output: 'done',
            outputSha256: sha256('done'),
          },
        ],
      },
    ],
  ];
}
