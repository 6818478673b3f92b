import type { Ack, Transport } from '../context.ts';
import type { Json } from '../json.ts';
import { deliverByHttp, isLoopbackUrl, verifyUrl } from './http-delivery.ts';
import type { Envelope, SocketMode } from './socket-mode.ts';

/** One attempt to deliver something to the app, for tests. */
export interface Delivery {
  readonly type: Envelope['type'];
  readonly payload: Json;
  readonly attempt: number;
  readonly ok: boolean;
  readonly error?: string;
}

export interface TransportOptions {
  readonly sockets: SocketMode;
  readonly signingSecret: string;
  readonly ackTimeoutMs: number;
  readonly retryDelaysMs: readonly number[];
}

export interface SwitchableTransport extends Transport {
  /** Signed HTTP to this address from now on, after it answered the challenge; null: Socket Mode. */
  setRequestUrl(url: string | null): Promise<void>;
  requestUrl(): string | null;
  readonly deliveries: readonly Delivery[];
  close(): void;
}

const REMEMBERED = 2000;

export function createTransport(options: TransportOptions): SwitchableTransport {
  let requestUrl: string | null = null;
  const closing = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const deliveries: Delivery[] = [];

  const attempt = async (
    envelope: Envelope,
  ): Promise<{ ack: Ack; reason: string; noRetry: boolean }> => {
    const { signingSecret, ackTimeoutMs, sockets } = options;
    const answer =
      requestUrl === null
        ? await viaSocket(sockets, envelope, ackTimeoutMs)
        : await deliverByHttp({ url: requestUrl, signingSecret }, envelope, ackTimeoutMs);
    const { ack } = answer;
    const { type, payload, retryAttempt = 0 } = envelope;
    const outcome = ack.ok ? { ok: true } : { ok: false, error: ack.error };
    deliveries.push({ type, payload, attempt: retryAttempt, ...outcome });
    if (deliveries.length > REMEMBERED) deliveries.shift();
    return answer;
  };

  return {
    deliveries,
    requestUrl: () => requestUrl,
    ask: async (type, payload) => (await attempt({ type, payload })).ack,
    send: async (payload) => {
      let reason = '';
      for (
        let retry = 0;
        retry <= options.retryDelaysMs.length && !closing.signal.aborted;
        retry += 1
      ) {
        if (retry > 0) await sleep(options.retryDelaysMs[retry - 1] ?? 0, timers);
        if (closing.signal.aborted) return;
        const answer = await attempt({
          type: 'events_api',
          payload,
          retryAttempt: retry,
          retryReason: reason,
        });
        if (answer.ack.ok || answer.noRetry) return;
        reason = answer.reason;
      }
    },
    setRequestUrl: async (url) => {
      if (url !== null) {
        if (!isLoopbackUrl(url)) throw new Error(`request URL ${url}: only http on this machine`);
        if (!(await verifyUrl({ url, signingSecret: options.signingSecret })))
          throw new Error(`request URL ${url}: did not answer the url_verification challenge`);
      }
      requestUrl = url;
    },
    close: () => {
      closing.abort();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

async function viaSocket(
  sockets: SocketMode,
  envelope: Envelope,
  timeoutMs: number,
): Promise<{ ack: Ack; reason: string; noRetry: boolean }> {
  const ack = await sockets.ask(envelope, timeoutMs);
  const reason = ack.ok || ack.error === 'operation_timeout' ? 'timeout' : 'connection_failed';
  return { ack, reason, noRetry: false };
}

function sleep(ms: number, timers: Set<NodeJS.Timeout>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      resolve();
    }, ms);
    timers.add(timer);
  });
}
