import type { CaseState } from '../../core/incident/case.ts';
import { handoverDocument } from '../../core/incident/handover-document.ts';
import { HOUSECALL } from '../../core/person.ts';
import { readCase, type TransactDeps, transact } from '../record/transact.ts';

/**
 * Has the canvas of an incident's room written when what it would say is not what `shown` holds of it.
 * Asked at intervals, it writes once for all that happened in one: a storm costs no more than a minute
 * of quiet work does.
 */
export async function keepCanvas(
  deps: TransactDeps,
  stream: string,
  shown: Map<string, string>,
): Promise<void> {
  const state = await readCase(deps.journal, stream);
  if (!wantsCanvas(state)) {
    shown.delete(stream);
    return;
  }
  const document = handoverDocument(state);
  const says = JSON.stringify(document);
  if (shown.get(stream) === says) return;
  await transact(deps, { stream, actor: HOUSECALL }, (now) =>
    wantsCanvas(now)
      ? {
          events: [],
          chat: [{ lane: `canvas:${stream}`, operation: { op: 'room.canvas', document } }],
        }
      : null,
  );
  shown.set(stream, says);
}

/**
 * A channel that was there before keeps its canvas to itself, and an incident that goes on elsewhere has
 * nothing to hand over.
 */
export function wantsCanvas({ incident }: CaseState): boolean {
  if (incident === null || incident.room === null || incident.room.adopted) return false;
  return incident.state !== 'closed' && incident.mergedInto === null && incident.canvasOff !== true;
}
