import type { ChatRow } from '../../core/chat-operation.ts';
import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { dueNudges, type Moment, type Nudge } from '../../core/escalation/due-nudges.ts';
import { type LadderMoment, nextCall, waitsFrom } from '../../core/escalation/ladder.ts';
import { exhaustedAnnouncement, nudgeDocument } from '../../core/escalation/nudge-document.ts';
import { pageRows, type Reach } from '../../core/escalation/page-rows.ts';
import type { EscalationPolicy } from '../../core/escalation/policy.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { IncidentEvent } from '../../core/incident/event.ts';
import { HOUSECALL } from '../../core/person.ts';
import { requestClose } from '../closing/request-close.ts';
import { type Decision, readCase, transact } from '../record/transact.ts';
import type { CancelRunDeps } from '../run/cancel-run.ts';
import { panelRows } from '../run/finish-run.ts';
import type { AddressBook } from './address-book.ts';
import { type Callees, callees } from './callees.ts';
import type { LadderWatch } from './ladder-watch.ts';
import type { LastHeard } from './last-heard.ts';

export interface NudgeIncidentDeps extends CancelRunDeps {
  readonly book: AddressBook;
  readonly announceChannel: string;
  readonly policy: EscalationPolicy;
  readonly reach: Reach;
  /** Alert sources that can be told. */
  readonly tellable: ReadonlySet<string>;
  readonly lastHeard: LastHeard;
  readonly watch?: LadderWatch;
}

/**
 * Does what is due for an incident. Safe to run anywhere at any time: what is due is decided anew at
 * the commit, so that of two who try at once one finds that it is done.
 */
export async function nudgeIncident(deps: NudgeIncidentDeps, stream: string): Promise<void> {
  const state = await readCase(deps.journal, stream);
  const { incident } = state;
  const seen =
    incident === null ? undefined : deps.watch?.seen(stream, waitsFrom(incident, deps.policy));
  const ladder = seen === undefined ? {} : { seen };
  const now = deps.clock.now();
  const due = (heardAt: string | null): readonly Nudge[] =>
    dueNudges(state, deps.policy, { now, heardAt, ...ladder });
  const silence = (heardAt: string | null): boolean => due(heardAt).some(isAboutSilence);
  const heardAt = silence(null) ? await deps.lastHeard(stream) : null;
  for (const nudge of due(heardAt)) {
    if (nudge.nudge === 'close') await closeIdle(deps, stream, heardAt);
    else await sayNudge(deps, { stream, nudge, heardAt, ladder });
  }
}

/** A word in the room makes it wrong. */
function isAboutSilence({ nudge }: Nudge): boolean {
  return ['remind-acknowledged', 'unacknowledge', 'ask-idle', 'close'].includes(nudge);
}

type Said = Exclude<Nudge, { nudge: 'close' }>;

async function sayNudge(
  deps: NudgeIncidentDeps,
  said: {
    readonly stream: string;
    readonly nudge: Said;
    readonly heardAt: string | null;
    readonly ladder: Pick<LadderMoment, 'seen'>;
  },
): Promise<void> {
  const { stream, nudge, heardAt, ladder } = said;
  // User groups cannot be asked for while deciding, and what is committed names people.
  const called =
    nudge.nudge === 'page' ? await callees(deps.book, nudge.people) : { called: [], failures: [] };
  const page = deps.clock.id();
  await transact(deps, { stream, actor: HOUSECALL }, (state) => {
    const moment = { now: deps.clock.now(), heardAt, ...ladder };
    if (!isDue(state, deps.policy, moment, nudge)) return null;
    return nudge.nudge === 'page'
      ? pageDecision(deps, state, { ...nudge, ...called, page, now: moment.now })
      : nudgeDecision(deps, state, nudge, moment);
  });
}

function isDue(state: CaseState, policy: EscalationPolicy, moment: Moment, nudge: Nudge): boolean {
  const wanted = JSON.stringify(nudge);
  return dueNudges(state, policy, moment).some((one) => JSON.stringify(one) === wanted);
}

