import type { Route } from '../core/alert-route.ts';
import { routeAlert } from '../core/alert-route.ts';
import type { ChatRow } from '../core/chat-operation.ts';
import { HousecallError } from '../core/errors.ts';
import { answeredRows } from '../core/escalation/page-rows.ts';
import { alertKey, type CaseState, foldEvents, type Incident } from '../core/incident/case.ts';
import type { AbsorbedAlert, CaseEvent } from '../core/incident/event.ts';
import { alertClaims } from '../core/incident/group-claims.ts';
import type { Actor, Person } from '../core/person.ts';
import { panelRows } from './finish-run.ts';
import { type InviteBySeverity, inviteRows } from './invite-rows.ts';
import { STORM_CLAIMS } from './open-for-alert.ts';
import { announcementRow } from './open-incident.ts';
import { topicRows } from './topic-rows.ts';
import { type Decision, readCase, type TransactDeps, transact } from './transact.ts';

export interface MergeDeps extends TransactDeps {
  readonly announceChannel: string;
  readonly routes: readonly Route[];
  readonly inviteBySeverity: InviteBySeverity;
}

/** More than alerts can come between two commits, unless something is very wrong. */
const TRIES = 10;

/**
 * Alerts of one incident go on in another, whose hosts grow by theirs. The other's room stays, says
 * where to go, and takes nothing more in. Three commits, each safe to repeat: asked again after a
 * crash it is finished. Neither may be in another merge meanwhile: two that go on in each other
 * would be found by nobody.
 * @throws HousecallError NOT_FOUND, STATE_CONFLICT.
 */
export async function mergeIncidents(
  deps: MergeDeps,
  input: { readonly into: string; readonly from: string; readonly person: Person },
): Promise<void> {
  const actor: Actor = { kind: 'person', ...input.person };
  const { into, from } = input;
  if (into === from) {
    throw new HousecallError('STATE_CONFLICT', `incident ${into} cannot go on in itself`);
  }
  requireMergeable(await readCase(deps.journal, from), from, into);
  const claims = mergeClaims(into, from);
  const target = await transact(deps, { stream: into, actor }, (state) => {
    requireTarget(state, into);
    return { events: [], claims };
  });
  const { room } = requireTarget(target, into);
  try {
    // Again, now that no other merge can begin.
    requireMergeable(await readCase(deps.journal, from), from, into);
  } catch (error) {
    await transact(deps, { stream: into, actor }, () => ({ events: [], releases: claims }));
    throw error;
  }
  for (let tries = 1; tries <= TRIES; tries++) {
    const source = await readCase(deps.journal, from);
    // First its alerts are there, then it stops taking them in, then their names lead there.
    if (source.incident?.mergedInto == null) {
      await transact(deps, { stream: into, actor }, (state) => absorb(deps, state, source, actor));
    }
    const left = await transact(deps, { stream: from, actor }, (state) =>
      leave(deps, state, { into, room, actor, source }),
    );
    if (isGone(left)) return lead(deps, { into, actor, source: left });
  }
  throw new HousecallError(
    'STATE_CONFLICT',
    `incident ${from} is changing all the time: ask again`,
  );
}

function isGone({ incident }: CaseState): boolean {
  return incident?.state === 'closed' || incident?.mergedInto !== null;
}

/** The names of its alerts lead to where they went on; what follows them meanwhile finds it, too. */
async function lead(
  deps: MergeDeps,
  to: { readonly into: string; readonly actor: Actor; readonly source: CaseState },
): Promise<void> {
  const { into, actor, source } = to;
  const names = [...source.alerts.values()].flatMap(({ alert, hosts }) =>
    alertClaims(alert, routeAlert(alert, deps.routes), hosts),
  );
  const claims = new Set(names);
  for (;;) {
    try {
      const { incident } = await transact(deps, { stream: into, actor }, ({ incident: now }) =>
        now === null || now.state === 'closed' || now.mergedInto !== null
          ? null
          : {
              events: [],
              claims: [...claims],
              takesFrom: source.stream,
              releases: mergeClaims(into, source.stream),
            },
      );
      if (incident?.mergedInto == null) return;
      return await lead(deps, { ...to, into: incident.mergedInto });
    } catch (error) {
      // It fired in between, and has an incident of its own: nothing is lost, it is only not here.
      const taken = error instanceof HousecallError ? error.context['claim'] : undefined;
      if (typeof taken !== 'string' || !claims.delete(taken)) throw error;
    }
  }
}

/** Held by the one that takes in, while it does. */
function mergeClaims(into: string, from: string): string[] {
  return [`merge:${into}`, `merge:${from}`];
}

function requireMergeable({ incident }: CaseState, from: string, into: string): Incident {
  if (incident === null) throw new HousecallError('NOT_FOUND', `there is no incident ${from}`);
  const elsewhere = incident.mergedInto !== null && incident.mergedInto !== into;
  if (incident.state === 'closed' || incident.closing || elsewhere) {
    const now = elsewhere
      ? `merged into ${incident.mergedInto}`
      : incident.closing
        ? 'being closed'
        : 'closed';
    throw new HousecallError('STATE_CONFLICT', `incident ${from} is ${now}`);
  }
  return incident;
}

function requireTarget({ incident }: CaseState, into: string): Incident {
  if (incident === null) throw new HousecallError('NOT_FOUND', `there is no incident ${into}`);
  if (incident.state === 'closed' || incident.closing || incident.mergedInto !== null) {
    const now = incident.mergedInto === null ? 'closed' : `merged into ${incident.mergedInto}`;
    throw new HousecallError('STATE_CONFLICT', `incident ${into} is ${now}: nothing can join it`);
  }
  return incident;
}

/** What an incident hands over. */
function handedOver({ alerts }: CaseState): AbsorbedAlert[] {
  return [...alerts.values()].map(({ alert, hosts, firing }) => ({ alert, hosts, firing }));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function absorb(
  deps: MergeDeps,
  state: CaseState,
  source: CaseState,
  actor: Actor,
): Decision | null {
  const incident = requireTarget(state, state.stream);
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

function leave(
  deps: MergeDeps,
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
  // Something came meanwhile: that goes there first.
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
