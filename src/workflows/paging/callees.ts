import { HousecallError } from '../../core/errors.ts';
import { MAX_CALLED } from '../../core/escalation/page-rows.ts';
import type { Chat } from '../../ports/chat.ts';

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

/**
 * Whoever is named must be somebody to call. When the chat does not answer they are called all the same.
 * @returns what could not be asked, and who cannot answer, in words for the room.
 * @throws HousecallError USAGE.
 */
export async function requireCallable(
  chat: Pick<Chat, 'person'>,
  people: readonly string[],
): Promise<readonly string[]> {
  const users = people.filter((id) => !id.startsWith('S'));
  const asked = await Promise.allSettled(users.map((id) => chat.person(id)));
  const refused = asked.flatMap((one) =>
    one.status === 'fulfilled' && one.value.uncallable !== undefined
      ? [`${one.value.name} (${one.value.id}) ${one.value.uncallable}`]
      : [],
  );
  if (refused.length > 0) {
    throw new HousecallError('USAGE', `/incident page: ${refused.join('; ')}; nobody was paged`);
  }
  return asked.flatMap((one, n) => {
    if (one.status === 'rejected') {
      return [
        `who ${users[n]} is could not be asked (${reasonOf(one.reason)}): called all the same`,
      ];
    }
    const { id, mayAct, name } = one.value;
    // Of those who can be called only guests may not use Housecall: their button would refuse them.
    return mayAct
      ? []
      : [`${name} (${id}) is a guest and cannot acknowledge: somebody else has to`];
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function membersOf(chat: Pick<Chat, 'members' | 'person'>, id: string): Promise<Callees> {
  if (!id.startsWith('S')) return { called: [id], failures: [] };
  try {
    const members = (await chat.members(id)).slice(0, MAX_CALLED);
    // Bots and deactivated accounts cannot be written to; who is not known may be.
    const reachable = await Promise.all(
      members.map((user) =>
        chat.person(user).then(
          ({ uncallable }) => uncallable === undefined,
          () => true,
        ),
      ),
    );
    const called = members.filter((_, n) => reachable[n]);
    return called.length > 0
      ? { called, failures: [] }
      : { called, failures: [`nobody is in the user group ${id}: nobody was called for it`] };
  } catch (error) {
    const text = `who is in the user group ${id} could not be asked (${reasonOf(error)}): only the mention calls them`;
    return { called: [], failures: [text] };
  }
}
