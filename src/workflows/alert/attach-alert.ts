import type { Alert } from '../../core/alert.ts';
import type { ChatRow } from '../../core/chat-operation.ts';
import { heardRows } from '../../core/escalation/heard-rows.ts';
import type { Reach } from '../../core/escalation/page-rows.ts';
import { alertLine, flapping, isEcho, mirrored } from '../../core/incident/alert-effects.ts';
import { alertKey, type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { CaseEvent, Severity } from '../../core/incident/event.ts';
import type { Actor } from '../../core/person.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { checkAgainParts } from '../incident/check-again.ts';
import { type InviteBySeverity, inviteRows } from '../incident/invite-rows.ts';
import { observeAck } from '../incident/observe-ack.ts';
import { announcementRow, routedRuns } from '../incident/open-incident.ts';
import { topicRows } from '../incident/topic-rows.ts';
import { type Decision, type TransactDeps, transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';

export interface AttachAlertDeps extends TransactDeps {
  readonly announceChannel: string;
  /** Changes within an hour that make an alert a flapping one. */
  readonly flappingChanges: number;
  readonly inviteBySeverity: InviteBySeverity;
  readonly reach: Reach;
  readonly metrics?: Pick<Metrics, 'observe'>;
}

export interface AttachAlertInput {
  readonly stream: string;
  readonly alert: Alert;
  readonly hosts: readonly string[];
  /** Of the alert's route: a worse one raises the incident's. */
  readonly severity: Severity;
  readonly diagnose: readonly Diagnostic[];
  readonly claims: readonly string[];
  /** The incident that went on in this one: names may be its own still. */
  readonly takesFrom?: string;
  readonly delivery: string;
}

/** Hosts that alerts may make Housecall look at in one incident: more are in the panel, and one click away. */
const MAX_LOOKED_AT = 60;

/**
 * Adds what an alert says to an incident that exists: new hosts are looked at, an acknowledgement or
 * a close at the source is mirrored, an alert that fires again reopens. The same said twice changes
 * nothing. An incident that is closed by now, or went on in another, takes nothing in: the answer says so.
 */
export async function attachAlert(
  deps: AttachAlertDeps,
  input: AttachAlertInput,
): Promise<CaseState> {
  const { alert, stream } = input;
  const name = alert.actor === undefined ? {} : { name: alert.actor };
  const actor: Actor = { kind: 'alert', source: alert.source, ...name };
  let before: CaseState | null = null;
  const attached = await transact(deps, { stream, actor }, (state): Decision | null => {
    before = state;
    const { incident } = state;
    if (incident === null || incident.state === 'closed' || incident.mergedInto !== null) {
      return null;
    }
    if (state.deliveries.has(`${input.delivery}:${alertKey(alert)}`)) return null;
    if (isEcho(state, alert)) return null;
    const now = deps.clock.now();
    const at = now.toISOString();
    const fold = (events: readonly CaseEvent[]): CaseState =>
      foldEvents(state, events, { at, actor });
    const said = receivedEvents(state, input);
    const flap = flapping(fold(said), alert, { changes: deps.flappingChanges, now });
    const seen = flap === null ? said : [...said, flap];
    const events = [...seen, ...mirrored(fold(seen), alert)];
    const looks = routedRuns(
      deps,
      { actor, hosts: newHosts(state, input), diagnose: input.diagnose },
      { stream, at },
    );
    const ended = events.some(({ type }) => type === 'incident.resolved');
    const checks = ended ? checkAgainParts(deps, state) : { events: [], chat: [], jobs: [] };
    const all = [...events, ...looks.events, ...checks.events];
    const after = fold(all);
    return {
      events: all,
      chat: [
        ...panelRows(after),
        ...topicRows(state, after),
        ...inviteRows(state.incident, after.incident, deps.inviteBySeverity),
        ...lineRows(stream, state.seq, [alertLine(alert, state, after), flapLine(flap)]),
        ...endRows(deps, state, after),
        ...heardRows(state, after, deps.reach),
        ...looks.chat,
        ...checks.chat,
      ],
      jobs: [...looks.jobs, ...checks.jobs],
      claims: input.claims,
      ...(input.takesFrom === undefined ? {} : { takesFrom: input.takesFrom }),
    };
  });
  observeAck(deps.metrics, before, attached);
  return attached;
}

const WORST_FIRST: readonly Severity[] = ['SEV1', 'SEV2', 'SEV3', 'SEV4'];

function receivedEvents(state: CaseState, input: AttachAlertInput): CaseEvent[] {
  const { alert, hosts, delivery, severity } = input;
  const { incident } = state;
  if (incident === null) return [];
  // Only a storm gathers alerts of several routes: an incident of one keeps what people made of it.
  const raised =
    incident.storm &&
    alert.action === 'firing' &&
    WORST_FIRST.indexOf(severity) < WORST_FIRST.indexOf(incident.severity);
  return [
    { type: 'alert.received', alert, hosts, delivery },
    ...(raised ? [{ type: 'severity.changed', severity } as const] : []),
  ];
}

/** Hosts that this alert brings, as long as there is room for looks by themselves. */
function newHosts(state: CaseState, { hosts }: AttachAlertInput): readonly string[] {
  const known = state.incident?.hosts ?? [];
  const added = hosts.filter((host) => !known.includes(host));
  return added.slice(0, Math.max(0, MAX_LOOKED_AT - known.length));
}

function flapLine(flap: ReturnType<typeof flapping>): string | null {
  return flap === null
    ? null
    : `${flap.title} flaps: ${flap.changes} changes since ${flap.since.slice(11, 16)} UTC. Its coming and going is not told any more; the incident stays open until somebody resolves it.`;
}

function lineRows(stream: string, seq: number, lines: readonly (string | null)[]): ChatRow[] {
  return lines.flatMap((line, n) =>
    line === null
      ? []
      : [
          {
            lane: `room:${stream}`,
            operation: {
              op: 'message.post',
              key: `alert:${seq + 1}:${n}`,
              document: { summary: line, blocks: [{ kind: 'paragraph', content: [line] }] },
            },
          } as const,
        ],
  );
}

/** That it is over is said where it was said that it began. */
function endRows(deps: AttachAlertDeps, before: CaseState, after: CaseState): ChatRow[] {
  const ended = before.incident?.state !== 'resolved' && after.incident?.state === 'resolved';
  return ended ? [announcementRow(deps.announceChannel, after, 'resolved')] : [];
}
