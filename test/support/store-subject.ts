import type { Job } from '../../src/core/job.ts';
import type { AlertInbox } from '../../src/ports/alert-inbox.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { KeptFiles } from '../../src/ports/kept-files.ts';
import type { Openings } from '../../src/ports/openings.ts';
import type { Outbox } from '../../src/ports/outbox.ts';
import type { PastIncidents } from '../../src/ports/past-incidents.ts';
import type { ReportStore } from '../../src/ports/report-store.ts';
import type { RoomLog } from '../../src/ports/room-log.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeStore } from './fake-journal.ts';

/** A store under test: the fake, or the real one. */
export interface StoreSubject {
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly inbox: AlertInbox;
  readonly reports: ReportStore;
  readonly kept: KeptFiles;
  readonly openings: Openings;
  readonly past: PastIncidents;
  readonly roomLog: RoomLog;
  /** Hands waiting jobs over, as the relay does, and returns them. */
  handOver(): Promise<readonly { readonly job: Job; readonly key: string }[]>;
  /** Lets time pass, for leases. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export type MakeStore = () => Promise<StoreSubject>;

export const makeFakeStore: MakeStore = async () => {
  const clock = createFakeClock();
  const store = createFakeStore(clock);
  return {
    ...store,
    handOver: async () => {
      const handed: { job: Job; key: string }[] = [];
      await store.relayJobs(async (job, key) => {
        handed.push({ job, key });
      });
      return handed;
    },
    pass: async (ms) => clock.advance(ms),
    close: async () => undefined,
  };
};
