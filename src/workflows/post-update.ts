import type { Person } from '../core/person.ts';
import { type TransactDeps, transact } from './transact.ts';

/** Tells stakeholders where things stand. */
export async function postUpdate(
  deps: TransactDeps,
  input: {
    readonly stream: string;
    readonly person: Person;
    readonly text: string;
    readonly etaMinutes: number | null;
  },
): Promise<void> {
  const actor = { kind: 'person', ...input.person } as const;
  await transact(deps, { stream: input.stream, actor }, () => ({
    events: [{ type: 'update.posted', text: input.text }],
  }));
}
