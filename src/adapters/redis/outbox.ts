import type { ChatOperation, Lane } from '../../core/chat-operation.ts';
import type { LeasedRow, MessageRef, Outbox } from '../../ports/outbox.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import {
  doneScript,
  leaseScript,
  rejectScript,
  renewScript,
  retryScript,
} from './outbox-scripts.ts';
import type { Wake } from './wake.ts';

export interface OutboxOptions {
  readonly connection: Connection;
  readonly keys: Keys;
  readonly wake: Wake;
}

/** Lanes of chat rows in Redis; every step is one script, so two senders never hold one lane. */
export function createOutbox({ connection, keys, wake }: OutboxOptions): Outbox {
  const { call, script } = connection;
  const lease = (row: LeasedRow, owner: string): (string | number)[] => [
    keys.prefix,
    row.lane,
    row.id,
    owner,
    row.attempts + 1,
  ];

  return {
    lease: async (owner, leaseSeconds) => {
      const args = [keys.prefix, owner, Math.round(leaseSeconds * 1000)];
      const reply = (await script('lease a chat row', leaseScript, args)) as LeaseReply | null;
      return reply === null ? null : leasedRow(reply);
    },
    renew: async (row, owner, leaseSeconds) => {
      const ms = Math.round(leaseSeconds * 1000);
      return (await script(`keep ${row.id}`, renewScript, [...lease(row, owner), ms])) === 1;
    },
    done: async (row, owner, ref) => {
      const key = ref === undefined ? null : refKey(row.operation);
      const place = key === null ? ['', '', ''] : [key, JSON.stringify(ref), row.stream];
      return (
        (await script(`mark ${row.id} as sent`, doneScript, [...lease(row, owner), ...place])) === 1
      );
    },
    retry: async (row, owner, { afterMs, uncertain, error }) => {
      const rest = [Math.max(0, Math.round(afterMs)), uncertain ? '1' : '0', error];
      await script(`put ${row.id} off`, retryScript, [...lease(row, owner), ...rest]);
    },
    reject: async (row, owner, reason) => {
      const kept = JSON.stringify({ ...row, reason, at: new Date().toISOString() });
      await script(`move ${row.id} aside`, rejectScript, [...lease(row, owner), kept]);
    },
    ref: (lane, key) =>
      call(`look up message ${key} of ${lane}`, async (redis) => {
        const text = await redis.hget(keys.key('lane', lane, 'refs'), key);
        return text === null ? null : (JSON.parse(text) as MessageRef);
      }),
    wait: async (timeoutMs, signal) => {
      // Registered before the look, so that nothing committed in between is missed.
      const woken = wake.next(signal);
      const dueInMs = await nextDue(connection, keys).catch(() => timeoutMs);
      await woken.sleep(Math.min(timeoutMs, Math.max(0, dueInMs)));
    },
    depth: () =>
      call('measure the outbox', async (redis) => {
        const [rows, oldest, rejected, now] = await Promise.all([
          redis.zcard(keys.key('rows')),
          redis.zrange(keys.key('rows'), '0', '0', 'WITHSCORES'),
          redis.hlen(keys.key('rejected')),
          redis.time(),
        ]);
        const since = oldest[1] === undefined ? milliseconds(now) : Number(oldest[1]);
        return { rows, oldestSeconds: Math.max(0, milliseconds(now) - since) / 1000, rejected };
      }),
  };
}

type LeaseReply = [
  lane: string,
  row: string,
  attempts: number,
  uncertain: string,
  superseded: string,
];

function leasedRow([lane, text, attempts, uncertain, superseded]: LeaseReply): LeasedRow {
  const row = JSON.parse(text) as { id: string; stream: string; since: string; operation: string };
  return {
    id: row.id,
    lane: lane as Lane,
    operation: JSON.parse(row.operation) as ChatOperation,
    stream: row.stream,
    since: row.since,
    uncertain: uncertain === '1',
    attempts,
    superseded: superseded === '1',
  };
}

/** Milliseconds until some lane may be leased; infinite when all are empty. */
async function nextDue({ call }: Connection, keys: Keys): Promise<number> {
  return await call('look for due chat rows', async (redis) => {
    const [first, now] = await Promise.all([
      redis.zrange(keys.key('due'), '0', '0', 'WITHSCORES'),
      redis.time(),
    ]);
    return first[1] === undefined ? Number.POSITIVE_INFINITY : Number(first[1]) - milliseconds(now);
  });
}

function milliseconds([seconds, microseconds]: readonly (number | string)[]): number {
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}

/** Under which key `ref` finds what an operation made. */
function refKey(operation: ChatOperation): string | null {
  if (operation.op === 'room.open') return 'room';
  if (operation.op === 'room.canvas') return 'canvas';
  return operation.op === 'message.post' ? operation.key : null;
}
