import type { Route } from '../core/alert-route.ts';
import { routeAlert } from '../core/alert-route.ts';
import type { ChatRow } from '../core/chat-operation.ts';
import { HousecallError } from '../core/errors.ts';
import { answeredRows } from '../core/escalation/page-rows.ts';
import { type CaseState, foldEvents, type Incident } from '../core/incident/case.ts';
import type { CaseEvent } from '../core/incident/event.ts';
import { groupClaims } from '../core/incident/group-claims.ts';
import type { Actor, Person } from '../core/person.ts';
import { panelRows } from './finish-run.ts';
import { announcementRow } from './open-incident.ts';
import { readCase, type TransactDeps, transact } from './transact.ts';

export interface MergeDeps extends TransactDeps {
  readonly announceChannel: string;
  readonly routes: readonly Route[];
}

/**
 * Alerts of one incident go on in another, whose hosts grow by theirs. The other's room stays, says
 * where to go, and takes nothing more in. Three commits, each safe to repeat: asked again after a
 * crash it is finished.
 * @throws HousecallError NOT_FOUND, STATE_CONFLICT.
 */
export async function mergeIncidents(
  deps: MergeDeps,
  input: { readonly into: string; readonly from: string; readonly person: Person },
): Promise<void> {
  const actor: Actor = { kind: 'person', ...input.person };
  if (input.into === input.from) {
    throw new HousecallError('STATE_CONFLICT', `incident ${input.into} cannot go on in itself`);
  }
  const source = await readCase(deps.journal, input.from);
  requireMergeable(source, input.from, input.into);
  const target = await readCase(deps.journal, input.into);
  const room = requireTarget(target, input.into).room;
  // First its alerts are there, then it stops taking them in, then their names lead there.
  await transact(deps, { stream: input.into, actor }, (state) =>
    absorb(deps, state, source, actor),
  );
  await transact(deps, { stream: input.from, actor }, (state) =>
    leave(deps, state, { into: input.into, room, actor }),
  );
  const claims = [...source.alerts.values()].flatMap(({ alert }) =>
    groupClaims(alert, routeAlert(alert, deps.routes)),
  );
  await transact(deps, { stream: input.into, actor }, () => ({
    events: [],
    claims: [...new Set(claims)],
  })).catch((error: unknown) => {
    // One of them fired in between and has an incident of its own: nothing is lost, it is only not here.
    if (!(error instanceof HousecallError) || error.code !== 'STATE_CONFLICT') throw error;
  });
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

function absorb(deps: MergeDeps, state: CaseState, source: CaseState, actor: Actor) {
  const incident = requireTarget(state, state.stream);
  const other = source.incident;
  if (other === null || incident.absorbed.includes(source.stream)) return null;
  const event: CaseEvent = {
    type: 'incident.absorbed',
    from: source.stream,
    title: other.title,
    hosts: other.hosts,
    alerts: [...source.alerts.values()].map(({ alert, hosts, firing }) => ({
      alert,
      hosts,
      firing,
    })),
  };
  const after = foldEvents(state, [event], { at: deps.clock.now().toISOString(), actor });
  return {
    events: [event],
    chat: [
      ...panelRows(after),
      line(state, actor, {
        key: `merged:${source.stream}`,
        words: `took in incident ${source.stream}: ${other.title}`,
        room: other.room,
      }),
    ],
  };
}

function leave(
  deps: MergeDeps,
  state: CaseState,
  to: { readonly into: string; readonly room: Incident['room']; readonly actor: Actor },
) {
  const incident = requireMergeable(state, state.stream, to.into);
  if (incident.mergedInto !== null) return null;
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
    releaseAll: true,
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
