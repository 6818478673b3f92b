import type { Person } from '../core/person.ts';
import { type TransactDeps, transact } from './transact.ts';

/** Calls people now, because somebody asked. */
export async function pagePeople(
  deps: TransactDeps,
  input: {
    readonly stream: string;
    readonly person: Person;
    readonly people: readonly string[];
  },
): Promise<void> {
  const actor = { kind: 'person', ...input.person } as const;
  const page = deps.clock.id();
  await transact(deps, { stream: input.stream, actor }, () => ({
    events: [
      { type: 'page.sent', page, reason: 'command', step: null, round: 0, people: input.people },
    ],
  }));
}
