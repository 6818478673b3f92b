import type { Alert } from '../../core/alert.ts';
import type { ChatOperation, ChatRow } from '../../core/chat-operation.ts';
import type { Document } from '../../core/document/document.ts';
import { announced } from '../../core/incident/announced.ts';
import { type CaseState, emptyCase, foldEvents, type Incident } from '../../core/incident/case.ts';
import type { CaseEvent, Severity } from '../../core/incident/event.ts';
import { panelDocument, roomTopic } from '../../core/incident/panel-document.ts';
import { roomName } from '../../core/incident/room-name.ts';
import type { Job } from '../../core/job.ts';
import type { Actor } from '../../core/person.ts';
import { actorInline } from '../../core/run/run-document.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { EarlyAck } from '../../ports/alert-inbox.ts';
import { type TransactDeps, transact } from '../record/transact.ts';
import { runParts } from '../run/start-run.ts';
import { type InviteBySeverity, invitedBy } from './invite-rows.ts';

export interface OpenIncidentDeps extends TransactDeps {
  readonly channelPrefix: string;
  /** Channel id or `#name`. */
  readonly announceChannel: string;
  /** A title becomes the name of a channel, which nobody can take back. */
  readonly redact: (text: string) => string;
  readonly inviteBySeverity: InviteBySeverity;
}

export interface OpenIncidentInput {
  readonly actor: Actor;
  readonly title: string;
  readonly severity: Severity;
  readonly state: 'triage' | 'active';
  readonly hosts: readonly string[];
  readonly invite: readonly string[];
  readonly runbook?: string;
  readonly alert?: Alert;
  /** Stored delivery of the alert. */
  readonly delivery?: string;
  /** Somebody acknowledged the alert at its source before it came here. */
  readonly early?: EarlyAck;
  readonly continues?: string;
  readonly private?: boolean;
  readonly storm?: boolean;
  readonly route?: string;
  /** A channel that is there already becomes its room. */
  readonly adopt?: string;
  /** Names that must be this incident's alone: `alert:…`, `group:…`. */
  readonly claims: readonly string[];
  readonly diagnose: readonly Diagnostic[];
}

/**
 * Opens an incident: room, topic, invites, panel, announcement and the routed diagnoses are one
 * commit, so either all of it will happen or nothing did.
 * @throws HousecallError STATE_CONFLICT (`context.by`) when a claimed name has an incident already.
 */
export async function openIncident(
  deps: OpenIncidentDeps,
  input: OpenIncidentInput,
): Promise<CaseState> {
  const at = deps.clock.now().toISOString();
  const day = at.slice(0, 10).replaceAll('-', '');
  const id = `${day}-${await deps.journal.nextNumber(day)}`;
  const opened: CaseEvent[] = [
    {
      type: 'incident.opened',
      id,
      title: deps.redact(input.title),
      severity: input.severity,
      state: input.state,
      hosts: input.hosts,
      invite: input.invite,
      ...(input.runbook === undefined ? {} : { runbook: input.runbook }),
      ...(input.continues === undefined ? {} : { continues: input.continues }),
      ...(input.private === true ? { private: true } : {}),
      ...(input.storm === true ? { storm: true } : {}),
      ...(input.route === undefined ? {} : { route: input.route }),
    },
    ...(input.alert === undefined
      ? []
      : [
          {
            type: 'alert.received',
            alert: input.alert,
            hosts: input.hosts,
            delivery: input.delivery ?? '',
          } as const,
        ]),
    ...(input.early === undefined ? [] : acknowledgedEarly(input.early, input.hosts)),
  ];
  const parts = routedRuns(deps, input, { stream: id, at });
  const events = [...opened, ...parts.events];
  const state = foldEvents(emptyCase(id), events, { at, actor: input.actor });
  return transact(deps, { stream: id, actor: input.actor }, () => ({
    events,
    chat: [...roomRows(deps, state, input), ...parts.chat],
    jobs: parts.jobs,
    claims: input.claims,
    open: true,
  }));
}

function acknowledgedEarly(
  { alert, delivery, receivedAt }: EarlyAck,
  hosts: readonly string[],
): CaseEvent[] {
  const name = alert.actor === undefined ? {} : { name: alert.actor };
  const by: Actor = { kind: 'alert', source: alert.source, ...name };
  return [
    { type: 'alert.received', alert, hosts, delivery },
    { type: 'incident.acknowledged', via: 'alert', early: { by, at: receivedAt } },
  ];
}

