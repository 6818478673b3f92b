import { foldNames } from '../../fleet/fold-names.ts';
import type { Actor } from '../../person.ts';
import { messageTime, type RoomFile, type RoomMessage } from '../archive/archive-input.ts';
import { actorWords, eventWords, type NameOf } from '../archive/event-words.ts';
import { alertKey } from '../case.ts';
import type { CaseEvent, EventRecord } from '../event.ts';

/** What a line of the timeline is about: for a symbol, a colour, a filter. */
export type TimelineKind =
  | 'incident'
  | 'alert'
  | 'people'
  | 'finding'
  | 'fix'
  | 'page'
  | 'update'
  | 'message';

/** One important thing that happened. Texts are plain and from outside: escape them. */
export interface TimelineEntry {
  /** When it happened, ISO 8601, UTC: for a message, when it was said. */
  readonly at: string;
  /** When somebody put it on the timeline, where that was later. */
  readonly recordedAt?: string;
  /** Who did or said it, by name. */
  readonly actor: string;
  /** Slack user id, where it was a person. */
  readonly user?: string;
  readonly kind: TimelineKind;
  readonly text: string;
  /** What an edited message said at first. */
  readonly before?: string;
  readonly permalink?: string;
  readonly files?: readonly RoomFile[];
  readonly editedAt?: string;
  readonly deletedAt?: string;
}

/** What the records alone do not say. */
export interface TimelineTold {
  readonly nameOf?: NameOf;
  /** Messages as they are now, by `ts`: tells edits, deletions and files of those on the timeline. */
  readonly messages?: ReadonlyMap<string, RoomMessage>;
}

/**
 * What happened, oldest first, the important things only: not every look, plan and commit. Messages
 * that people put there stand at the time at which they were said.
 */
export function timelineItems(
  records: readonly EventRecord[],
  told: TimelineTold = {},
): readonly TimelineEntry[] {
  const nameOf = told.nameOf ?? ((user) => user);
  const called = calledIn(records);
  const alerts = new Map<string, string>();
  const happened = records.flatMap((record): TimelineEntry[] => {
    const kind = kindOf(record.event, alerts);
    if (kind === null) return [];
    const { at, actor, event } = record;
    return [
      {
        at,
        ...actorOf(actor, nameOf),
        kind,
        text: eventWords(event, nameOf, (id) => called.get(id)),
      },
    ];
  });
  return [...happened, ...markedMessages(records, { nameOf, ...told })].toSorted((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
}

/** Runs and fixes by their ids, in words: what looked where, what was to be changed where. */
function calledIn(records: readonly EventRecord[]): ReadonlyMap<string, string> {
  return new Map(
    records.flatMap(({ event }): (readonly [string, string])[] => {
      if (event.type === 'run.started') {
        return [[event.run, `${event.diagnostic} on ${foldNames(event.hosts)}`]];
      }
      if (event.type === 'fix.reviewed')
        return [[event.fix, `${event.offer.fix} on ${event.host}`]];
      return [];
    }),
  );
}

function actorOf(actor: Actor, nameOf: NameOf): Pick<TimelineEntry, 'actor' | 'user'> {
  const name = actorWords(actor, nameOf);
  return actor.kind === 'person' ? { actor: name, user: actor.user } : { actor: name };
}

/** Null: not important enough, or said in another line. */
function kindOf(event: CaseEvent, alerts: Map<string, string>): TimelineKind | null {
  switch (event.type) {
    case 'incident.opened':
    case 'severity.changed':
    case 'incident.mitigated':
    case 'incident.resolved':
    case 'incident.reopened':
    case 'incident.closing':
    case 'incident.closed':
    case 'incident.absorbed':
    case 'incident.merged':
    case 'archive.failed':
    case 'fixes.frozen':
    case 'fixes.unfrozen':
      return 'incident';
    case 'alert.received': {
      // A source that repeats what it said is no news.
      const key = alertKey(event.alert);
      const { action, description } = event.alert;
      const said = action === 'note' ? `note ${description}` : action;
      if (alerts.get(key) === said) return null;
      alerts.set(key, said);
      return 'alert';
    }
    case 'alert.flapping':
      return 'alert';
    case 'incident.acknowledged':
    case 'incident.unacknowledged':
    case 'role.assigned':
    case 'hosts.changed':
      return 'people';
    case 'update.posted':
      return 'update';
    case 'page.sent':
    case 'page.exhausted':
      return 'page';
    case 'run.finished':
      return event.status === 'ok' ? null : 'finding';
    case 'fix.requested':
    case 'fix.approved':
    case 'fix.denied':
    case 'fix.expired':
    case 'fix.stopped':
    case 'fix.finished':
    case 'fix.lost':
      return 'fix';
    default:
      return null;
  }
}

interface Marked {
  readonly event: Extract<CaseEvent, { type: 'timeline.added' }>;
  readonly recordedAt: string;
  readonly marks: ReadonlySet<string>;
}

/** Messages that are on the timeline in the end: each once, however often it was put there. */
function markedMessages(
  records: readonly EventRecord[],
  { nameOf, messages }: TimelineTold & { readonly nameOf: NameOf },
): readonly TimelineEntry[] {
  const marked = new Map<string, Marked>();
  for (const { at, event } of records) {
    if (event.type !== 'timeline.added' && event.type !== 'timeline.removed') continue;
    const before = marked.get(event.ts);
    const marks = new Set(before?.marks);
    if (event.type === 'timeline.removed') {
      marks.delete(event.via);
      if (before === undefined || marks.size === 0) marked.delete(event.ts);
      else marked.set(event.ts, { ...before, marks });
      continue;
    }
    marks.add(event.via);
    marked.set(event.ts, {
      event: before?.event ?? event,
      recordedAt: before?.recordedAt ?? at,
      marks,
    });
  }
  return [...marked.values()].map(({ event, recordedAt }) =>
    messageEntry({ event, recordedAt, nameOf }, messages?.get(event.ts)),
  );
}

function messageEntry(
  marked: Pick<Marked, 'event' | 'recordedAt'> & { readonly nameOf: NameOf },
  now: RoomMessage | undefined,
): TimelineEntry {
  const { event, recordedAt, nameOf } = marked;
  const permalink = event.permalink ?? now?.permalink;
  const first = now?.earlier?.[0]?.text;
  return {
    at: messageTime(event.ts),
    recordedAt,
    actor: now?.authorName ?? nameOf(event.author),
    ...(isUser(event.author) ? { user: event.author } : {}),
    kind: 'message',
    text: now?.text ?? event.text,
    ...(first === undefined || first === now?.text ? {} : { before: first }),
    ...(permalink === undefined ? {} : { permalink }),
    ...(now === undefined || now.files.length === 0 ? {} : { files: now.files }),
    ...(now?.edited === undefined ? {} : { editedAt: messageTime(now.edited) }),
    ...(now?.deletedAt === undefined ? {} : { deletedAt: now.deletedAt }),
  };
}

/** A bot stands there by its name. */
function isUser(author: string): boolean {
  return /^[UW][A-Z0-9]{2,}$/.test(author);
}
