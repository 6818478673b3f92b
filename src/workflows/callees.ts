import { MAX_CALLED } from '../core/escalation/page-rows.ts';
import type { Chat } from '../ports/chat.ts';

/** Whom a page reaches: user groups are resolved when it is sent, as they are then. */
export interface Callees {
  /** Slack users, each once. */
  readonly called: readonly string[];
  /** What went wrong, in words for the room. */
  readonly failures: readonly string[];
}

/** Never throws: a page that reaches some is better than none. */
export async function callees(
  chat: Pick<Chat, 'members' | 'person'>,
  people: readonly string[],
): Promise<Callees> {
  const found = await Promise.all(people.map((id) => membersOf(chat, id)));
  const all = [...new Set(found.flatMap(({ called }) => called))];
  const failures = found.flatMap((one) => one.failures);
  if (all.length > MAX_CALLED) {
    failures.push(
      `${all.length} people: only the first ${MAX_CALLED} got a direct message, the mention calls the others`,
    );
  }
  return { called: all.slice(0, MAX_CALLED), failures };
}

async function membersOf(chat: Pick<Chat, 'members' | 'person'>, id: string): Promise<Callees> {
  if (!id.startsWith('S')) return { called: [id], failures: [] };
  try {
    const members = (await chat.members(id)).slice(0, MAX_CALLED);
    // Bots and deactivated accounts cannot be written to; who is not known may be.
    const reachable = await Promise.all(
      members.map((user) =>
        chat.person(user).then(
          ({ mayAct }) => mayAct,
          () => true,
        ),
      ),
    );
    const called = members.filter((_, n) => reachable[n]);
    return called.length > 0
      ? { called, failures: [] }
      : { called, failures: [`nobody is in the user group ${id}: nobody was called for it`] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const text = `who is in the user group ${id} could not be asked (${reason}): only the mention calls them`;
    return { called: [], failures: [text] };
  }
}
