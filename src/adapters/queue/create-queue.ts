import { setTimeout as sleep } from 'node:timers/promises';
import { createThrottle } from '../../core/throttle.ts';
import type { JobHandlers, JobQueue, Role } from '../../ports/job-queue.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { createCancellations } from './cancellations.ts';
import { createHostSlots } from './host-slots.ts';
import { PLACEMENT, type QueueName } from './jobs.ts';
import { createProcessor } from './processor.ts';
import { createProducer, type Producer } from './producer.ts';
import { type QueueWorker, startQueueWorker } from './queue-worker.ts';
import { createRunningJobs } from './running-jobs.ts';
import { type QueueTimes, SETTINGS, TIMES } from './settings.ts';

export interface QueueOptions {
  readonly url: string;
  /** First part of every key; `<namespace>:queue`. */
  readonly prefix?: string;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Hosts looked at at once by this process. */
  readonly concurrency?: number;
  /** Jobs of this process on one host at once. */
  readonly perHost?: number;
  /** How long adding may take before STORE_UNAVAILABLE, milliseconds. */
  readonly timeoutMs?: number;
  readonly times?: Partial<QueueTimes>;
}

export interface QueueDepth {
  readonly queue: QueueName;
  readonly waiting: number;
  /** Age of the job that waits longest; 0: none waits. */
  readonly oldestSeconds: number;
}

export interface BullQueue extends JobQueue {
  /** For `GET /metrics`. */
  depths(): Promise<readonly QueueDepth[]>;
}

/** What runs beside the hosts: they wait for Redis and Slack more than they work. */
const OTHER_CONCURRENCY: Readonly<Record<Exclude<QueueName, 'diagnose'>, number>> = {
  // Deliveries in their order: a close that overtakes its alert would find nothing to close.
  route: 1,
  case: 4,
  run: 4,
  plan: 4,
  fix: 2,
  deadline: 4,
};

/** The job queue on BullMQ. */
export function createQueue(options: QueueOptions): BullQueue {
  const { url, prefix = 'housecall:queue', log, metrics, concurrency = 20 } = options;
  const { perHost = 2, timeoutMs = 3000 } = options;
  const times: QueueTimes = { ...TIMES, ...options.times };
  const throttle = createThrottle(10_000);
  const onError = (error: Error): void => {
    const passed = throttle.pass(Date.now());
    if (passed !== null) log.error({ error: error.message, ...passed }, 'queue connection failed');
  };
  const producer = createProducer({ url, prefix, times, timeoutMs, onError });
  const cancellations = createCancellations(producer.client, prefix);
  const running = createRunningJobs();
  const hosts = createHostSlots(perHost);
  const workers: QueueWorker[] = [];
  let stopWatching: (() => void) | undefined;

  const start = (handlers: JobHandlers, roles: readonly Role[]): void => {
    const placed = Object.values(PLACEMENT).filter(({ role }) => roles.includes(role));
    for (const queue of new Set(placed.map((placement) => placement.queue))) {
      const shared = { queue, running, times, metrics };
      const process = createProcessor({ ...shared, handlers, cancellations, hosts });
      workers.push(
        startQueueWorker({
          ...shared,
          url,
          prefix,
          log,
          process,
          concurrency: queue === 'diagnose' ? concurrency : OTHER_CONCURRENCY[queue],
        }),
      );
    }
    stopWatching?.();
    stopWatching = cancellations.watch(running, times.cancelPollMs);
  };

  return {
    add: (job, key) => producer.add(job, key),
    cancelRun: (run) =>
      producer.within(
        `cancel run ${run}`,
        (async () => {
          // The mark first: a host that starts in between sees it.
          await cancellations.mark(run);
          await producer.dropWaiting(run);
          running.stop('cancelled', (job) => job.run === run);
        })(),
      ),
    start: async (handlers, roles) => start(handlers, roles),
    depths: () => producer.within('measure the queues', depths(producer)),
    close: async (graceSeconds) => {
      const drained = Promise.all(workers.map((worker) => worker.drain().catch(onError)));
      await Promise.race([running.idle(), after(graceSeconds * 1000)]);
      running.stop('shutdown', () => true);
      await Promise.race([running.idle(), after(times.abortMs)]);
      running.leaveBehind();
      // Redis may be away: what could not be given back is found by the stall check.
      await Promise.race([drained, after(times.abortMs)]);
      await Promise.all(workers.map((worker) => worker.cut().catch(onError)));
      stopWatching?.();
      // BullMQ says goodbye to Redis and fails when it is away just then: there is nothing left to lose.
      await Promise.race([producer.close().catch(onError), after(1000)]);
    },
  };
}

/** A limit, not a reason to stay: the process may end before. */
async function after(ms: number): Promise<void> {
  await sleep(ms, undefined, { ref: false });
}

async function depths(producer: Producer): Promise<QueueDepth[]> {
  const names = Object.keys(SETTINGS) as QueueName[];
  return await Promise.all(
    names.map(async (name) => {
      const queue = await producer.queue(name);
      const [waiting, [oldest]] = await Promise.all([
        queue.getWaitingCount(),
        queue.getJobs(['waiting'], 0, 0, true),
      ]);
      const oldestSeconds = oldest === undefined ? 0 : (Date.now() - oldest.timestamp) / 1000;
      return { queue: name, waiting, oldestSeconds: Math.max(0, oldestSeconds) };
    }),
  );
}
