import { chainRecords, GENESIS } from '../../src/core/audit/chain.ts';
import type { EventRecord } from '../../src/core/incident/event.ts';
import type { Job } from '../../src/core/job.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Commit, CommitResult, Journal } from '../../src/ports/journal.ts';
import type { KeptFiles } from '../../src/ports/kept-files.ts';
import type { Openings } from '../../src/ports/openings.ts';
import type { PastIncidents } from '../../src/ports/past-incidents.ts';
import type { RoomLog } from '../../src/ports/room-log.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeInbox, type FakeInbox } from './fake-inbox.ts';
import { createFakeKeptFiles } from './fake-kept-files.ts';
import { createFakeOutbox, type FakeOutbox } from './fake-outbox.ts';
import { createFakeOpenings, createFakePast } from './fake-past.ts';
import { createFakeReports } from './fake-reports.ts';
import { createFakeRoomLog } from './fake-room-log.ts';
import { sha256 } from './sha256.ts';

/** A job that a commit asked for, with the name of the commit's row (`key` of `JobQueue.add`). */
export interface FakeJobRow {
  readonly key: string;
  readonly job: Job;
}

export interface FakeStore {
  readonly journal: Journal;
  readonly outbox: FakeOutbox;
  readonly inbox: FakeInbox;
  readonly reports: ReturnType<typeof createFakeReports>;
  readonly kept: KeptFiles;
  readonly openings: Openings;
  readonly past: PastIncidents;
  readonly roomLog: RoomLog;
  /** Jobs committed (or received) and not handed on yet, oldest first. */
  readonly jobs: FakeJobRow[];
  /** Hands every waiting job on; one that throws stays. */
  relayJobs(add: (job: Job, key: string) => Promise<void>): Promise<void>;
}

/** Everything that Redis keeps, in memory: same behaviour, checked by the same contract suites. */
export function createFakeStore(clock: Clock = createFakeClock()): FakeStore {
  const jobs: FakeJobRow[] = [];
  const outbox = createFakeOutbox(clock);
  const relayJobs: FakeStore['relayJobs'] = async (add) => {
    for (let row = jobs[0]; row !== undefined; row = jobs[0]) {
      await add(row.job, row.key);
      jobs.splice(jobs.indexOf(row), 1);
    }
  };
  return {
    journal: createFakeJournal(outbox, jobs),
    outbox,
    inbox: createFakeInbox(jobs, clock),
    reports: createFakeReports(),
    kept: createFakeKeptFiles(),
    openings: createFakeOpenings(),
    past: createFakePast(),
    roomLog: createFakeRoomLog(),
    jobs,
    relayJobs,
  };
}

function createFakeJournal(outbox: FakeOutbox, jobs: FakeJobRow[]): Journal {
  const streams = new Map<string, EventRecord[]>();
  const claims = new Map<string, string>();
  const opened: string[] = [];
  const numbers = new Map<string, number>();
  let rows = 0;

  const commit = (wanted: Commit): CommitResult => {
    const records = streams.get(wanted.stream) ?? [];
    if (records.length !== wanted.expectedSeq) return { ok: false, reason: 'conflict' };
    for (const claim of wanted.claims ?? []) {
      const by = claims.get(claim);
      if (by !== undefined && by !== wanted.stream && by !== wanted.takesFrom) {
        return { ok: false, reason: 'claimed', claim, by };
      }
    }
    const head = { seq: records.length, hash: records.at(-1)?.hash ?? GENESIS };
    const entries = wanted.events.map((event) => ({ at: wanted.at, actor: wanted.actor, event }));
    const added = chainRecords(head, entries, sha256);
    streams.set(wanted.stream, [...records, ...added]);
    for (const [claim, by] of wanted.releaseAll === true ? claims : []) {
      if (by === wanted.stream && !claim.startsWith('channel:')) claims.delete(claim);
    }
    for (const claim of wanted.releases ?? []) {
      if (claims.get(claim) === wanted.stream) claims.delete(claim);
    }
    for (const claim of wanted.claims ?? []) claims.set(claim, wanted.stream);
    const name = (): string => `${wanted.stream}/${head.seq + added.length}/${++rows}`;
    for (const row of wanted.chat ?? []) outbox.append(row, { id: name(), stream: wanted.stream });
    for (const job of wanted.jobs ?? []) jobs.push({ key: name(), job });
    setOpen(opened, wanted);
    return { ok: true, records: added };
  };

  return {
    read: async (stream, afterSeq = 0) =>
      structuredClone((streams.get(stream) ?? []).slice(afterSeq)),
    commit: async (wanted) => commit(structuredClone(wanted)),
    owner: async (claim) => claims.get(claim) ?? null,
    open: async () => [...opened],
    nextNumber: async (day) => {
      const next = (numbers.get(day) ?? 0) + 1;
      numbers.set(day, next);
      return next;
    },
  };
}

function setOpen(opened: string[], { stream, open }: Commit): void {
  const at = opened.indexOf(stream);
  if (open === true && at === -1) opened.push(stream);
  if (open === false && at !== -1) opened.splice(at, 1);
}
