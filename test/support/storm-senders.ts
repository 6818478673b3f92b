import { setTimeout as sleep } from 'node:timers/promises';
import type { StormDelivery } from './storm-alerts.ts';

/** A delivery that was answered with 2xx. */
export interface Accepted {
  readonly delivery: StormDelivery;
  readonly status: number;
  /** Of the answer that counted, milliseconds. */
  readonly answerMs: number;
  /** Tries before that got no answer. */
  readonly failed: number;
  /** Tries before that were answered 503. */
  readonly busy: number;
}

export interface SenderOptions {
  /** Where the web role listens now: it moves when it is started anew. */
  readonly address: () => string;
  readonly tokens: Readonly<Record<StormDelivery['source'], string>>;
}

/** Sends every delivery at its time, and again until it is taken, as its sender does. */
export async function sendStorm(
  deliveries: readonly StormDelivery[],
  options: SenderOptions,
): Promise<readonly Accepted[]> {
  const began = performance.now();
  const queues = new Map<string, Promise<unknown>>();
  return await Promise.all(
    deliveries.map(async (delivery) => {
      // Alertmanager flushes a group again only when the flush before is done.
      const before = queues.get(delivery.order) ?? Promise.resolve();
      const sent = before.then(async () => {
        await sleep(Math.max(0, delivery.atMs - (performance.now() - began)));
        return await sendUntilTaken(delivery, options);
      });
      queues.set(delivery.order, sent);
      return await sent;
    }),
  );
}

async function sendUntilTaken(delivery: StormDelivery, options: SenderOptions): Promise<Accepted> {
  const before = { failed: 0, busy: 0 };
  for (;;) {
    const began = performance.now();
    const status = await post(delivery, options);
    const answerMs = performance.now() - began;
    if (status >= 200 && status < 300) return { delivery, status, answerMs, ...before };
    if (status >= 400 && status < 500) throw new Error(`refused with ${status}: ${delivery.body}`);
    await sleep(waitMs(delivery, before.failed + before.busy));
    before[status === 0 ? 'failed' : 'busy'] += 1;
  }
}

/**
 * Alertmanager: exponential from half a second, half as long again each time, give or take a half
 * (cenkalti/backoff). What Opsgenie does is not known: here it tries again every two seconds.
 */
function waitMs({ source }: StormDelivery, failed: number): number {
  if (source !== 'alertmanager') return 2_000;
  return Math.min(60_000, 500 * 1.5 ** failed) * (0.5 + Math.random());
}

/** 0: no answer. */
async function post({ source, body }: StormDelivery, options: SenderOptions): Promise<number> {
  try {
    const response = await fetch(`${options.address()}/alerts/${source}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${options.tokens[source]}`,
      },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** Of sorted or unsorted numbers. */
export function percentile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
