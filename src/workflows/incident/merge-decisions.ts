import type { ChatRow } from '../../core/chat-operation.ts';
import { HousecallError } from '../../core/errors.ts';
import { answeredRows } from '../../core/escalation/page-rows.ts';
import { alertKey, type CaseState, foldEvents, type Incident } from '../../core/incident/case.ts';
import type { AbsorbedAlert, CaseEvent } from '../../core/incident/event.ts';
import type { Actor } from '../../core/person.ts';
import type { Clock } from '../../ports/clock.ts';
import { STORM_CLAIMS } from '../alert/open-for-alert.ts';
import type { Decision } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import { type InviteBySeverity, inviteRows } from './invite-rows.ts';
import { announcementRow } from './open-incident.ts';
import { topicRows } from './topic-rows.ts';

interface Told {
  readonly clock: Clock;
  readonly announceChannel: string;
  readonly inviteBySeverity: InviteBySeverity;
}

/** Its alerts go on elsewhere. */
export function hasLeft({ incident }: CaseState): boolean {
  return incident !== null && incident.mergedInto !== null;
}

/** They do, or it is over. */
export function isGone({ incident }: CaseState): boolean {
  return incident?.state === 'closed' || incident?.mergedInto !== null;
}

/** @throws HousecallError NOT_FOUND, STATE_CONFLICT: it cannot go on in another. */
export function requireMergeable({ incident, stream }: CaseState): Incident {
  if (incident === null) throw new HousecallError('NOT_FOUND', `there is no incident ${stream}`);
  if (incident.state !== 'closed' && !incident.closing) return incident;
  const now = incident.closing ? 'being closed' : 'closed';
  throw new HousecallError('STATE_CONFLICT', `incident ${stream} is ${now}`);
}

/** @throws HousecallError NOT_FOUND, STATE_CONFLICT: nothing can go on in it. */
export function requireTarget({ incident, stream }: CaseState): Incident {
  if (incident === null) throw new HousecallError('NOT_FOUND', `there is no incident ${stream}`);
  if (incident.state === 'closed' || incident.closing || incident.mergedInto !== null) {
    const now = incident.mergedInto === null ? 'closed' : `merged into ${incident.mergedInto}`;
    throw new HousecallError('STATE_CONFLICT', `incident ${stream} is ${now}: nothing can join it`);
  }
  return incident;
}

/** Takes in what the other has that is not known here yet; null: nothing. */
export function absorb(
  deps: Told,
  state: CaseState,
  { source, actor }: { readonly source: CaseState; readonly actor: Actor },
): Decision | null {
  const incident = requireTarget(state);
  const other = source.incident;
  const again = incident.absorbed.includes(source.stream);
  const known = new Map(handedOver(state).map((one) => [alertKey(one.alert), one]));
  const alerts = handedOver(source).filter((one) => !same(known.get(alertKey(one.alert)), one));
  if (other === null || (again && alerts.length === 0)) return null;
  const { title, hosts } = other;
  const unsolved = other.state !== 'resolved' && other.state !== 'closed';
  const events: CaseEvent[] = [
    { type: 'incident.absorbed', from: source.stream, title, hosts, alerts },
    // What nobody has solved must not become silent by going on where something was.
    ...(unsolved && incident.state === 'resolved'
      ? [{ type: 'incident.reopened', reason: `${source.stream} is not resolved` } as const]
      : []),
    ...(unsolved && other.severity < incident.severity
      ? [{ type: 'severity.changed', severity: other.severity } as const]
      : []),
  ];
  const after = foldEvents(state, events, { at: deps.clock.now().toISOString(), actor });
  const words = `took in incident ${source.stream}: ${title}`;
  const key = `merged:${source.stream}`;
  return {
    events,
    chat: [
      ...panelRows(after),
      ...topicRows(state, after),
      ...inviteRows(incident, after.incident, deps.inviteBySeverity),
      ...(again ? [] : [line(state, actor, { key, words, room: other.room })]),
    ],
  };
}

/** Stops taking alerts in; null: it did already, or it has some that are not where it goes yet. */
export function leave(
  deps: Told,
  state: CaseState,
  to: {
    readonly into: string;
    readonly room: Incident['room'];
    readonly actor: Actor;
    /** As it was when its alerts were taken in. */
    readonly source: CaseState;
  },
): Decision | null {
  const { incident } = state;
  if (incident === null || isGone(state)) return null;
  if (!same(handedOver(state), handedOver(to.source))) return null;
  const events: CaseEvent[] = [
    { type: 'incident.merged', into: to.into },
    ...(incident.state === 'resolved'
      ? []
      : [{ type: 'incident.resolved', reason: `merged into ${to.into}`, via: 'slack' } as const]),
  ];
  const at = deps.clock.now().toISOString();
  const after = foldEvents(state, events, { at, actor: to.actor });
  return {
    events,
    chat: [
      ...panelRows(after),
      ...topicRows(state, after),
      line(state, to.actor, {
        key: `merged-into:${to.into}`,
        words: `merged this incident into ${to.into}: it goes on there`,
        room: to.room,
      }),
      announcementRow(deps.announceChannel, after, 'resolved', ` · merged into ${to.into}`),
      ...answeredRows(state, after),
    ],
    // What else comes in a storm is not what they merged.
    releases: STORM_CLAIMS,
  };
}

/** What an incident hands over. */
function handedOver({ alerts }: CaseState): AbsorbedAlert[] {
  return [...alerts.values()].map(({ alert, hosts, firing }) => ({ alert, hosts, firing }));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function line(
  state: CaseState,
  actor: Actor,
  said: { readonly key: string; readonly words: string; readonly room: Incident['room'] },
): ChatRow {
  const { key, words, room } = said;
  return {
    lane: `room:${state.stream}`,
    operation: {
      op: 'message.post',
      key,
      document: {
        summary: words,
        ...(actor.kind === 'person' ? { by: { user: actor.user } } : {}),
        blocks: room === null ? [] : [{ kind: 'context', content: [{ channel: room.channel }] }],
      },
    },
  };
}
