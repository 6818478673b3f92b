import type { ChatOperation, ChatRow } from '../../core/chat-operation.ts';
import type { CaseState } from '../../core/incident/case.ts';

/** More alerts than anybody mirrors one by one. */
const MAX_TOLD = 50;

/** Tells the sources of the alerts that still fire what people did here, where they can be told. */
export function sourceRows(
  state: CaseState,
  tellable: ReadonlySet<string>,
  said: Pick<Extract<ChatOperation, { op: 'source.tell' }>, 'what' | 'note'>,
): ChatRow[] {
  return [...state.alerts.values()]
    .filter(({ firing, alert }) => firing && tellable.has(alert.source))
    .slice(0, MAX_TOLD)
    .map(({ alert }) => ({
      lane: `source:${alert.source}`,
      operation: { op: 'source.tell', fingerprint: alert.fingerprint, ...said },
    }));
}
