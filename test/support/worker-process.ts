import { setTimeout as sleep } from 'node:timers/promises';
import { createQueue } from '../../src/adapters/queue/create-queue.ts';
import { createRedis } from '../../src/adapters/redis/create-redis.ts';
import type { JobHandlers } from '../../src/ports/job-queue.ts';
import { createRecorder } from './job-recorder.ts';
import { QUICK } from './queue-times.ts';
import { silentLog } from './redis.ts';

/**
 * A worker in a process of its own, for tests that kill it. Arguments: Redis URL, namespace, what its
 * handlers do with a host or a fix: `hang` until aborted, be `deaf` to the abort, or `die`.
 * Says on standard output what happens; SIGTERM closes it with a grace of 0.1 s.
 */
const [url = '', namespace = '', behaviour = ''] = process.argv.slice(2);

function say(...words: string[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}

async function behave(what: string, signal: AbortSignal): Promise<void> {
  say('start', what);
  if (behaviour === 'die') process.kill(process.pid, 'SIGKILL');
  if (behaviour === 'deaf') await sleep(60_000);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const reason: unknown = signal.reason;
  say('abort', what, reason instanceof Error ? reason.message : '');
  throw reason;
}

const store = createRedis({ url, namespace, log: silentLog });
const queue = createQueue({ url, prefix: `${namespace}:queue`, log: silentLog, times: QUICK });
const handlers: JobHandlers = createRecorder().handlers({
  'diagnose-host': ({ host }, { signal }) => behave(host, signal),
  'execute-fix': ({ fix }, { signal }) => behave(fix, signal),
  'finish-run': async ({ run }) => say('finish', run),
});
await queue.start(handlers, ['worker']);
process.on('SIGTERM', () => {
  void queue
    .close(0.1)
    .then(() => store.close())
    .then(() => {
      say('closed');
      process.exit(0);
    });
});
say('ready');
