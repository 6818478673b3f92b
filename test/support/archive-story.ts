import { chainRecords, GENESIS } from '../../src/core/audit/chain.ts';
import type { Finding, HostReport } from '../../src/core/finding.ts';
import type { ArchiveInput, RoomMessage } from '../../src/core/incident/archive/archive-input.ts';
import type { CaseEvent } from '../../src/core/incident/event.ts';
import { type Actor, HOUSECALL } from '../../src/core/person.ts';
import type { Plan } from '../../src/core/plan.ts';
import { redact } from '../../src/core/redaction/redact.ts';
import { ALERT } from './sample-case.ts';
import { sha256 } from './sha256.ts';
import { diskFindings, HOSTILE, logFindings, portFindings } from './story-findings.ts';

const person = (user: string): Actor => ({ kind: 'person', team: 'T1', user });
const OPSGENIE: Actor = { kind: 'alert', source: 'opsgenie' };
const START = Date.UTC(2026, 10, 20, 12, 0, 0);
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();

/** A run's two events, with what it found on host-17. */
export function ranEvents(
  run: string,
  diagnostic: string,
  findings: readonly Finding[],
): readonly CaseEvent[] {
  const status = findings[0]?.status ?? 'ok';
  const report: HostReport = {
    host: 'host-17',
    status,
    durationMs: 800,
    coverage: { privilege: 'none', notes: ['3 of 98 processes readable'] },
    findings,
  };
  return [
    {
      type: 'run.started',
      run,
      diagnostic,
      params: {},
      hosts: ['host-17'],
      lane: 'room:20261120-7',
      thread: 'panel',
      reason: 'route',
    },
    { type: 'run.finished', run, status, durationMs: 900, reports: [report] },
  ];
}

type Told = readonly [minute: number, actor: Actor, event: CaseEvent];

function fixTold(): readonly Told[] {
  const fix = 'f1';
  const digest = sha256('plan');
  const offer = { fix: 'truncate-deleted-file', params: { pid: 991 } };
  const step = { id: 'truncate', argv: ['truncate', '-s', '0', '/proc/991/fd/4'] as const };
  const plan: Plan = {
    summary: 'truncate `/proc/991/fd/4`',
    steps: [
      {
        ...step,
        equivalent: ': > /proc/991/fd/4',
        why: 'frees the space',
        undo: null,
        timeoutSeconds: 10,
      },
    ],
    saved: {
      kind: 'file',
      path: '/var/tmp/housecall/docker.log.gz',
      bytes: 9,
      what: 'the log',
    },
    identity: {},
    preconditions: [],
    verification: 'the space is free',
  };
  const terms = { approvers: ['UBOB'], required: 1, selfApproval: false, expiresAt: at(40) };
  const ran = { ...step, exitCode: 0, output: `freed ${HOSTILE}`, outputSha256: sha256('freed') };
  return [
    [
      20,
      person('UADA'),
      {
        type: 'fix.reviewed',
        fix,
        offer,
        host: 'host-17',
        run: 'r1',
        finding: 'disk.filesystem-full',
      },
    ],
    [20, HOUSECALL, { type: 'fix.planned', fix, plan, digest, before: null }],
    [21, person('UADA'), { type: 'fix.requested', fix, digest, ...terms }],
    [
      22,
      person('UADA'),
      { type: 'fix.refused', fix, reason: 'you asked for it: another person approves' },
    ],
    [23, person('UBOB'), { type: 'fix.approved', fix, digest, token: 'ab'.repeat(32) }],
    [23, HOUSECALL, { type: 'fix.claimed', fix, worker: 'w1' }],
    [
      24,
      HOUSECALL,
      {
        type: 'fix.finished',
        fix,
        outcome: 'verified',
        reason: '',
        before: '100 % full',
        after: '12 % full',
        steps: [ran],
        lostWhen: 'the writer opens the file again',
      },
    ],
  ];
}

