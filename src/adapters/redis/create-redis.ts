import type { AlertInbox } from '../../ports/alert-inbox.ts';
import type { Journal } from '../../ports/journal.ts';
import type { KeptFiles } from '../../ports/kept-files.ts';
import type { Log } from '../../ports/log.ts';
import type { Openings } from '../../ports/openings.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { PastIncidents } from '../../ports/past-incidents.ts';
import type { ReportStore } from '../../ports/report-store.ts';
import type { RoomLog } from '../../ports/room-log.ts';
import { createAlertInbox } from './alert-inbox.ts';
import { checkRedis, type RedisCheck } from './check-redis.ts';
import { openConnection } from './connection.ts';
import { createJournal } from './journal.ts';
import { createKeptFiles } from './kept-files.ts';
import { createKeys } from './keys.ts';
import { createOpenings } from './openings.ts';
import { createOutbox } from './outbox.ts';
import { createPastIncidents } from './past-incidents.ts';
import { type AddJob, createRelay } from './relay.ts';
import { createReportStore } from './report-store.ts';
import { createRoomLog } from './room-log.ts';
import { createSeen } from './seen.ts';
import { sweep } from './sweep.ts';
import { createWake } from './wake.ts';

export interface RedisOptions {
  readonly url: string;
  /** First part of every key. */
  readonly namespace?: string;
  readonly log: Log;
  /** How long one command may take before STORE_UNAVAILABLE, milliseconds. */
  readonly timeoutMs?: number;
}

/** Redis as the record: everything that must survive, over one connection (and one that listens). */
export interface RedisStore {
  readonly journal: Journal;
  readonly reports: ReportStore;
  readonly kept: KeptFiles;
  readonly inbox: AlertInbox;
  readonly outbox: Outbox;
  readonly openings: Openings;
  readonly past: PastIncidents;
  readonly roomLog: RoomLog;
  /** Whether a Slack request of this name came before; remembers it for ten minutes. */
  readonly seen: (once: string) => Promise<boolean>;
  /** Hands committed jobs to the queue until stopped; runs in every process. */
  relayJobs(add: AddJob, options?: { pollMs?: number }): { stop(): Promise<void> };
  /** Removes closed cases and deliveries older than the retention time. */
  sweep(retentionDays: number, now: Date): Promise<{ cases: number; deliveries: number }>;
  /** Whether this Redis would keep what it is given; never throws. */
  check(): Promise<RedisCheck>;
  close(): Promise<void>;
}

export function createRedis(options: RedisOptions): RedisStore {
  const { url, namespace = 'housecall', log, timeoutMs = 3000 } = options;
  const keys = createKeys(namespace);
  const connection = openConnection({ url, log, timeoutMs, purpose: 'store' });
  const wake = createWake({ url, log, timeoutMs, purpose: 'wake' }, keys.key('wake'));
  const relay = createRelay({ connection, keys, log });
  const onJobs = relay.kick;
  return {
    journal: createJournal({ connection, keys, onJobs }),
    reports: createReportStore(connection, keys),
    kept: createKeptFiles(connection, keys),
    inbox: createAlertInbox({ connection, keys, onJobs }),
    outbox: createOutbox({ connection, keys, wake }),
    openings: createOpenings(connection, keys),
    past: createPastIncidents(connection, keys),
    roomLog: createRoomLog(connection, keys),
    seen: createSeen(connection, keys),
    relayJobs: relay.run,
    sweep: (retentionDays, now) => sweep({ connection, keys }, retentionDays, now),
    check: () => checkRedis(connection, keys),
    close: async () => {
      await Promise.all([wake.close(), connection.close()]);
    },
  };
}
