import { setTimeout as sleep } from 'node:timers/promises';
import { type BullQueue, createQueue } from '../../src/adapters/queue/create-queue.ts';
import { createRedis, type RedisStore } from '../../src/adapters/redis/create-redis.ts';
import type { JobHandlers } from '../../src/ports/job-queue.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import { createRecorder, type Recorder } from './job-recorder.ts';
import { QUICK } from './queue-times.ts';
import { silentLog, type TestRedis } from './redis.ts';
import { type SpawnedWorker, spawnWorker } from './spawn-worker.ts';

/** For waiting until something happened, however slow the machine is. */
export const POLL = { timeout: 20_000, interval: 20 };

/** Several processes' worth of stores, queues and workers on one namespace of a real Redis. */
export interface QueueSite {
  readonly namespace: string;
  readonly jobs: Recorder;
  openQueue(more?: { log?: Log; metrics?: Metrics }): BullQueue;
  openStore(): RedisStore;
  spawnWorker(behaviour: 'hang' | 'deaf' | 'die'): Promise<SpawnedWorker>;
  /** A worker in this process that reports its hosts. */
  startReporting(special?: Partial<JobHandlers>): Promise<RedisStore>;
  close(): Promise<void>;
}

export function createQueueSite(redis: TestRedis): QueueSite {
  const namespace = redis.namespace();
  const jobs = createRecorder();
  const queues: BullQueue[] = [];
  const stores: RedisStore[] = [];
  const workers: SpawnedWorker[] = [];

  const openQueue: QueueSite['openQueue'] = (more = {}) => {
    const prefix = `${namespace}:queue`;
    const queue = createQueue({ url: redis.url, prefix, log: silentLog, times: QUICK, ...more });
    queues.push(queue);
    return queue;
  };
  const openStore: QueueSite['openStore'] = () => {
    const store = createRedis({ url: redis.url, namespace, log: silentLog });
    stores.push(store);
    return store;
  };
  return {
    namespace,
    jobs,
    openQueue,
    openStore,
    spawnWorker: async (behaviour) => {
      const worker = await spawnWorker(redis.url, namespace, behaviour);
      workers.push(worker);
      return worker;
    },
    startReporting: async (special = {}) => {
      const store = openStore();
      const report: JobHandlers['diagnose-host'] = async ({ run, host }) => {
        await sleep(50);
        const coverage = { privilege: 'none', notes: [] } as const;
        const first = await store.reports.put(run, {
          host,
          status: 'ok',
          durationMs: 1,
          findings: [],
          coverage,
        });
        if (first) jobs.note('diagnose-host', { host });
      };
      await openQueue().start(jobs.handlers({ 'diagnose-host': report, ...special }), ['worker']);
      return store;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
      await Promise.all(queues.map((queue) => queue.close(0)));
      await Promise.all(stores.map((store) => store.close()));
    },
  };
}

export function runOf(...hosts: string[]) {
  return { kind: 'run', stream: 's', run: 'r1', hosts } as const;
}
