import { FlowProducer, type IRedisClient, Queue } from 'bullmq';
import { HousecallError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import { producerConnection } from './connections.ts';
import { flowOf } from './flow.ts';
import { type QueueName, runJobId } from './jobs.ts';
import type { QueueTimes } from './settings.ts';

export type QueueClient = () => Promise<IRedisClient>;

export interface ProducerOptions {
  readonly url: string;
  readonly prefix: string;
  readonly times: QueueTimes;
  /** How long an operation may take before STORE_UNAVAILABLE, milliseconds. */
  readonly timeoutMs: number;
  readonly onError: (error: Error) => void;
}

/** The side that adds: one connection for all queues. */
export interface Producer {
  add(job: Job, key?: string): Promise<void>;
  /** Removes the hosts of a run that nobody works on yet. */
  dropWaiting(run: string): Promise<void>;
  /** For reading a queue, over the same connection. */
  queue(name: QueueName): Promise<Queue>;
  readonly client: QueueClient;
  /** In time, or STORE_UNAVAILABLE. `what` completes "queue: cannot …". */
  readonly within: <T>(what: string, work: Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

export function createProducer(options: ProducerOptions): Producer {
  const { url, prefix, times, timeoutMs, onError } = options;
  const flow = new FlowProducer({ prefix, connection: producerConnection(url, timeoutMs) });
  flow.on('error', onError);
  const client: QueueClient = () => flow.getBackend().client;
  const queues = new Map<QueueName, Queue>();
  const within = <T>(what: string, work: Promise<T>): Promise<T> => inTime(what, work, timeoutMs);

  const queue = async (name: QueueName): Promise<Queue> => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const made = new Queue(name, { prefix, connection: await client(), skipMetasUpdate: true });
    made.on('error', onError);
    queues.set(name, made);
    return made;
  };
  const add = async (job: Job, key?: string): Promise<void> => {
    const wanted = flowOf(job, key, times);
    const { job: parent } = await flow.add(wanted);
    const hosts = wanted.children?.length ?? 0;
    // BullMQ reports only the parent's error: a memory limit reached half-way would lose hosts.
    if (hosts === 0 || !(await parent.isWaitingChildren())) return;
    const {
      processed = 0,
      unprocessed = 0,
      ignored = 0,
      failed = 0,
    } = await parent.getDependenciesCount();
    const present = processed + unprocessed + ignored + failed;
    if (present < hosts && !(await isCancelled(job))) {
      throw new Error(`only ${present} of ${hosts} hosts were queued`);
    }
  };
  const isCancelled = async (job: Job): Promise<boolean> =>
    job.kind === 'run' && (await (await client()).get(`${prefix}:cancelled:${job.run}`)) !== null;

  return {
    client,
    queue,
    within,
    add: (job, key) => within(`add ${job.kind}`, add(job, key)),
    dropWaiting: async (run) => {
      const parent = await (await queue('run')).getJob(runJobId(run));
      await parent?.removeUnprocessedChildren();
    },
    close: async () => {
      for (const open of queues.values()) await open.close();
      await flow.close();
    },
  };
}

async function inTime<T>(what: string, work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer in ${timeoutMs / 1000} s`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    // Our own mistake is not Redis', and does not pass by waiting.
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new HousecallError('STORE_UNAVAILABLE', `queue: cannot ${what}: ${why}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
