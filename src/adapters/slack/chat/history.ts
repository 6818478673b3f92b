import { setTimeout as sleep } from 'node:timers/promises';
import { HousecallError } from '../../../core/errors.ts';
import { sanitiseLine } from '../../../core/sanitise.ts';
import type { ChatMessage } from '../../../ports/chat.ts';
import type { Identity } from '../identity.ts';
import type { WebApi } from '../web-api.ts';
import { blocksText, mentionedUsers, writtenText } from './message-text.ts';
import type { People } from './people.ts';

/** A message as Slack sends it, as far as the record keeps it. */
interface SlackMessage {
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly reply_count?: number;
  readonly user?: string;
  readonly bot_id?: string;
  readonly username?: string;
  readonly bot_profile?: { readonly name?: string };
  readonly text?: string;
  readonly blocks?: readonly unknown[];
  readonly edited?: { readonly ts?: string };
  readonly reactions?: readonly { readonly name?: string; readonly users?: readonly string[] }[];
  readonly files?: readonly {
    readonly name?: string | null;
    readonly permalink?: string;
    readonly url_private?: string;
  }[];
}

interface Page {
  readonly messages?: readonly SlackMessage[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

const PAGE = 200;

/** Tier 3 is 50 calls a minute: a long incident is read over several minutes, once. */
const LONGEST_WAIT_SECONDS = 120;
const WAITS = 30;

/** Every message with its replies, oldest first. */
export async function readHistory(
  deps: { api: WebApi; people: People; identity: () => Promise<Identity> },
  channel: string,
): Promise<readonly ChatMessage[]> {
  const { api } = deps;
  const { conversations } = api.bulk;
  const roots = await all((cursor) =>
    api.call('conversations.history', channel, () =>
      conversations.history({ channel, limit: PAGE, ...cursor }),
    ),
  );
  const messages: SlackMessage[] = [];
  for (const root of roots) {
    messages.push(root);
    if (root.ts === undefined || (root.reply_count ?? 0) === 0) continue;
    const { ts } = root;
    const thread = await all((cursor) =>
      api.call('conversations.replies', `${channel} ${ts}`, () =>
        conversations.replies({ channel, ts, limit: PAGE, ...cursor }),
      ),
    );
    messages.push(...thread.filter((reply) => reply.ts !== ts));
  }
  const { user: me } = await deps.identity();
  const names = await namesOf(deps.people, messages);
  // A reply that was sent to the channel too comes twice.
  const byTs = new Map(messages.flatMap((m) => (m.ts === undefined ? [] : [[m.ts, m] as const])));
  return [...byTs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([ts, message]) => chatMessage(ts, message, { me, names }));
}

async function all(
  read: (cursor: { cursor?: string }) => Promise<Page>,
): Promise<readonly SlackMessage[]> {
  const found: SlackMessage[] = [];
  let cursor = '';
  do {
    const page = await patiently(() => read(cursor === '' ? {} : { cursor }));
    found.push(...(page.messages ?? []));
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
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
  const ids = new Set(
    messages.flatMap(({ user, text, blocks }) => [
      ...(user === undefined ? [] : [user]),
      ...mentionedUsers(text ?? ''),
      ...[...JSON.stringify(blocks ?? []).matchAll(/"user_id":"([A-Z0-9]+)"/g)].map(
        (m) => m[1] ?? '',
      ),
    ]),
  );
  const names = new Map<string, string>();
  for (const id of ids) names.set(id, (await patiently(() => people.lookUp(id))).name);
  return names;
}

function chatMessage(
  ts: string,
  message: SlackMessage,
  known: { me: string; names: ReadonlyMap<string, string> },
): ChatMessage {
  const nameOf = (user: string): string => known.names.get(user) ?? user;
  const { thread_ts: thread, edited, user } = message;
  const bot = message.username ?? message.bot_profile?.name ?? message.bot_id;
  const isBot = message.bot_id !== undefined || user === known.me;
  const author = isBot ? sanitiseLine(bot ?? user ?? 'bot') : (user ?? 'unknown');
  const shown = isBot ? blocksText(message.blocks ?? [], nameOf) : '';
  return {
    ts,
    ...(thread !== undefined && thread !== ts && { thread }),
    author,
    authorName: isBot ? author : nameOf(author),
    text: shown === '' ? writtenText(message.text ?? '', nameOf) : shown,
    ...(edited?.ts !== undefined && { edited: isoTime(edited.ts) }),
    reactions: (message.reactions ?? []).map(({ name = '', users = [] }) => ({ name, users })),
    files: (message.files ?? []).map((file) => ({
      name: sanitiseLine(file.name ?? 'file'),
      url: file.permalink ?? file.url_private ?? '',
    })),
  };
}

function isoTime(ts: string): string {
  return new Date(Number(ts) * 1_000).toISOString();
}
