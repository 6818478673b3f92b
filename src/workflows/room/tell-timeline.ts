import type { Document } from '../../core/document/document.ts';
import type { CaseState } from '../../core/incident/case.ts';
import { foldMessage } from '../../core/incident/timeline/room-messages.ts';
import { timelineDocument } from '../../core/incident/timeline-document.ts';
import type { Journal } from '../../ports/journal.ts';
import type { RoomLog } from '../../ports/room-log.ts';

/** `/incident timeline`, with what became of the messages on it since. */
export async function tellTimeline(
  deps: { readonly journal: Pick<Journal, 'read'>; readonly roomLog: Pick<RoomLog, 'about'> },
  state: CaseState,
): Promise<Document> {
  const { stream, incident } = state;
  const marked = [...(incident?.timeline.keys() ?? [])];
  const messages = await Promise.all(
    marked.map(async (ts) => {
      const { message } = foldMessage(await deps.roomLog.about(stream, ts));
      return message === null ? [] : [[ts, message] as const];
    }),
  );
  return timelineDocument(state, await deps.journal.read(stream), new Map(messages.flat()));
}