function pageDecision(
  deps: NudgeIncidentDeps,
  state: CaseState,
  page: Extract<Nudge, { nudge: 'page' }> & Callees & { readonly page: string; readonly now: Date },
): Decision {
  const { reason, step, round, people, called } = page;
  const said = { at: page.now.toISOString(), actor: HOUSECALL };
  const sent = { type: 'page.sent', page: page.page, reason, step, round, people, called } as const;
  const { incident } = foldEvents(state, [sent], said);
  const next = incident === null ? null : nextCall(incident, deps.policy, page.now);
  const event = next === null ? sent : { ...sent, next };
  return {
    events: [event],
    chat: [
      ...pageRows(state, page, { ...deps, now: page.now }),
      ...panelRows(foldEvents(state, [event], said)),
    ],
  };
}

function nudgeDecision(
  deps: NudgeIncidentDeps,
  state: CaseState,
  nudge: Exclude<Said, { nudge: 'page' }>,
  moment: Moment,
): Decision | null {
  const { incident, stream } = state;
  if (incident === null) return null;
  const event = eventOf(nudge);
  const document = nudgeDocument(state, nudge, { ...moment, policy: deps.policy });
  const after = foldEvents(state, [event], { at: moment.now.toISOString(), actor: HOUSECALL });
  const key = `nudge:${stream}:${state.seq}:${nudge.nudge}`;
  const post = (lane: ChatRow['lane'], said: Document): ChatRow => ({
    lane,
    operation: { op: 'message.post', key, document: said },
  });
  const acker = incident.acknowledged?.by;
  return {
    events: [event],
    chat: [
      post(`room:${stream}`, document),
      ...(nudge.nudge === 'remind-acknowledged' && acker?.kind === 'person'
        ? [post(`channel:${acker.user}`, inDirectMessage(state, document))]
        : []),
      ...(nudge.nudge === 'exhausted'
        ? [post(`channel:${deps.announceChannel}`, exhaustedAnnouncement(incident, moment.now))]
        : []),
      ...(nudge.nudge === 'unacknowledge' || nudge.nudge === 'exhausted' ? panelRows(after) : []),
    ],
  };
}

function eventOf(nudge: Exclude<Said, { nudge: 'page' }>): IncidentEvent {
  switch (nudge.nudge) {
    case 'quiet':
      return { type: 'reminder.sent', about: 'quiet' };
    case 'exhausted':
      return { type: 'page.exhausted' };
    case 'remind-acknowledged':
      return { type: 'reminder.sent', about: 'acknowledged' };
    case 'unacknowledge':
      return { type: 'incident.unacknowledged', via: 'silence' };
    case 'remind-update':
      return { type: 'reminder.sent', about: 'update' };
    case 'ask-idle':
      return { type: 'reminder.sent', about: 'idle' };
  }
}

/** There it must say which incident it is about. */
function inDirectMessage({ incident }: CaseState, document: Document): Document {
  const room = incident?.room ?? null;
  return {
    ...document,
    summary: `${incident?.title ?? ''}: ${document.summary}`,
    blocks: [
      ...document.blocks,
      {
        kind: 'context',
        content: [incident?.title ?? '', ' · ', room === null ? '' : { channel: room.channel }],
      },
    ],
  };
}

/** Nobody answered. What cannot be closed (a fix is open, say) is asked about again. */
async function closeIdle(
  deps: NudgeIncidentDeps,
  stream: string,
  heardAt: string | null,
): Promise<void> {
  const moment = { now: deps.clock.now(), heardAt };
  try {
    await requestClose(deps, { stream, person: null });
  } catch (error) {
    if (!(error instanceof HousecallError) || error.code !== 'STATE_CONFLICT') throw error;
    await transact(deps, { stream, actor: HOUSECALL }, (now) =>
      isDue(now, deps.policy, moment, { nudge: 'close' })
        ? nudgeDecision(deps, now, { nudge: 'ask-idle' }, moment)
        : null,
    );
  }
}
