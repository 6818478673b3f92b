import { setTimeout as sleep } from 'node:timers/promises';

/** What goes on by itself until it is stopped. */
export interface Repeated {
  stop(): Promise<void>;
}

export interface RepeatOptions {
  /** Pause between the end of a round and the next one. */
  readonly everyMs: number;
  /** A round that failed: the next one comes all the same. */
  readonly failed: (error: unknown) => void;
  /** So long `stop` waits for the round that is going. Default: until it has ended. */
  readonly graceMs?: number;
}

/** Runs rounds one after the other, the first at once; a round asks `stopped` between its steps. */
export function repeat(
  round: (stopped: () => boolean) => Promise<void>,
  { everyMs, failed, graceMs }: RepeatOptions,
): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const go = async (): Promise<void> => {
    await round(() => isStopped).catch(failed);
    if (!isStopped) timer = setTimeout(again, everyMs);
  };
  let current = Promise.resolve();
  const again = (): void => {
    current = go();
  };
  again();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      const grace = graceMs === undefined ? [] : [sleep(graceMs, undefined, { ref: false })];
      await Promise.race([current, ...grace]);
    },
  };
}
