import { MAX_CALLED } from '../core/escalation/page-rows.ts';
import type { Chat } from '../ports/chat.ts';

/** Whom a page reaches: user groups are resolved when it is sent, as they are then. */
export interface Callees {
  /** Slack users, each once. */
  readonly called: readonly string[];
  /** What went wrong, in words for the room. */
  readonly failures: readonly string[];
}

/** A page waits no longer than this for a list of names: the mention calls the group all the same. */
const PATIENCE_MS = 10_000;

/** Never throws: a page that reaches some is better than none. */
export async function callees(
  chat: Pick<Chat, 'members'>,
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

async function membersOf(chat: Pick<Chat, 'members'>, id: string): Promise<Callees> {
  if (!id.startsWith('S')) return { called: [id], failures: [] };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in 10 s')), PATIENCE_MS);
  });
  try {
    const called = await Promise.race([chat.members(id), late]);
    return called.length > 0
      ? { called, failures: [] }
      : { called, failures: [`the user group ${id} is empty: nobody in it was called`] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const text = `who is in the user group ${id} could not be asked (${reason}): only the mention calls them`;
    return { called: [], failures: [text] };
  } finally {
    clearTimeout(timer);
  }
}
