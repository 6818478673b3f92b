import type { WebConfig, WorkerConfig } from '../config/require-for-start.ts';
import { HousecallError } from '../core/errors.ts';
import type { JobHandlers, Role } from '../ports/job-queue.ts';
import type { Log } from '../ports/log.ts';
import { createCoreParts } from './core-parts.ts';
import { TIMES, type Times } from './times.ts';
import { startWeb } from './web.ts';
import { createWorker } from './worker.ts';

export interface Running {
  /** Where webhooks arrive; null without the web role. */
  readonly address: string | null;
  stop(): Promise<void>;
}

/** Records older than the retention time are removed this often. */
const SWEEP_MS = 60 * 60 * 1000;

/** Starts the roles in this process. Any number of processes may share one Redis, with the same times. */
export async function startRoles(
  config: WorkerConfig,
  roles: readonly Role[],
  log: Log,
  options: { readonly times?: Times; readonly namespace?: string } = {},
): Promise<Running> {
  const { times = TIMES, namespace = 'housecall' } = options;
  const parts = createCoreParts(config, roles, { log, times, namespace });
  const stops: (() => Promise<void>)[] = [() => parts.store.close()];
  const stop = async (): Promise<void> => {
    for (let step = stops.pop(); step !== undefined; step = stops.pop()) await step();
  };
  try {
    await requireDurableRedis(() => parts.store.check(), log);
    const worker = roles.includes('worker') ? createWorker(parts) : null;
    if (worker !== null) stops.push(() => worker.stop());
    const web = roles.includes('web') ? await startWeb(config as WebConfig, parts) : null;
    const relay = parts.store.relayJobs((job, key) => parts.queue.add(job, key));
    const sweeping = setInterval(() => {
      parts.store.sweep(config.retentionDays, parts.clock.now()).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'old records were not removed; tried again later');
      });
    }, SWEEP_MS);
    stops.push(async () => {
      clearInterval(sweeping);
      // First no new work, then what runs, then what it said goes out.
      await parts.queue.close(times.graceSeconds);
      await relay.stop();
      await web?.stop();
    });
    await parts.queue.start({ ...notHere, ...worker?.handlers, ...web?.handlers }, roles);
    return { address: web?.address ?? null, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function requireDurableRedis(
  check: () => Promise<{ readonly ok: boolean; readonly problems: readonly string[] }>,
  log: Log,
): Promise<void> {
  const { ok, problems } = await check();
  if (!ok) {
    throw new HousecallError('STORE_UNAVAILABLE', `redis: ${problems.join('; ')}`, {
      context: { problems },
    });
  }
  for (const problem of problems) log.warn({ problem }, 'redis');
}

const elsewhere = async (): Promise<never> => {
  throw new HousecallError('STATE_CONFLICT', 'this job belongs to another role');
};

const notHere: JobHandlers = {
  'route-alert': elsewhere,
  'diagnose-host': elsewhere,
  'finish-run': elsewhere,
  'plan-fix': elsewhere,
  'execute-fix': elsewhere,
  'check-fix': elsewhere,
  'watch-fix': elsewhere,
  'close-incident': elsewhere,
};
