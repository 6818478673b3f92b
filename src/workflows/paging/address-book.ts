import type { Chat, ChatPerson } from '../../ports/chat.ts';

/** Who people are, as the chat last said: when it is away, that is better than nothing. */
export interface AddressBook extends Pick<Chat, 'person' | 'members'> {
  /** Asks ahead, so that an outage of the chat does not find it empty. Never throws. */
  learn(people: readonly string[]): Promise<void>;
}

/** A page, or a mail about it, waits no longer than this for a name. */
const PATIENCE_MS = 10_000;
/** People and groups remembered. */
const KEPT = 5_000;

export function createAddressBook(chat: Pick<Chat, 'person' | 'members'>): AddressBook {
  const people = new Map<string, ChatPerson>();
  const groups = new Map<string, readonly string[]>();
  const person = (user: string): Promise<ChatPerson> => ask(people, user, () => chat.person(user));
  const members = (group: string): Promise<readonly string[]> =>
    ask(groups, group, () => chat.members(group));
  return {
    person,
    members,
    async learn(ids) {
      for (const id of new Set(ids)) {
        const users = id.startsWith('S') ? await members(id).catch(() => []) : [id];
        for (const user of users) await person(user).catch(() => null);
      }
    },
  };
}

/** What the chat says, in time; else what it said before. @throws what the chat throws when nothing is known. */
async function ask<T>(known: Map<string, T>, id: string, look: () => Promise<T>): Promise<T> {
  try {
    const said = await inTime(look());
    known.delete(id);
    known.set(id, said);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return said;
  } catch (error) {
    const before = known.get(id);
    if (before === undefined) throw error;
    return before;
  }
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in 10 s')), PATIENCE_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
