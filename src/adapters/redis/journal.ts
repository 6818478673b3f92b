import { createHash, randomUUID } from 'node:crypto';
import { chainRecords, GENESIS } from '../../core/audit/chain.ts';
import type { ChatOperation } from '../../core/chat-operation.ts';
import type { EventRecord } from '../../core/incident/event.ts';
import type { Commit, CommitResult, Journal } from '../../ports/journal.ts';
import { commitScript } from './commit-script.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/** Incident numbers of a day are only drawn on that day (and, by slow clocks, around it). */
const NUMBER_TTL_SECONDS = 8 * 24 * 3600;

export interface JournalOptions {
  readonly connection: Connection;
  readonly keys: Keys;
  /** After a commit with jobs: they wait in the relay list. */
  readonly onJobs?: () => void;
}

/** The record in Redis: a list of JSON texts per stream, written by one script. */
export function createJournal({ connection, keys, onJobs }: JournalOptions): Journal {
  const { call, script } = connection;

  const headHash = async (stream: string, seq: number): Promise<string | null> => {
    if (seq === 0) return GENESIS;
    const text = await call(`read record ${seq} of ${stream}`, (redis) =>
      redis.lindex(keys.key('case', stream), seq - 1),
    );
    return text === null ? null : (JSON.parse(text) as EventRecord).hash;
  };

  const commit = async (wanted: Commit): Promise<CommitResult> => {
    const { stream, expectedSeq, at, actor } = wanted;
    const atMs = Date.parse(at);
    // Checked here, because a script that fails half-way would leave half a commit.
    if (Number.isNaN(atMs)) throw new RangeError(`commit to ${stream}: "${at}" is not a time`);
    // Records never change, so the hash to chain on can be read before the atomic step.
    const hash = await headHash(stream, expectedSeq);
    if (hash === null) return { ok: false, reason: 'conflict' };
    const entries = wanted.events.map((event) => ({ at, actor, event }));
    const records = chainRecords({ seq: expectedSeq, hash }, entries, sha256);
    const chat = wanted.chat ?? [];
    const jobs = wanted.jobs ?? [];
    const header = {
      stream,
      // Names this very call: ioredis sends a command again when the answer was lost.
      commit: randomUUID(),
      expected: expectedSeq,
      at: atMs,
      since: at,
      records: records.length,
      chat: chat.map(({ lane, operation }) => ({ lane, replaces: replacesKey(operation) })),
      jobs: jobs.length,
      claims: wanted.claims ?? [],
      takesFrom: wanted.takesFrom ?? '',
      releases: wanted.releases ?? [],
      releaseAll: wanted.releaseAll ?? false,
      open: wanted.open === undefined ? 'as it is' : wanted.open ? 'yes' : 'no',
    };
    const reply = (await script(`commit to ${stream}`, commitScript, [
      keys.prefix,
      wellFormedJson(header),
      ...records.map((record) => JSON.stringify(record)),
      ...chat.map((row) => JSON.stringify(row.operation)),
      ...jobs.map((job) => JSON.stringify(job)),
    ])) as ['ok'] | ['conflict'] | ['claimed', string, string];
    if (reply[0] === 'conflict') return { ok: false, reason: 'conflict' };
    if (reply[0] === 'claimed') {
      return { ok: false, reason: 'claimed', claim: reply[1], by: reply[2] };
    }
    if (jobs.length > 0) onJobs?.();
    return { ok: true, records };
  };

  return {
    commit,
    read: async (stream, afterSeq = 0) => {
      const texts = await call(`read ${stream}`, (redis) =>
        redis.lrange(keys.key('case', stream), afterSeq, -1),
      );
      return texts.map((text) => JSON.parse(text) as EventRecord);
    },
    owner: (claim) => call(`look up ${claim}`, (redis) => redis.hget(keys.key('claims'), claim)),
    open: () => call('list open incidents', (redis) => redis.zrange(keys.key('open'), '0', '-1')),
    nextNumber: (day) =>
      call(`number an incident of ${day}`, async (redis) => {
        const key = keys.key('number', day);
        const number = await redis.incr(key);
        await redis.expire(key, NUMBER_TTL_SECONDS);
        return number;
      }),
  };
}

/** Under which name a later row makes an earlier one unnecessary; null: never. */
function replacesKey(operation: ChatOperation): string | undefined {
  if (operation.op === 'message.update') return `message ${operation.key}`;
  if (operation.op === 'room.canvas') return 'canvas';
  return operation.op === 'form.update' ? 'form' : undefined;
}

/**
 * JSON that Redis' decoder takes: it refuses half a surrogate pair, and names come from alerts.
 * They become U+FFFD, as they do when the same name is sent as an argument.
 */
function wellFormedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? part.replaceAll(/\p{Surrogate}/gu, '\uFFFD') : part,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
