import { HousecallError } from '../../core/errors.ts';
import type { Reach } from '../../core/escalation/page-rows.ts';
import { updateRows } from '../../core/escalation/update-document.ts';
import { foldEvents } from '../../core/incident/case.ts';
import type { IncidentEvent } from '../../core/incident/event.ts';
import type { Person } from '../../core/person.ts';
import { type TransactDeps, transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';

export interface PostUpdateDeps extends TransactDeps {
  readonly announceChannel: string;
  readonly reach: Reach;
}

/**
 * Tells stakeholders where things stand: the room, its panel, the announcement channel, and by e-mail.
 * @throws HousecallError NOT_FOUND, STATE_CONFLICT.
 */
export async function postUpdate(
  deps: PostUpdateDeps,
  input: {
    readonly stream: string;
    readonly person: Person;
    readonly text: string;
    readonly etaMinutes: number | null;
  },
): Promise<void> {
  const { etaMinutes, stream, text } = input;
  const actor = { kind: 'person', ...input.person } as const;
  await transact(deps, { stream, actor }, (state) => {
    const { incident } = state;
    if (incident === null) {
      throw new HousecallError('NOT_FOUND', `incident ${stream}: there is none`);
    }
    if (incident.state === 'closed' || incident.closing) {
      const is = incident.closing ? 'being closed' : 'closed';
      throw new HousecallError('STATE_CONFLICT', `incident ${stream} is ${is}: nobody was told`);
    }
    const now = deps.clock.now();
    const event: IncidentEvent = {
      type: 'update.posted',
      text,
      ...(etaMinutes === null ? {} : { nextAt: inMinutes(now, etaMinutes) }),
    };
    const after = foldEvents(state, [event], { at: now.toISOString(), actor });
    return {
      events: [event],
      chat: [...panelRows(after), ...updateRows(after, { ...deps, now })],
    };
  });
}

function inMinutes(now: Date, minutes: number): string {
  return new Date(now.getTime() + minutes * 60_000).toISOString();
}
