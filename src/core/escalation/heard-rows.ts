import type { ChatRow } from '../chat-operation.ts';
import type { CaseState } from '../incident/case.ts';
import { answeredRows, type Reach } from './page-rows.ts';
import { endMailRows } from './update-document.ts';

/** What people hear of a change beside the room: answered pages say so, stakeholders hear of the end. */
export function heardRows(
  before: CaseState,
  after: CaseState,
  reach: Reach | undefined,
): ChatRow[] {
  return [...answeredRows(before, after), ...endMailRows(before, after, reach)];
}
