import { peopleInlines } from '../../core/approval/review-form.ts';
import type { ChatRow, Lane } from '../../core/chat-operation.ts';
import type { Document } from '../../core/document/document.ts';
import { announced } from '../../core/incident/announced.ts';
import type { CaseState, Incident } from '../../core/incident/case.ts';
import type { LeasedRow } from '../../ports/outbox.ts';

const KEY = 'failed:';

/**
 * What people are told when Slack refused a row: in the room where that can be, else in the
 * announcement channel. The failure of such a telling is only logged, or the two would go on for ever.
 */
export function failureRows(
  announceChannel: string,
  state: CaseState,
  failed: { readonly row: LeasedRow; readonly reason: string },
): ChatRow[] {
  const { row, reason } = failed;
  const { operation } = row;
  const { incident } = state;
  if (operation.op === 'message.post' && operation.key.startsWith(KEY)) return [];
  const announce: Lane = `channel:${announceChannel}`;
  const post = (lane: Lane, document: Document): ChatRow[] => [
    { lane, operation: { op: 'message.post', key: `${KEY}${row.id}`, document } },
  ];
  if (operation.op === 'room.open' && incident !== null) {
    // The name of its room says what a private incident is about.
    const told = incident.private ? reason.replaceAll(operation.name, incident.id) : reason;
    return post(announce, noRoom(announced(incident), told));
  }
  if (row.lane === announce) {
    const open = incident !== null && incident.state !== 'closed';
    return open ? post(`room:${incident.id}`, line(`announcement failed: ${reason}`)) : [];
  }
  if (operation.op === 'room.canvas') {
    return post(`room:${state.stream}`, line(`The handover canvas is off here: ${reason}`));
  }
  const inRoom = row.lane.startsWith('room:') && !operation.op.startsWith('message.');
  const words = line(`${state.stream}: ${operation.op} failed: ${reason}`);
  if (inRoom) return post(row.lane, words);
  if (isBeside(row.lane) && hasRoom(incident)) return post(`room:${state.stream}`, words);
  // The reason may name what a private incident is about: the subject of an e-mail does.
  const brief = line(`${state.stream}: ${operation.op} failed, see its record`);
  return post(announce, incident?.private === true ? brief : words);
}

/** Direct messages, e-mails, alert sources: the room should know whom they did not reach. */
function isBeside(lane: Lane): boolean {
  return /^(?:mail|source):|^channel:[UW]/.test(lane);
}

function hasRoom(incident: Incident | null): boolean {
  return incident !== null && incident.state !== 'closed' && incident.room !== null;
}

function line(text: string): Document {
  return { summary: text, blocks: [{ kind: 'context', content: [text] }] };
}

/** All that the room would have said to whoever is on call, and who that is. */
function noRoom(incident: Incident, reason: string): Document {
  const { id, invite, severity, title } = incident;
  const summary = `${severity} opened WITHOUT A ROOM: ${title}`;
  return {
    summary,
    status: 'critical',
    blocks: [
      { kind: 'paragraph', content: [{ text: summary, style: 'bold' }] },
      {
        kind: 'paragraph',
        content: [
          `Slack refused to open its channel: ${reason}. The diagnoses run all the same; `,
          { text: `/incident status ${id}`, style: 'code' },
          ' shows here what they find.',
        ],
      },
      ...(invite.length === 0
        ? []
        : [
            { kind: 'paragraph' as const, content: ['Would be in it: ', ...peopleInlines(invite)] },
          ]),
    ],
  };
}