/** The diagnoses of a route, in the thread of the panel. */
export function routedRuns(
  deps: TransactDeps,
  input: Pick<OpenIncidentInput, 'actor' | 'hosts' | 'diagnose'>,
  place: { readonly stream: string; readonly at: string },
): { events: CaseEvent[]; chat: ChatRow[]; jobs: Job[] } {
  if (input.hosts.length === 0) return { events: [], chat: [], jobs: [] };
  const parts = input.diagnose.map((diagnostic) =>
    runParts(
      place.stream,
      {
        run: deps.clock.id(),
        diagnostic: diagnostic.id,
        params: diagnostic.bind({}, 'check').params,
        hosts: input.hosts,
        lane: `room:${place.stream}`,
        thread: 'panel',
        reason: 'route',
      },
      place.at,
      input.actor,
    ),
  );
  return {
    events: parts.flatMap((part) => part.events),
    chat: parts.flatMap((part) => part.chat),
    jobs: parts.flatMap((part) => part.jobs),
  };
}

function roomRows(
  deps: OpenIncidentDeps,
  state: CaseState,
  input: OpenIncidentInput,
): readonly ChatRow[] {
  const { incident } = state;
  if (incident === null) return [];
  const lane = `room:${incident.id}` as const;
  const { adopt } = input;
  const name = roomName(deps.channelPrefix, incident.id, incident.title);
  const people = invited(deps, input);
  // Each is a row of its own, so that none is done again because a later one has to wait; first what
  // calls people, then what they look at.
  const steps: readonly ChatOperation[] = [
    {
      op: 'room.open',
      name,
      ...(input.private === true ? { private: true } : {}),
      ...(adopt === undefined ? {} : { adopt }),
    },
    ...(people.length === 0 ? [] : [{ op: 'room.invite', people } as const]),
    { op: 'message.post', key: 'panel', document: panelDocument(state) },
    { op: 'message.pin', key: 'panel' },
    // What stands over somebody else's channel is theirs.
    ...(adopt === undefined ? titleSteps(incident) : []),
    ...linkSteps(incident, input),
  ];
  return steps.map((operation) => ({ lane, operation }));
}

function titleSteps(incident: Incident): ChatOperation[] {
  return [
    { op: 'room.topic', topic: roomTopic(incident) },
    { op: 'room.purpose', purpose: `Incident ${incident.id}, opened by Housecall` },
  ];
}

function link(title: string, url: string | null | undefined): ChatOperation[] {
  return url === null || url === undefined ? [] : [{ op: 'room.bookmark', title, url }];
}

function linkSteps({ runbook }: Incident, { alert }: OpenIncidentInput): ChatOperation[] {
  return [...link('Alert', alert?.url), ...link('Runbook', runbook)];
}

function invited(deps: OpenIncidentDeps, input: OpenIncidentInput): readonly string[] {
  const opener = input.actor.kind === 'person' ? [input.actor.user] : [];
  const called = invitedBy(input.severity, deps.inviteBySeverity);
  return [...new Set([...input.invite, ...called, ...opener])];
}

/** Row for the announcement channel; it needs the room's id, so it is made when the room is open. */
export function announcementRow(
  announceChannel: string,
  state: CaseState,
  line: 'opened' | 'resolved' | 'closed',
  extra = '',
): ChatRow {
  return {
    lane: `channel:${announceChannel}`,
    operation: {
      op: 'message.post',
      key: `announce:${state.stream}:${line}:${state.seq}`,
      document: announcement(state, line, extra),
    },
  };
}

function announcement(state: CaseState, line: string, extra: string): Document {
  if (state.incident === null) return { summary: '', blocks: [] };
  const incident = announced(state.incident);
  const room = incident.room === null ? 'no room yet' : { channel: incident.room.channel };
  return {
    summary: `${incident.severity} ${line}: ${incident.title}`,
    blocks: [
      {
        kind: 'paragraph',
        content: [
          { text: `${incident.severity} ${line}: ${incident.title}`, style: 'bold' },
          ' · ',
          room,
        ],
      },
      {
        kind: 'context',
        content: [`incident ${incident.id} · by `, actorInline(incident.openedBy), extra],
      },
    ],
  };
}
