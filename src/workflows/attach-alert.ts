import type { Alert } from '../core/alert.ts';
import type { ChatRow } from '../core/chat-operation.ts';
import { alertKey, type CaseState, foldEvents } from '../core/incident/case.ts';
import type { CaseEvent } from '../core/incident/event.ts';
import type { Actor } from '../core/person.ts';
import type { Diagnostic } from '../diagnostics/contract.ts';
import { panelRows } from './finish-run.ts';
import { routedRuns } from './open-incident.ts';
import { type Decision, type TransactDeps, transact } from './transact.ts';

/**
 * Adds what an alert says to an incident that exists: new hosts are looked at, an acknowledgement or
 * a close at the source is mirrored, an alert that fires again reopens. The same said twice changes
 * nothing. An incident that is closed by now takes nothing in: `state` of the answer says so.
 */
export async function attachAlert(
  deps: TransactDeps,
  input: {
    readonly stream: string;
    readonly alert: Alert;
    readonly hosts: readonly string[];
    readonly diagnose: readonly Diagnostic[];
    readonly claims: readonly string[];
    readonly delivery: string;
  },
): Promise<CaseState> {
  const { alert, stream, hosts } = input;
  const name = alert.actor === undefined ? {} : { name: alert.actor };
  const actor: Actor = { kind: 'alert', source: alert.source, ...name };
  return transact(deps, { stream, actor }, (state): Decision | null => {
    const { incident } = state;
    if (incident === null || incident.state === 'closed') return null;
    if (state.deliveries.has(`${input.delivery}:${alertKey(alert)}`)) return null;
    const at = deps.clock.now().toISOString();
    const added = hosts.filter((host) => !incident.hosts.includes(host));
    const received: CaseEvent = {
      type: 'alert.received',
      alert,
      hosts,
      delivery: input.delivery,
    };
    const seen = foldEvents(state, [received], { at, actor });
    const events: CaseEvent[] = [
      received,
      ...(added.length > 0
        ? [{ type: 'hosts.changed', hosts: [...incident.hosts, ...added] } as const]
        : []),
      ...mirrored(seen, alert),
    ];
    const runs = routedRuns(
      deps,
      { actor, hosts: added, diagnose: input.diagnose },
      { stream, at },
    );
    const after = foldEvents(state, [...events, ...runs.events], { at, actor });
    return {
      events: [...events, ...runs.events],
      chat: [...panelRows(after), ...said(stream, alert, state), ...runs.chat],
      jobs: runs.jobs,
      claims: input.claims,
    };
  });
}

/** What an alert's action means for the incident as a whole. */
function mirrored(state: CaseState, alert: Alert): CaseEvent[] {
  const { incident } = state;
  if (incident === null) return [];
  const firing = [...state.alerts.values()].filter((attached) => attached.firing).length;
  switch (alert.action) {
    case 'acknowledged':
      return incident.acknowledged === null
        ? [{ type: 'incident.acknowledged', via: 'alert' }]
        : [];
    case 'unacknowledged':
      return incident.acknowledged === null
        ? []
        : [{ type: 'incident.unacknowledged', via: 'alert' }];
    case 'resolved':
      return firing === 0 && incident.state !== 'resolved'
        ? [{ type: 'incident.resolved', reason: 'every alert is resolved', via: 'alert' }]
        : [];
    case 'firing':
      return incident.state === 'resolved'
        ? [{ type: 'incident.reopened', reason: `${alert.title} fires again` }]
        : [];
    case 'note':
      return [];
  }
}

/** A line in the room for what people should notice; a repeat of a firing alert is not. */
function said(stream: string, alert: Alert, before: CaseState): ChatRow[] {
  const known = before.alerts.has(alertKey(alert));
  const reopens = before.incident?.state === 'resolved';
  const words = {
    firing: reopens
      ? 'fires again; the incident is open again'
      : known
        ? null
        : 'another alert joined',
    resolved: 'resolved at the source',
    acknowledged: 'acknowledged at the source',
    unacknowledged: 'un-acknowledged at the source',
    note: alert.description === '' ? null : `note at the source: ${alert.description}`,
  }[alert.action];
  if (words === null) return [];
  const by = alert.actor === undefined ? '' : ` by ${alert.actor}`;
  const line = `${alert.title}: ${words}${by}`;
  return [
    {
      lane: `room:${stream}`,
      operation: {
        op: 'message.post',
        key: `alert:${before.seq + 1}`,
        document: { summary: line, blocks: [{ kind: 'paragraph', content: [line] }] },
      },
    },
  ];
}
