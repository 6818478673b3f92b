import { setTimeout as sleep } from 'node:timers/promises';
import { HousecallError } from '../../../core/errors.ts';
import type { ChatMessage, HistoryChoice } from '../../../ports/chat.ts';
import type { Identity } from '../identity.ts';
import type { WebApi } from '../web-api.ts';
import type { People } from './people.ts';
import { readPins } from './pins.ts';
import {
  chatMessage,
  peopleOf,
  type SlackMessage,
  type Surroundings,
  TOMBSTONE,
} from './slack-message.ts';

interface Page {
  readonly messages?: readonly SlackMessage[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/** The most that Slack gives apps of one's own at once (conversations.history: under 1,000). */
const PAGE = 999;
/** Large pages of large messages may take too long: then they are asked for in smaller ones. */
const SMALLEST_PAGE = 50;

/** Tier 3 is 50 calls a minute: a long incident is read over several minutes, once. */
const LONGEST_WAIT_SECONDS = 120;
const WAITS = 30;

export interface HistoryDeps {
  readonly api: WebApi;
  readonly people: People;
  readonly identity: () => Promise<Identity>;
}

/** Every message with its replies, oldest first; replies of threads that are known already are left out. */
export async function readHistory(
  deps: HistoryDeps,
  channel: string,
  { isKnown = () => false, since }: HistoryChoice = {},
): Promise<readonly ChatMessage[]> {
  const { api } = deps;
  const { conversations } = api.bulk;
  const range =
    since === undefined ? {} : { oldest: String(Date.parse(since) / 1_000), inclusive: true };
  const roots = await all((page) =>
    api.call('conversations.history', channel, () =>
      conversations.history({ channel, ...page, ...range }),
    ),
  );
  const messages: SlackMessage[] = [...roots];
  // Where somebody wrote last is most to be seen, for a caller that does not want every thread.
  for (const root of roots.toSorted((a, b) => latestOf(b) - latestOf(a))) {
    const { ts, reply_count: replies = 0, latest_reply: latest } = root;
    if (ts === undefined || replies === 0) continue;
    if (isKnown({ ts, replies, ...(latest !== undefined && { latest }) })) continue;
    const thread = await all((page) =>
      api.call('conversations.replies', `${channel} ${ts}`, () =>
        conversations.replies({ channel, ts, ...page }),
      ),
    );
    messages.push(...thread.filter((reply) => reply.ts !== ts));
  }
  return tell(
    deps,
    channel,
    messages.filter((message) => message.subtype !== TOMBSTONE),
  );
}

function latestOf({ ts, latest_reply: latest = ts }: SlackMessage): number {
  return Number(latest);
}

async function tell(
  deps: HistoryDeps,
  channel: string,
  messages: readonly SlackMessage[],
): Promise<readonly ChatMessage[]> {
  const { user: me, url } = await deps.identity();
  const names = await namesOf(deps.people, messages);
  const pinned = await patiently(() => readPins(deps.api, channel, messages));
  const around: Surroundings = { channel, me, names, ...(url !== undefined && { workspace: url }) };
  // A reply that was sent to the channel too comes twice.
  const byTs = new Map(messages.flatMap((m) => (m.ts === undefined ? [] : [[m.ts, m] as const])));
  return [...byTs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([ts, message]) => {
      const by = pinned.get(ts);
      // Our own panel is pinned by us: no statement of anybody.
      const ours = by === me || (by === '' && message.user === me);
      const told = chatMessage(ts, message, around);
      return by === undefined || ours ? told : { ...told, pinnedBy: by };
    });
}

async function all(
  read: (page: { limit: number; cursor?: string }) => Promise<Page>,
): Promise<readonly SlackMessage[]> {
  const found: SlackMessage[] = [];
  let limit = PAGE;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const at: string = cursor;
    const page = await patiently(() => read({ limit, ...(at !== '' && { cursor: at }) })).catch(
      (error: unknown) => {
        const away = error instanceof HousecallError && error.code === 'CHAT_UNAVAILABLE';
        if (!away || limit <= SMALLEST_PAGE) throw error;
        limit = Math.max(SMALLEST_PAGE, Math.floor(limit / 4));
        return null;
      },
    );
    if (page === null) continue;
    found.push(...(page.messages ?? []));
    cursor = page.response_metadata?.next_cursor || null;
  }
  return found;
}

/** Reading can wait as long as Slack asks, and must, or a long channel could never be read to its end. */
async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (let n = 0; ; n += 1) {
    try {
      return await read();
    } catch (error) {
      const limited = error instanceof HousecallError && error.code === 'CHAT_RATE_LIMITED';
      if (!limited || n >= WAITS) throw error;
      const seconds = Number(error.context['retryAfterSeconds']);
      if (!(seconds <= LONGEST_WAIT_SECONDS)) throw error;
      await sleep(seconds * 1_000);
    }
  }
}

async function namesOf(
  people: People,
  messages: readonly SlackMessage[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const id of new Set(messages.flatMap(peopleOf))) {
    names.set(id, (await patiently(() => people.lookUp(id))).name);
  }
  return names;
}