function told(): readonly Told[] {
  const runs = (minute: number, events: readonly CaseEvent[]): Told[] =>
    events.map((event) => [minute, HOUSECALL, event]);
  return [
    [
      0,
      OPSGENIE,
      {
        type: 'incident.opened',
        id: '20261120-7',
        title: ALERT.title,
        severity: 'SEV2',
        state: 'active',
        hosts: ['host-17'],
        invite: [],
        runbook: 'https://wiki.example.org/disk',
      },
    ],
    [
      0,
      OPSGENIE,
      {
        type: 'alert.received',
        alert: { ...ALERT, startsAt: at(-3) },
        hosts: ['host-17'],
        delivery: 'd1',
      },
    ],
    [0, HOUSECALL, { type: 'room.opened', channel: 'C0001FAKE', name: 'inc-20261120-7-disk' }],
    ...runs(1, ranEvents('r1', 'disk', diskFindings(82))),
    ...runs(2, ranEvents('r2', 'logs', logFindings())),
    ...runs(4, ranEvents('r3', 'ports', portFindings(27_900))),
    [5, person('UADA'), { type: 'incident.acknowledged', via: 'slack' }],
    [6, person('UADA'), { type: 'role.assigned', role: 'commander', user: 'UADA' }],
    [
      8,
      person('UADA'),
      { type: 'update.posted', text: 'The disk of host-17 is full; we empty a log.' },
    ],
    ...runs(12, ranEvents('r4', 'disk', diskFindings(93, true))),
    [
      13,
      person('UBOB'),
      {
        type: 'timeline.added',
        ts: tsOf(9),
        via: 'pushpin',
        author: 'UADA',
        text: `it is the log ${HOSTILE}`,
      },
    ],
    ...fixTold(),
    ...runs(26, ranEvents('r5', 'ports', portFindings(20_100))),
    [27, person('UADA'), { type: 'incident.mitigated', reason: 'space is free' }],
    [
      30,
      person('UADA'),
      { type: 'incident.resolved', reason: 'the disk has room again', via: 'slack' },
    ],
    [32, person('UADA'), { type: 'incident.closing' }],
  ];
}

/** Slack's name of a message that was said so many minutes after the beginning. */
export function tsOf(minutes: number, n = 100): string {
  return `${Math.floor(START / 1000 + minutes * 60)}.${String(n).padStart(6, '0')}`;
}

export function said(ts: string, text: string, more: Partial<RoomMessage> = {}): RoomMessage {
  return {
    ts,
    author: 'UADA',
    authorName: 'Ada Lovelace',
    text,
    reactions: [],
    files: [],
    ...more,
  };
}

function messages(extra: number): readonly RoomMessage[] {
  const bob = { author: 'UBOB', authorName: 'Bob' };
  const bot = { author: 'Housecall', authorName: 'Housecall', bot: true } as const;
  return [
    said(tsOf(0), 'SEV2 disk usage above 75 % on host-17', bot),
    said(tsOf(3), 'I am looking, <@UBOB> please check the deploy of 11:50'),
    said(tsOf(4), 'nothing was deployed', { ...bob, thread: tsOf(3) }),
    said(tsOf(4, 200), 'thanks', { thread: tsOf(3) }),
    said(tsOf(9), `it is the log ${HOSTILE}`, {
      reactions: [{ name: 'pushpin', users: ['UBOB'] }],
      permalink: 'https://example.slack.com/archives/C1/p1',
    }),
    said(tsOf(10), 'the graph of the last day', {
      files: [
        {
          id: 'F1',
          name: `graph ${HOSTILE}.png`,
          url: 'https://files.slack.com/1',
          path: 'files/F1-graph.png',
        },
        {
          id: 'F2',
          name: 'core.dump',
          url: 'https://files.slack.com/2',
          lost: 'larger than 50 MB',
        },
      ],
    }),
    said(tsOf(11), 'the log is at 102 GB', {
      ...bob,
      edited: at(12),
      earlier: [{ at: at(11), text: 'the log is at 10 GB' }],
    }),
    said(tsOf(14), 'password=hunter2', { ...bob, deletedAt: at(15) }),
    ...Array.from({ length: extra }, (_, n) =>
      said(tsOf(16 + n / 100, n % 1_000_000), `line ${n}: still looking at host-${n % 40}`, {
        ...(n % 2 === 0 ? bob : {}),
        ...(n % 7 === 3 ? { thread: tsOf(3) } : {}),
      }),
    ),
  ];
}

/** One incident in which everything happened that an archive can tell, and `extra` messages more. */
export function archiveStory(extra = 0): ArchiveInput {
  const entries = told().map(([minute, actor, event], n) => ({
    at: new Date(START + minute * 60_000 + n * 100).toISOString(),
    actor,
    event,
  }));
  return {
    records: chainRecords({ seq: 0, hash: GENESIS }, entries, sha256),
    messages: messages(extra),
    names: new Map([
      ['UADA', 'Ada Lovelace'],
      ['UBOB', 'Bob <script>'],
    ]),
    archivedAt: at(33),
    redact,
    sha256,
  };
}
