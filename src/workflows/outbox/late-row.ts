import { HOUSECALL } from '../../core/person.ts';
import type { LeasedRow } from '../../ports/outbox.ts';
import { type TransactDeps, transact } from '../record/transact.ts';
import { failureRows } from './failure-rows.ts';

/** The third failure in a row: no hiccup any more. */
const TOLD_AT = 2;
/** A mail or a word to an alert source that comes an hour late helps nobody. */
const GIVEN_UP_MS = 60 * 60_000;

/** E-mails, alert sources, canvases: what is beside the chat must not be waited for. */
export function isBeside({ lane }: LeasedRow): boolean {
  return /^(?:mail|source|canvas):/.test(lane);
}

/** Whether it has been tried for so long that it is given up. */
export function isGivenUp(row: LeasedRow, now: Date): boolean {
  return isBeside(row) && now.getTime() - Date.parse(row.since) >= GIVEN_UP_MS;
}

/** Says once in the room that something does not get through; it is tried again all the same. */
export async function tellLate(
  deps: TransactDeps & { readonly announceChannel: string },
  row: LeasedRow,
  error: string,
): Promise<void> {
  // A page that is late is told by its own time.
  if (!isBeside(row) || row.lane.startsWith('canvas:') || row.attempts !== TOLD_AT) return;
  const reason = `${error}; it is tried again for an hour`;
  await transact(deps, { stream: row.stream, actor: HOUSECALL }, (state) => ({
    events: [{ type: 'chat.failed', operation: row.operation.op, reason }],
    chat: failureRows(deps.announceChannel, state, { row, reason }),
  }));
}
