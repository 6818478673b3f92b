import type { Block, Document, Inline } from '../document/document.ts';
import type { RoomMessage } from './archive/archive-input.ts';
import type { CaseState } from './case.ts';
import type { EventRecord } from './event.ts';
import { type TimelineEntry, timelineItems } from './timeline/timeline-items.ts';

/** Entries shown: the beginning, and what is latest. */
const FIRST = 10;
const LAST = 40;
/** Characters of one entry. */
const TEXT = 160;

/** Around the id of somebody in a text of ours; no text that people write may hold it. */
const MARK = '\u{10fffd}';

/**
 * `/incident timeline`: what happened, oldest first, the important things only. `messages` are those
 * that people put there, as they are now, by `ts`.
 */
export function timelineDocument(
  { stream, incident }: Pick<CaseState, 'stream' | 'incident'>,
  records: readonly EventRecord[],
  messages: ReadonlyMap<string, RoomMessage> = new Map(),
): Document {
  const entries = timelineItems(records, {
    messages,
    nameOf: (id) => (/^[UWS][A-Z0-9]{2,}$/.test(id) ? `${MARK}${id}${MARK}` : id),
  });
  const count = entries.length === 1 ? '1 entry' : `${entries.length} entries`;
  const summary = `Timeline of ${stream}: ${count}`;
  const title: Inline[] = [
    { text: summary, style: 'bold' },
    ...(incident === null ? [] : [` · ${incident.severity} ${incident.state} · ${incident.title}`]),
  ];
  return {
    summary,
    blocks: [
      { kind: 'paragraph', content: title },
      ...days(entries),
      {
        kind: 'context',
        content: [
          'All times are UTC. :pushpin: a message, or pin it, to put it here; the archive holds everything.',
        ],
      },
    ],
  };
}

function days(entries: readonly TimelineEntry[]): readonly Block[] {
  const hidden = Math.max(0, entries.length - FIRST - LAST);
  const blocks: Block[] = [];
  let day = '';
  let items: Inline[][] = [];
  const close = (): void => {
    if (items.length > 0) blocks.push({ kind: 'list', items });
    items = [];
  };
  for (const [n, entry] of entries.entries()) {
    if (n >= FIRST && n < FIRST + hidden) {
      if (n > FIRST) continue;
      items.push([{ text: `… ${hidden} more in between`, style: 'italic' }]);
      continue;
    }
    if (entry.at.slice(0, 10) !== day) {
      close();
      day = entry.at.slice(0, 10);
      blocks.push({ kind: 'paragraph', content: [{ text: day, style: 'bold' }] });
    }
    items.push(line(entry));
  }
  close();
  return blocks;
}

function line(entry: TimelineEntry): Inline[] {
  const { at, actor, user, kind, permalink, editedAt, deletedAt, before, files = [] } = entry;
  const who: Inline = user === undefined ? plain(actor) : { user };
  const time = `${at.slice(11, 19)} `;
  if (kind !== 'message') return [time, who, ' ', ...inlines(short(entry.text))];
  return [
    time,
    who,
    ': ',
    permalink === undefined ? short(entry.text) : { link: permalink, text: short(entry.text) },
    ...(files.length === 0 ? [] : [` · ${files.map(({ name }) => short(name)).join(', ')}`]),
    ...(editedAt === undefined ? [] : [` · edited ${editedAt.slice(11, 19)}`]),
    ...(before === undefined ? [] : [`, at first: ${short(before)}`]),
    ...(deletedAt === undefined ? [] : [` · deleted ${deletedAt.slice(11, 19)}`]),
  ];
}

/** A long text on one line, cut. */
function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  if (flat === '') return '(no text)';
  if (flat.length <= TEXT) return flat;
  const cut = flat.slice(0, TEXT - 1).replace(/\p{Surrogate}$/u, '');
  // An id that would be cut goes whole: half of one may be somebody else's.
  const ids = cut.split(MARK);
  return `${ids.length % 2 === 1 ? cut : ids.slice(0, -1).join(MARK)}…`;
}

function plain(text: string): string {
  return text.replaceAll(MARK, '');
}

/** The text with people and groups as such. */
function inlines(text: string): readonly Inline[] {
  return text.split(MARK).flatMap((part, n): Inline[] => {
    if (n % 2 === 1 && /^[UW][A-Z0-9]+$/.test(part)) return [{ user: part }];
    if (n % 2 === 1 && /^S[A-Z0-9]+$/.test(part)) return [{ group: part }];
    return part === '' ? [] : [part];
  });
}
