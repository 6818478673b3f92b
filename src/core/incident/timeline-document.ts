import type { Document } from '../document/document.ts';
import { eventWords } from './archive/event-words.ts';
import type { CaseState } from './case.ts';
import type { EventRecord } from './event.ts';

/** `/incident timeline`: what happened, oldest first. */
export function timelineDocument(state: CaseState, records: readonly EventRecord[]): Document {
  const summary = `Timeline of incident ${state.stream}`;
  const items = records.map(({ at, event }) => [`${at} ${eventWords(event)}`]);
  return { summary, blocks: [{ kind: 'list', items }] };
}
