import { HousecallError } from '../../core/errors.ts';
import { pageRows, type Reach } from '../../core/escalation/page-rows.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { Person } from '../../core/person.ts';
import { type TransactDeps, transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import type { AddressBook } from './address-book.ts';
import { callees, requireCallable } from './callees.ts';

export interface PagePeopleDeps extends TransactDeps {
  readonly book: AddressBook;
  readonly reach: Reach;
}

/**
 * Calls people now, because somebody asked: whatever the hour, whoever has acknowledged.
 * @throws HousecallError NOT_FOUND, STATE_CONFLICT; USAGE: one of them is nobody to call.
 */
export async function pagePeople(
  deps: PagePeopleDeps,
  input: {
    readonly stream: string;
    readonly person: Person;
    readonly people: readonly string[];
  },
): Promise<void> {
  const { people, person, stream } = input;
  const unknown = await requireCallable(deps.book, people);
  const { called, failures } = await callees(deps.book, people);
  const page = deps.clock.id();
  const actor = { kind: 'person', ...person } as const;
  await transact(deps, { stream, actor }, (state) => {
    requireOpen(state);
    const now = deps.clock.now();
    const call = { reason: 'command', step: null, round: 0, people } as const;
    const event = { type: 'page.sent', page, ...call, called } as const;
    return {
      events: [event],
      chat: [
        ...pageRows(
          state,
          { ...call, called, failures: [...unknown, ...failures], page, by: person.user },
          { reach: deps.reach, tellable: new Set(), now },
        ),
        ...panelRows(foldEvents(state, [event], { at: now.toISOString(), actor })),
      ],
    };
  });
}

function requireOpen({ incident, stream }: CaseState): void {
  if (incident === null) {
    throw new HousecallError('NOT_FOUND', `incident ${stream}: there is none`);
  }
  if (incident.state === 'closed' || incident.closing) {
    const now = incident.closing ? 'being closed' : 'closed';
    throw new HousecallError('STATE_CONFLICT', `incident ${stream} is ${now}: nobody was paged`);
  }
}
