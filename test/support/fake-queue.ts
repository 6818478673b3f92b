import { type HandlerName, hostJobId, jobId, PLACEMENT } from '../../src/adapters/queue/jobs.ts';
import { HousecallError } from '../../src/core/errors.ts';
import type { Job } from '../../src/core/job.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { JobContext, JobHandlers, JobQueue, Role } from '../../src/ports/job-queue.ts';
import { createFakeClock } from './fake-clock.ts';

interface Task {
  readonly id: string;
  readonly name: HandlerName;
  readonly ids: Readonly<Record<string, string>>;
  readonly dueAt: number;
  readonly run?: string;
}

export interface FakeQueue extends JobQueue {
  /** Runs everything that is due, and what follows from it, until nothing is left to do. */
  settle(): Promise<void>;
  /** Jobs that failed for good. */
  readonly failed: { readonly name: HandlerName; readonly error: unknown }[];
  /** Jobs that wait: not started, or not due. */
  readonly waiting: readonly { readonly name: HandlerName; readonly dueAt: number }[];
}

const ATTEMPTS = 3;

/**
 * Runs handlers in this process, one after the other, as soon as they are added. A job with a delay
 * waits until the clock was moved and `settle` was called.
 */
export function createFakeQueue(clock: Clock = createFakeClock()): FakeQueue {
  const known = new Set<string>();
  const tasks: Task[] = [];
  const failed: FakeQueue['failed'] = [];
  /** Hosts of a run that have neither reported nor failed for good. */
  const pending = new Map<string, { hosts: number; finish: Task }>();
  const running = new Map<AbortController, string | undefined>();
  let handlers: JobHandlers | null = null;
  let roles: readonly Role[] = [];
  let pump: Promise<void> | null = null;

  const next = (): Task | undefined => {
    const at = tasks.findIndex(
      (task) => roles.includes(PLACEMENT[task.name].role) && task.dueAt <= clock.now().getTime(),
    );
    return at === -1 ? undefined : tasks.splice(at, 1)[0];
  };
  const finished = (task: Task): void => {
    const parent = task.run === undefined ? undefined : pending.get(task.run);
    if (parent === undefined || --parent.hosts > 0) return;
    pending.delete(task.run ?? '');
    tasks.push(parent.finish);
  };
  const perform = async (task: Task, to: JobHandlers): Promise<void> => {
    const attempts = task.name === 'execute-fix' ? 1 : ATTEMPTS;
    const controller = new AbortController();
    running.set(controller, task.run);
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      try {
        await call(to, task, { signal: controller.signal, attempt });
        break;
      } catch (error) {
        const again = error instanceof HousecallError && error.retryable && attempt < attempts;
        if (again && !controller.signal.aborted) continue;
        failed.push({ name: task.name, error });
        break;
      }
    }
    running.delete(controller);
    finished(task);
  };
  const work = async (): Promise<void> => {
    // One turn later, so that a handler which adds a job is not run inside itself.
    await Promise.resolve();
    for (let task = next(); task !== undefined && handlers !== null; task = next()) {
      await perform(task, handlers);
    }
    pump = null;
  };
  const kick = (): Promise<void> => {
    if (handlers === null) return Promise.resolve();
    pump ??= work();
    return pump;
  };

  return {
    failed,
    waiting: tasks,
    add: async (job, key) => {
      const id = jobId(job, key);
      if (known.has(id)) return;
      known.add(id);
      enqueue(job, { id, tasks, pending, now: clock.now().getTime() });
      void kick();
    },
    cancelRun: async (run) => {
      for (const [controller, of] of running) {
        if (of !== run) continue;
        const context = { reason: 'cancelled' };
        controller.abort(new HousecallError('CANCELLED', `run ${run}: cancelled`, { context }));
      }
      const cancelled = tasks.filter((task) => task.run === run);
      for (const task of cancelled) {
        tasks.splice(tasks.indexOf(task), 1);
        finished(task);
      }
      void kick();
    },
    start: async (to, of) => {
      handlers = to;
      roles = of;
      void kick();
    },
    close: async () => {
      handlers = null;
      await pump;
    },
    settle: async () => {
      do await kick();
      while (
        tasks.some(
          (task) =>
            task.dueAt <= clock.now().getTime() && roles.includes(PLACEMENT[task.name].role),
        )
      );
    },
  };
}

interface Into {
  readonly id: string;
  readonly tasks: Task[];
  readonly pending: Map<string, { hosts: number; finish: Task }>;
  readonly now: number;
}

function enqueue(job: Job, { id, tasks, pending, now }: Into): void {
  if (job.kind !== 'run') {
    const { kind, ...rest } = job;
    const delay = 'delaySeconds' in job ? job.delaySeconds * 1000 : 0;
    const ids = Object.fromEntries(
      Object.entries(rest).filter(([name]) => name !== 'delaySeconds'),
    );
    tasks.push({ id, name: kind, ids: ids as Record<string, string>, dueAt: now + delay });
    return;
  }
  const { stream, run, hosts } = job;
  const finish: Task = { id, name: 'finish-run', ids: { stream, run }, dueAt: now };
  const names = [...new Set(hosts)];
  if (names.length === 0) tasks.push(finish);
  else pending.set(run, { hosts: names.length, finish });
  for (const host of names) {
    const child = hostJobId(run, host);
    tasks.push({ id: child, name: 'diagnose-host', ids: { stream, run, host }, dueAt: now, run });
  }
}

async function call(handlers: JobHandlers, task: Task, context: JobContext): Promise<void> {
  const { stream = '', run = '', host = '', fix = '', delivery = '' } = task.ids;
  switch (task.name) {
    case 'route-alert':
      return handlers['route-alert']({ delivery }, context);
    case 'diagnose-host':
      return handlers['diagnose-host']({ stream, run, host }, context);
    case 'finish-run':
      return handlers['finish-run']({ stream, run }, context);
    case 'plan-fix':
    case 'execute-fix':
    case 'check-fix':
    case 'watch-fix':
      return handlers[task.name]({ stream, fix }, context);
    case 'close-incident':
      return handlers['close-incident']({ stream }, context);
  }
}
