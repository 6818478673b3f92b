import type { ChatRow } from '../../core/chat-operation.ts';
import type { CaseState } from '../../core/incident/case.ts';
import { roomTopic } from '../../core/incident/panel-document.ts';

/** The room's topic follows what it says. */
export function topicRows(before: CaseState, after: CaseState): ChatRow[] {
  if (before.incident === null || after.incident === null) return [];
  const topic = roomTopic(after.incident);
  return topic === roomTopic(before.incident)
    ? []
    : [{ lane: `room:${after.stream}`, operation: { op: 'room.topic', topic } }];
}
