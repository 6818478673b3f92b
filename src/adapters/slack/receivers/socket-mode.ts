import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AckFn, App, Receiver } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import type { Log } from '../../../ports/log.ts';
import { chatError, refusalOf } from '../chat-error.ts';
import { ONCE } from '../visit.ts';
import { clientOptions, type SlackConfig, slackLogger } from '../web-api.ts';

export interface SocketModeReceiver extends Receiver {
  /** Sockets that Slack has greeted. */
  open(): number;
}

/** Slack recycles sockets every few hours: with two, one is always open. */
const SOCKETS = 2;
const HELLO_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 2_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** A socket closed sooner than this was not wanted (too many sockets, Socket Mode switched off). */
const SHORT_LIFE_MS = 5_000;

interface Envelope {
  readonly ack: (answer?: Record<string, unknown>) => Promise<void>;
  readonly envelope_id: string;
  readonly body: Record<string, unknown>;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

/**
 * Bolt's own receiver has one socket, waits five seconds before it reconnects, and with its finite
 * retries ends the process when Slack is away for long. This one tries for ever, with waits up to 30 s.
 */
export function createSocketModeReceiver(
  config: SlackConfig & { readonly appToken: string },
  log: Log,
): SocketModeReceiver {
  let app: App | null = null;
  const greeted = new Set<SocketModeClient>();
  const stopping = new AbortController();
  let loops: Promise<void>[] = [];

  const receive = async (envelope: Envelope): Promise<void> => {
    const { body, envelope_id, retry_num, retry_reason } = envelope;
    const once = createHash('sha256').update(envelope_id).digest('hex');
    await app?.processEvent({
      body,
      ack: ackOnce(envelope.ack),
      ...(retry_num !== undefined && { retryNum: retry_num }),
      ...(retry_reason !== undefined && { retryReason: retry_reason }),
      customProperties: { [ONCE]: once },
    });
  };

  const connect = async (): Promise<{ client: SocketModeClient; closed: Promise<void> }> => {
    const client = new SocketModeClient({
      appToken: config.appToken,
      autoReconnectEnabled: false,
      clientOptions: clientOptions(config, log),
      logger: slackLogger(log),
    });
    client.on('slack_event', (envelope: Envelope) => {
      receive(envelope).catch((error: unknown) => log.error({ error }, 'slack: event failed'));
    });
    const closed = new Promise<void>((resolve) => client.once('disconnected', resolve));
    void closed.then(() => greeted.delete(client));
    try {
      await within(client.start(), HELLO_TIMEOUT_MS, 'no hello from Slack');
    } catch (error) {
      void client.disconnect();
      throw chatError('apps.connections.open', '', error ?? new Error('closed before hello'));
    }
    greeted.add(client);
    return { client, closed };
  };

  const keepOpen = async (onFirst: (error: unknown) => void): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        const { client, closed } = await connect();
        const greetedAt = Date.now();
        onFirst(null);
        if (stopping.signal.aborted) void client.disconnect();
        await closed;
        failures = Date.now() - greetedAt < SHORT_LIFE_MS ? failures + 1 : 0;
      } catch (error) {
        failures += 1;
        onFirst(error);
        log.warn({ failures, error }, 'slack: no socket, trying again');
      }
      if (failures === 0) continue;
      await sleep(waitMs(failures), undefined, { signal: stopping.signal }).catch(() => {});
    }
  };

  return {
    open: () => greeted.size,
    init: (given) => {
      app = given;
    },
    /** Resolves with the first socket. Rejects when Slack refuses for good; when it is away, it goes on trying. */
    start: () =>
      new Promise<void>((resolve, reject) => {
        const onFirst = (error: unknown): void => {
          if (error === null || refusalOf(error) === null) resolve();
          else reject(error);
        };
        loops = Array.from({ length: SOCKETS }, () => keepOpen(onFirst));
      }),
    async stop() {
      stopping.abort();
      await Promise.all([...greeted].map(close));
      await within(Promise.all(loops), CLOSE_TIMEOUT_MS, '').catch(() => {});
    },
  };
}

/** Socket Mode answers an envelope once; Bolt's listeners may try twice. */
function ackOnce(ack: Envelope['ack']): AckFn<Record<string, unknown> | string | void> {
  let done = false;
  return async (answer) => {
    if (done) return;
    done = true;
    await ack(typeof answer === 'string' ? { text: answer } : (answer ?? undefined));
  };
}

async function close(client: SocketModeClient): Promise<void> {
  const closing = client.disconnect();
  await within(closing, CLOSE_TIMEOUT_MS, '').catch(() => {
    // A second call cuts the connection when the other side does not answer the close frame.
    void client.disconnect();
  });
}

function waitMs(failures: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
  // Spread, so that not everybody comes back at the same moment.
  return wait * (0.75 + Math.random() / 4);
}

async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(what);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
    late.catch(() => {});
  }
}
