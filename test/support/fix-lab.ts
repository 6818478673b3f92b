import { createHash, createHmac } from 'node:crypto';
import type { FixState } from '../../src/core/approval/fix-state.ts';
import type { ApprovalPolicy } from '../../src/core/approval/policy.ts';
import type { Roles } from '../../src/core/approval/roles.ts';
import type { ChatOperation, Lane } from '../../src/core/chat-operation.ts';
import { HousecallError } from '../../src/core/errors.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Host } from '../../src/core/fleet/host.ts';
import type { CaseEvent } from '../../src/core/incident/event.ts';
import type { Actor, Person } from '../../src/core/person.ts';
import type { Fix } from '../../src/fixes/contract.ts';
import type { Hashing } from '../../src/ports/hashing.ts';
import { approveFix } from '../../src/workflows/fix/approve-fix.ts';
import { type ExecuteFixDeps, executeFix } from '../../src/workflows/fix/execute-fix.ts';
import type { ClickDeps } from '../../src/workflows/fix/fix-deps.ts';
import { planFix } from '../../src/workflows/fix/plan-fix.ts';
import { requestFix } from '../../src/workflows/fix/request-fix.ts';
import { reviewFix } from '../../src/workflows/fix/review-fix.ts';
import { readCase } from '../../src/workflows/record/transact.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeStore, type FakeStore } from './fake-journal.ts';
import { sampleFix } from './sample-fix.ts';
import { createSampleHost, type SampleHost } from './sample-host.ts';

export const STREAM = '20261120-7';
export const person = (user: string, team = 'T1'): Person => ({ team, user });
/** Who is who in the lab's case. */
export const WHO = {
  declarer: person('UDECLARE'),
  runner: person('URUN'),
  requester: person('UREQUEST'),
  approver: person('UAPPROVE'),
  second: person('USECOND'),
  stranger: person('USTRANGER'),
};

export const testHashing = (key = 'approval key'): Hashing => {
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  return {
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    sign,
    verify: (text, signature) => sign(text) === signature,
  };
};

export interface FixLab {
  readonly store: FakeStore;
  readonly clock: FakeClock;
  readonly host: SampleHost;
  /** All dependencies of all workflows about fixes; change at will. */
  readonly deps: { -readonly [Key in keyof AllDeps]: AllDeps[Key] };
  readonly counted: string[];
  fix(id: string): Promise<FixState>;
  record(actor: Actor, events: readonly CaseEvent[]): Promise<void>;
  said(lane?: Lane): readonly ChatOperation[];
  jobs(kind: string): number;
  /** Review, plan and request by UREQUEST; returns what the buttons carry. */
  requested(words?: string): Promise<{ stream: string; fix: string; digest: string }>;
  /** The same and approved by UAPPROVE. */
  approved(): Promise<{ stream: string; fix: string; digest: string }>;
  execute(fix: string): Promise<void>;
  /** Runs the job, and says whether the host is as it was. */
  untouched(fix: string): Promise<boolean>;
}
type AllDeps = ClickDeps & ExecuteFixDeps;

export const POLICY: ApprovalPolicy = {
  required: 1,
  expiresMinutes: 15,
  selfApproval: false,
  rules: [],
};

interface LabCase {
  readonly openedBy?: Actor;
  readonly startedBy?: Actor;
  /** `data` of the finding that offers the fix. */
  readonly finding?: Finding['data'];
}

