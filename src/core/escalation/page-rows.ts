import type { ChatRow } from '../chat-operation.ts';
import type { CaseState } from '../incident/case.ts';
import { ownWords } from '../incident/own-words.ts';
import { isHeard, unheardSince } from './ladder.ts';
import {
  answeredDocument,
  type Call,
  pageDocument,
  pageLine,
  pageMail,
  roomCallDocument,
} from './page-document.ts';
import { clipped } from './what-is-known.ts';

/** More people than this are not called at once, whatever a user group holds. */
export const MAX_CALLED = 100;
/** Messages that are edited when a page is answered: the latest. */
const MAX_EDITED = 100;
/** Alerts whose source is asked to escalate as well. */
const MAX_ESCALATED = 10;

/** How people are reached beside Slack. */
export interface Reach {
  /** Whether e-mail is configured. */
  readonly mail: boolean;
  /** Addresses that get stakeholder updates. */
  readonly stakeholders: readonly string[];
  /** IANA name, for times that are said. */
  readonly timeZone: string;
}

/** Name of a page's message within its lane. */
function pageKey(stream: string, page: string): string {
  return `page:${stream}:${page}`;
}

/** Everything that calls people: direct messages, a mention in the room, an e-mail, their own pager. */
export function pageRows(
  state: CaseState,
  call: Call & { readonly page: string; readonly called: readonly string[] },
  { reach, tellable, now }: { reach: Reach; tellable: ReadonlySet<string>; now: Date },
): ChatRow[] {
  const { incident, stream } = state;
  if (incident === null) return [];
  const key = pageKey(stream, call.page);
  // Somebody who is asked for by name is told even if the incident is acknowledged meanwhile.
  const late = call.reason === 'command' ? {} : { untilHeard: true };
  const room = `room:${stream}` as const;
  const direct = pageDocument(state, call, now);
  return [
    ...call.called.map(
      (user): ChatRow => ({
        lane: `channel:${user}`,
        operation: { op: 'message.post', key, document: direct, ...late },
      }),
    ),
    // A mention calls only those who are in the room.
    ...(call.round === 0
      ? [{ lane: room, operation: { op: 'room.invite', people: call.people, ...late } } as const]
      : []),
    {
      lane: room,
      operation: { op: 'message.post', key, document: roomCallDocument(state, call, now), ...late },
    },
    ...(reach.mail && call.called.length > 0
      ? [
          {
            lane: `mail:${stream}`,
            operation: {
              op: 'mail.send',
              to: [],
              users: call.called,
              subject: clipped(pageLine(state, incident), 150),
              document: pageMail(state, call, now),
              ...late,
            },
          } as const,
        ]
      : []),
    ...(isFirst(call) ? escalations(state, tellable) : []),
  ];
}

/** Its own escalation goes on by itself once it has begun. */
function isFirst({ reason, round, step }: Call): boolean {
  return reason !== 'command' && round === 0 && (step ?? 0) === 0;
}

function escalations({ alerts, stream }: CaseState, tellable: ReadonlySet<string>): ChatRow[] {
  return [...alerts.values()]
    .filter(({ firing, alert }) => firing && tellable.has(alert.source))
    .slice(0, MAX_ESCALATED)
    .map(({ alert }) => ({
      lane: `source:${alert.source}`,
      operation: {
        op: 'source.tell',
        what: 'escalate',
        fingerprint: alert.fingerprint,
        note: ownWords('escalate', stream),
        untilHeard: true,
      },
    }));
}

/**
 * When somebody is on it, or it is over: the pages that nobody had answered say so and lose their
 * button. Nothing when that is no news.
 */
export function answeredRows(before: CaseState, after: CaseState): ChatRow[] {
  const { stream } = after;
  if (before.incident === null || after.incident === null) return [];
  if (isHeard(before.incident) || !isHeard(after.incident)) return [];
  const since = unheardSince(before.incident);
  const document = answeredDocument(after.incident);
  return before.incident.pages
    .filter(({ at }) => at >= since)
    .toReversed()
    .flatMap(({ page, called = [] }) =>
      [...called.map((user) => `channel:${user}` as const), `room:${stream}` as const].map(
        (lane): ChatRow => ({
          lane,
          operation: {
            op: 'message.update',
            key: pageKey(stream, page),
            document,
            ifPosted: true,
          },
        }),
      ),
    )
    .slice(0, MAX_EDITED);
}
