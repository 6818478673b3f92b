import type { ChatRow } from '../chat-operation.ts';
import type { Block, Document, Inline } from '../document/document.ts';
import { formatDuration } from '../format.ts';
import type { CaseState, Incident } from '../incident/case.ts';
import { elapsed } from './ladder.ts';
import { mailPlace, placeInlines } from './page-document.ts';
import type { Reach } from './page-rows.ts';
import { clockTime } from './wall-clock.ts';
import { clipped } from './what-is-known.ts';

/** The latest update as everybody reads it: what was said first, then how bad and where. */
export function updateDocument(
  incident: Incident,
  { timeZone, now }: { readonly timeZone: string; readonly now: Date },
  place: readonly Inline[],
): Document {
  const update = incident.updates.at(-1);
  if (update === undefined) return { summary: '', blocks: [] };
  const by: Inline[] = update.by.kind === 'person' ? [{ user: update.by.user }] : ['Housecall'];
  const next = update.nextAt === null ? null : clockTime(new Date(update.nextAt), now, timeZone);
  return {
    summary: clipped(`${incident.severity} update: ${update.text}`),
    blocks: [
      // Begins as the summary does, so that Slack shows it once.
      {
        kind: 'paragraph',
        content: [{ text: `${incident.severity} update: `, style: 'bold' }, update.text],
      },
      ...(next === null
        ? []
        : [{ kind: 'paragraph', content: [`Next update by ${next}.`] } as const]),
      {
        kind: 'context',
        content: [
          `${incident.severity} ${incident.state}: ${incident.title} · by `,
          ...by,
          ...place,
        ],
      },
    ],
  };
}

/** Room, announcement channel, and the stakeholders' mail. */
export function updateRows(
  after: CaseState,
  { announceChannel, reach, now }: { announceChannel: string; reach: Reach; now: Date },
): ChatRow[] {
  const { incident, stream } = after;
  if (incident === null) return [];
  const at = { timeZone: reach.timeZone, now };
  const key = `update:${stream}:${after.seq}`;
  if (incident.private) {
    const document = updateDocument(incident, at, [' · private: told here only']);
    return [{ lane: `room:${stream}`, operation: { op: 'message.post', key, document } }];
  }
  return [
    {
      lane: `room:${stream}`,
      operation: { op: 'message.post', key, document: updateDocument(incident, at, []) },
    },
    {
      lane: `channel:${announceChannel}`,
      operation: {
        op: 'message.post',
        key,
        document: updateDocument(incident, at, [' · ', ...placeInlines(incident)]),
      },
    },
    ...mailRows(after, reach, {
      subject: `${incident.severity} update: ${incident.title}`,
      document: updateDocument(incident, at, [' · ', ...mailPlace(incident)]),
    }),
  ];
}

/** Stakeholders who were told of the incident are told of its end; others never heard of it. */
export function endMailRows(
  before: CaseState,
  after: CaseState,
  reach: Reach | undefined,
): ChatRow[] {
  const { incident } = after;
  const ended = incident?.state === 'resolved' && before.incident?.state !== 'resolved';
  if (incident === null || incident.private || !ended) return [];
  if (incident.updates.length === 0 || reach === undefined) return [];
  const { resolved, openedAt, severity, title } = incident;
  const at = new Date(resolved?.at ?? openedAt);
  const took = formatDuration(elapsed(openedAt, at) / 1000);
  const reason: Block[] =
    resolved === null || resolved.reason === ''
      ? []
      : [{ kind: 'paragraph', content: [resolved.reason] }];
  return mailRows(after, reach, {
    subject: `Resolved: ${title}`,
    document: {
      summary: `Resolved after ${took}: ${title}`,
      status: 'ok',
      blocks: [
        { kind: 'paragraph', content: [{ text: `Resolved after ${took}.`, style: 'bold' }] },
        ...reason,
        { kind: 'context', content: [`${severity}: ${title} · `, ...mailPlace(incident)] },
      ],
    },
  });
}

function mailRows(
  { stream }: CaseState,
  { mail, stakeholders }: Reach,
  { subject, document }: { readonly subject: string; readonly document: Document },
): ChatRow[] {
  if (!mail || stakeholders.length === 0) return [];
  return [
    {
      lane: `mail:${stream}`,
      operation: { op: 'mail.send', to: stakeholders, subject: clipped(subject, 150), document },
    },
  ];
}