/** An incident declared by UDECLARE with a diagnosis run by URUN that offers the sample fix. */
export async function createFixLab(options: LabCase = {}): Promise<FixLab> {
  const clock = createFakeClock();
  const store = createFakeStore(clock);
  const host = createSampleHost({ inode: '42', bytes: 1000, room: true });
  const counted: string[] = [];
  const deps: FixLab['deps'] = {
    journal: store.journal,
    clock,
    hashing: testHashing(),
    fix: onlyFix(sampleFix()),
    inventory: new Map([['host-17', inventoryHost()]]),
    metrics: {
      count: (name, labels) => counted.push([name, ...Object.values(labels)].join(' ')),
      observe: () => {},
    },
    approvals: POLICY,
    approvers: ['UAPPROVE', 'S0456'],
    roles: async (): Promise<Roles> => ({
      team: 'T1',
      operators: ['UREQUEST', 'URUN', 'UDECLARE', 'UAPPROVE'],
      approvers: ['UAPPROVE', 'USECOND', 'UREQUEST', 'URUN', 'UDECLARE'],
    }),
    remote: host,
    kept: store.kept,
    writer: host,
    redact: (text) => text.replaceAll('hunter2-secret', '[redacted]'),
    saveDirectory: '/save',
    worker: 'worker-1',
  };
  const lab: FixLab = {
    store,
    clock,
    host,
    deps,
    counted,
    fix: async (id) => {
      const fix = (await readCase(store.journal, STREAM)).fixes.get(id);
      if (fix === undefined) throw new Error(`no fix ${id}`);
      return fix;
    },
    record: async (actor, events) => {
      const { seq } = await readCase(store.journal, STREAM);
      const at = clock.now().toISOString();
      const commit = { stream: STREAM, expectedSeq: seq, at, actor, events };
      if (!(await store.journal.commit(commit)).ok) throw new Error('not committed');
    },
    said: (lane = `room:${STREAM}`) => store.outbox.waiting(lane),
    jobs: (kind) => store.jobs.filter(({ job }) => job.kind === kind).length,
    requested: async (words) => {
      const value = { stream: STREAM, run: 'run1', host: 'host-17', finding: 0, offer: 0 };
      const fix = await reviewFix(deps, { value, person: WHO.requester, view: 'V1' });
      const signal = new AbortController().signal;
      await planFix(deps, { stream: STREAM, fix }, { signal, lastTry: true });
      const digest = (await lab.fix(fix)).digest ?? '';
      const decision = { stream: STREAM, fix, digest };
      await requestFix(deps, {
        value: decision,
        person: WHO.requester,
        ...(words === undefined ? {} : { words }),
      });
      return decision;
    },
    approved: async () => {
      const value = await lab.requested();
      await approveFix(deps, { value, person: WHO.approver });
      return value;
    },
    untouched: async (fix) => {
      await lab.execute(fix);
      return host.done.length === 0 && host.marks.size === 0 && host.state.bytes === 1000;
    },
    execute: (fix) =>
      executeFix(deps, { stream: STREAM, fix }, { signal: new AbortController().signal }),
  };
  await openCase(lab, options);
  return lab;
}

export function onlyFix(fix: Fix): (id: string) => Fix {
  return (id) => {
    if (id === fix.id) return fix;
    throw new HousecallError('NOT_FOUND', `fix ${id}: there is none`);
  };
}

function inventoryHost(): Host {
  return {
    name: 'host-17',
    address: '10.0.0.17',
    port: 22,
    user: 'housecall',
    groups: ['docker', 'prod'],
    aliases: [],
    sudo: true,
    knownHostsFile: '/dev/null',
    connectTimeoutSeconds: 8,
  };
}

async function openCase(lab: FixLab, by: LabCase): Promise<void> {
  const opened: CaseEvent = {
    type: 'incident.opened',
    id: STREAM,
    title: 'Disk full',
    severity: 'SEV2',
    state: 'active',
    hosts: ['host-17'],
    invite: [],
  };
  await lab.record(by.openedBy ?? { kind: 'person', ...WHO.declarer }, [opened]);
  await lab.record(by.startedBy ?? { kind: 'person', ...WHO.runner }, [
    {
      type: 'run.started',
      run: 'run1',
      diagnostic: 'disk',
      params: {},
      hosts: ['host-17'],
      lane: `room:${STREAM}`,
      thread: 'panel',
      reason: 'command',
    },
  ]);
  const finding = {
    code: 'disk.deleted-open-file',
    status: 'critical',
    subject: '/var/lib/docker',
    title: 'a deleted file',
    detail: '',
    data: by.finding ?? {},
    evidence: [],
    fixes: [{ fix: 'sample', params: { inode: '42' } }],
    next: [],
  } as const;
  const coverage = { privilege: 'root', notes: [] } as const;
  await lab.record({ kind: 'housecall' }, [
    {
      type: 'run.finished',
      run: 'run1',
      status: 'critical',
      durationMs: 1,
      reports: [
        { host: 'host-17', status: 'critical', durationMs: 1, coverage, findings: [finding] },
      ],
    },
  ]);
}
