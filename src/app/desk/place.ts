import type { Lane } from '../../core/chat-operation.ts';
import { HousecallError } from '../../core/errors.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { Journal } from '../../ports/journal.ts';
import { readCase } from '../../workflows/record/transact.ts';

/** Where something was asked: the incident whose channel it is, or just a channel. */
export interface Place {
  readonly incident: CaseState | null;
  readonly lane: Lane;
}

export async function placeOf(journal: Journal, channel: string): Promise<Place> {
  const stream = await journal.owner(`channel:${channel}`);
  if (stream === null) return { incident: null, lane: `channel:${channel}` };
  return { incident: await readCase(journal, stream), lane: `room:${stream}` };
}

/** The incident named, or the one of the channel. @throws HousecallError NOT_FOUND. */
export async function incidentOf(
  journal: Journal,
  named: string | null,
  channel: string,
): Promise<CaseState> {
  const state =
    named === null ? (await placeOf(journal, channel)).incident : await readCase(journal, named);
  if (state !== null && state.incident !== null) return state;
  throw new HousecallError(
    'NOT_FOUND',
    named === null
      ? 'this channel belongs to no incident: ask in the room of one, or name it, /incident status 20261120-7'
      : `there is no incident ${named}`,
  );
}
