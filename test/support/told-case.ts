import type { Alert } from '../../src/core/alert.ts';
import type { HostReport, Status } from '../../src/core/finding.ts';
import { type CaseState, emptyCase, foldEvents } from '../../src/core/incident/case.ts';
import type { CaseEvent, IncidentEvent } from '../../src/core/incident/event.ts';
import { type Actor, HOUSECALL } from '../../src/core/person.ts';
import { ALERT } from './sample-case.ts';

export const OPENED_AT = '2026-11-20T03:00:00.000Z';

export const person = (user: string): Actor => ({ kind: 'person', team: 'T1', user });

/** Minutes after the incident was opened, ISO 8601. */
export function after(minutes: number): string {
  return new Date(Date.parse(OPENED_AT) + minutes * 60_000).toISOString();
}

export function opened(
  more: Partial<Extract<IncidentEvent, { type: 'incident.opened' }>> = {},
): CaseEvent {
  return {
    type: 'incident.opened',
    id: '20261120-7',
    title: 'shop is slow',
    severity: 'SEV2',
    state: 'active',
    hosts: [],
    invite: [],
    ...more,
  };
}

/** A case in which these things happened: minute, who, what. */
export function told(
  ...events: readonly (readonly [minute: number, by: Actor, event: CaseEvent])[]
): CaseState {
  return events.reduce<CaseState>(
    (state, [minute, actor, event]) => foldEvents(state, [event], { at: after(minute), actor }),
    emptyCase('20261120-7'),
  );
}

export function alertEvent(fingerprint: string, more: Partial<Alert> = {}, hosts: string[] = []) {
  const alert = { ...ALERT, fingerprint, ...more };
  const delivery = `${fingerprint}-${alert.action}`;
  return { type: 'alert.received', alert, hosts, delivery } as const;
}

/** A run that has ended, host by host. */
export function ran(
  run: string,
  diagnostic: string,
  statuses: Readonly<Record<string, Status>>,
): readonly (readonly [number, Actor, CaseEvent])[] {
  const hosts = Object.keys(statuses);
  const reports = hosts.map((host) => report(host, diagnostic, statuses[host] ?? 'unknown'));
  return [
    [1, HOUSECALL, started(run, diagnostic, hosts)],
    [2, HOUSECALL, { type: 'run.finished', run, status: 'critical', durationMs: 900, reports }],
  ];
}

export function started(run: string, diagnostic: string, hosts: readonly string[]): CaseEvent {
  const lane = 'room:20261120-7';
  return { type: 'run.started', run, diagnostic, params: {}, hosts, lane, reason: 'route' };
}

function report(host: string, diagnostic: string, status: Status): HostReport {
  const finding = {
    code: `${diagnostic}.filesystem-full`,
    status,
    subject: '/srv',
    title: `/srv is ${status}`,
    detail: '',
    data: {},
    evidence: [],
    fixes: [],
    next: [],
  };
  const coverage = { privilege: 'root', notes: [] } as const;
  return { host, status, durationMs: 5, coverage, findings: status === 'ok' ? [] : [finding] };
}
