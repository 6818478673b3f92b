import { HousecallError } from '../errors.ts';
import { foldNames } from '../fleet/fold-names.ts';
import type { IncidentEvent, IncidentRole, Severity } from './event.ts';
import type { Incident } from './incident.ts';

/** What a person may do to an incident. */
export type IncidentChange =
  | { readonly change: 'ack' | 'unack' | 'keep' }
  | { readonly change: 'role'; readonly role: IncidentRole; readonly user: string | null }
  | { readonly change: 'mitigate'; readonly reason: string }
  | { readonly change: 'severity'; readonly severity: Severity }
  | { readonly change: 'add-hosts' | 'remove-hosts'; readonly hosts: readonly string[] }
  | { readonly change: 'resolve'; readonly reason: string }
  | { readonly change: 'reopen'; readonly reason: string };

/**
 * What goes on record for it.
 * @throws HousecallError STATE_CONFLICT: there is nothing to change.
 */
export function changeEvents(incident: Incident, change: IncidentChange): IncidentEvent[] {
  const already = (what: string): never => {
    throw new HousecallError('STATE_CONFLICT', `incident ${incident.id} is already ${what}`);
  };
  switch (change.change) {
    case 'ack':
      return incident.acknowledged === null
        ? [{ type: 'incident.acknowledged', via: 'slack' }]
        : already('acknowledged');
    case 'unack':
      return incident.acknowledged === null
        ? already('open for anybody to acknowledge')
        : [{ type: 'incident.unacknowledged', via: 'slack' }];
    case 'keep':
      return [{ type: 'incident.kept' }];
    case 'role':
      return (incident.roles[change.role] ?? null) === change.user
        ? already(change.user === null ? `without a ${change.role}` : `theirs as ${change.role}`)
        : [{ type: 'role.assigned', role: change.role, user: change.user }];
    case 'mitigate':
      return incident.state === 'triage' || incident.state === 'active'
        ? [{ type: 'incident.mitigated', reason: change.reason }]
        : already(incident.state);
    case 'severity':
      return incident.severity === change.severity
        ? already(change.severity)
        : [{ type: 'severity.changed', severity: change.severity }];
    case 'resolve':
      return incident.state === 'resolved'
        ? already('resolved')
        : [{ type: 'incident.resolved', reason: change.reason, via: 'slack' }];
    case 'reopen':
      return incident.state === 'resolved'
        ? [{ type: 'incident.reopened', reason: change.reason }]
        : already(incident.state);
    case 'add-hosts': {
      const added = changedHosts(incident, change);
      if (added.length === 0) already(`about ${foldNames(change.hosts)}`);
      return [{ type: 'hosts.changed', hosts: [...incident.hosts, ...added] }];
    }
    case 'remove-hosts': {
      const removed = changedHosts(incident, change);
      if (removed.length === 0) throw notAbout(incident, change.hosts);
      const hosts = incident.hosts.filter((host) => !removed.includes(host));
      return [{ type: 'hosts.changed', hosts }];
    }
  }
}

/** Those that are not there yet, or are there to go. */
function changedHosts(
  { hosts }: Incident,
  change: Extract<IncidentChange, { readonly hosts: readonly string[] }>,
): readonly string[] {
  const wanted = change.change === 'remove-hosts';
  return [...new Set(change.hosts)].filter((host) => hosts.includes(host) === wanted);
}

function notAbout({ id, hosts }: Incident, named: readonly string[]): HousecallError {
  const about = hosts.length === 0 ? 'it has no hosts' : `it is about ${foldNames(hosts)}`;
  return new HousecallError(
    'STATE_CONFLICT',
    `incident ${id} is not about ${foldNames(named)}: ${about}`,
  );
}

/** What somebody did, after their name; `before`: the incident as it was. */
export function changeWords(before: Incident, change: IncidentChange): string {
  const because = 'reason' in change && change.reason !== '' ? `: ${change.reason}` : '';
  switch (change.change) {
    case 'ack':
      return 'acknowledged this incident';
    case 'unack':
      return 'is not on it any more: somebody else, please acknowledge';
    case 'keep':
      return 'keeps this incident open';
    case 'role':
      return change.user === null
        ? `left the role of ${change.role} to nobody`
        : `named a ${change.role}`;
    case 'mitigate':
      return `mitigated this incident${because}`;
    case 'severity':
      return `changed the severity to ${change.severity}`;
    case 'add-hosts':
      return `added ${foldNames(changedHosts(before, change))}`;
    case 'remove-hosts':
      return `removed ${foldNames(changedHosts(before, change))}`;
    case 'resolve':
      return `resolved this incident${because}`;
    case 'reopen':
      return `reopened this incident${because}`;
  }
}
