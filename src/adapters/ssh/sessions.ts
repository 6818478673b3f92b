import type { Client } from 'ssh2';
import { openRunner, type Runner, SessionRefused } from './runner.ts';

export interface SessionsOptions {
  readonly client: Client;
  readonly sudo: boolean;
  /** How long the server may take to answer for one channel. */
  readonly openTimeoutSeconds: number;
  /** Commands at the same time on this connection. */
  readonly concurrency: number;
  /** How many readers may wait while commands follow each other quickly; one waits when all is quiet. */
  readonly spares: number;
}

/** The channels of one connection: a spare waits, the rest is queued within the server's MaxSessions. */
export interface Sessions {
  /**
   * A reader for one command. A spare answers in one round trip; `fresh` opens a new channel, which
   * proves that the connection is alive.
   * @throws SessionRefused when the server allows no session at all; the abort reason.
   */
  take(options: { readonly fresh: boolean; readonly signal?: AbortSignal }): Promise<Runner>;
  /** A reader for stopping another command, outside the queue; null when the server allows no more. */
  takeForStop(): Promise<Runner | null>;
  /** The command of this reader is over (or was never started). */
  release(runner: Runner): void;
  /** Commands that run now. */
  running(): number;
}

interface Waiting {
  readonly fresh: boolean;
  /** How often the server refused although nothing of ours was open. */
  refusals: number;
  readonly settle: (runner: Runner) => void;
  readonly fail: (error: unknown) => void;
}

/** How long a burst of commands keeps more than one spare. */
const BURST_MS = 5000;
/** A session that we closed may still be counted by the server until its process has ended. */
const REFUSAL_PAUSE_MS = 250;
const REFUSALS = 8;

export function createSessions(options: SessionsOptions): Sessions {
  const { client, concurrency, spares } = options;
  const spare: Runner[] = [];
  const running = new Set<Runner>();
  const waiting: Waiting[] = [];
  let channels = 0;
  /** Readers being opened: for commands, and as spares. */
  let opening = 0;
  let coming = 0;
  let learnt = Number.POSITIVE_INFINITY;
  let lastTaken = 0;
  let dead = false;
  let pausing = false;
  let quiet: NodeJS.Timeout | undefined;
  client.once('close', () => {
    dead = true;
    clearTimeout(quiet);
    for (const one of waiting.splice(0)) one.fail(new Error('the connection was closed'));
  });

  // One channel is kept back for stopping a command, unless the server allows only one.
  const mayRun = (): boolean =>
    running.size + opening < Math.min(concurrency, Math.max(1, learnt - 1));
  const open = async (): Promise<Runner> => {
    channels++;
    try {
      return await openRunner(client, options, () => {
        channels--;
        queueMicrotask(advance);
      });
    } catch (error) {
      if (error instanceof SessionRefused) learnt = Math.max(1, Math.min(learnt, channels));
      throw error;
    }
  };
  const takeSpare = (): Runner | null => {
    for (;;) {
      const ready = spare.findIndex((one) => one.current() !== null);
      const [one] = spare.splice(Math.max(ready, 0), 1);
      if (one === undefined) return null;
      if (!one.closed()) return one;
    }
  };

  const refill = (): void => {
    const wanted = Date.now() - lastTaken < BURST_MS ? spares : 1;
    while (!dead && waiting.length === 0 && spare.length + coming < wanted && channels < learnt) {
      coming++;
      open()
        .then((runner) => {
          spare.push(runner);
          runner.channel.once('close', () => {
            if (spare.includes(runner)) spare.splice(spare.indexOf(runner), 1);
          });
          return runner;
        })
        // Only a luxury: the next command opens its own.
        .catch(() => {})
        .finally(() => {
          coming--;
          advance();
        });
    }
  };

  const trim = (): void => {
    for (const one of spare.slice(1)) one.channel.end();
  };
  const hand = (one: Waiting, runner: Runner): void => {
    running.add(runner);
    lastTaken = Date.now();
    clearTimeout(quiet);
    quiet = setTimeout(trim, BURST_MS).unref();
    one.settle(runner);
    // After the request is on its way, so that it is not kept waiting.
    setImmediate(refill);
  };
  const advance = (): void => {
    while (!pausing && waiting.length > 0 && mayRun()) {
      const one = waiting[0];
      if (one === undefined) return;
      const kept = one.fresh ? null : takeSpare();
      if (kept !== null) {
        waiting.shift();
        hand(one, kept);
      } else if (coming >= waiting.length && !one.fresh) {
        // Spares are on their way for all of them: sooner here than a channel opened now.
        return;
      } else if (channels < learnt) {
        waiting.shift();
        openFor(one);
      } else {
        // End of input, not close: only then does the server free the session at once.
        takeSpare()?.channel.end();
        return;
      }
    }
  };
  const openFor = (one: Waiting): void => {
    opening++;
    open()
      .then((runner) => hand(one, runner))
      .catch((error: unknown) => {
        if (dead || !(error instanceof SessionRefused)) one.fail(error);
        // Another channel of ours will end: wait for that.
        else if (channels > 0) waiting.unshift(one);
        else if (++one.refusals > REFUSALS) one.fail(error);
        else {
          waiting.unshift(one);
          pausing = true;
          setTimeout(() => {
            pausing = false;
            advance();
          }, REFUSAL_PAUSE_MS);
        }
      })
      .finally(() => {
        opening--;
        advance();
      });
  };

  refill();
  return {
    take: ({ fresh, signal }) =>
      new Promise((resolve, reject) => {
        let over = false;
        const end = (): void => {
          over = true;
          signal?.removeEventListener('abort', abort);
        };
        const one: Waiting = {
          fresh,
          refusals: 0,
          settle: (runner) => {
            if (over) giveBack(runner);
            else resolve(runner);
            end();
          },
          fail: (error) => {
            end();
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        };
        const abort = (): void => {
          if (waiting.includes(one)) waiting.splice(waiting.indexOf(one), 1);
          one.fail(signal?.reason);
        };
        signal?.addEventListener('abort', abort, { once: true });
        if (dead) one.fail(new Error('the connection was closed'));
        else {
          waiting.push(one);
          advance();
        }
      }),
    async takeForStop() {
      const kept = takeSpare();
      if (kept !== null) return kept;
      return channels < learnt ? open().catch(() => null) : null;
    },
    release(runner) {
      running.delete(runner);
      advance();
      refill();
    },
    running: () => running.size,
  };

  /** Nobody wants it any more; it has not been asked for anything, so it is as good as new. */
  function giveBack(runner: Runner): void {
    running.delete(runner);
    if (!runner.closed()) spare.push(runner);
    queueMicrotask(advance);
  }
}
