import type { AlertSource } from '../alerts/contract.ts';
import type { Alert } from '../core/alert.ts';
import { groupKey, routeAlert as matchRoute, type Route } from '../core/alert-route.ts';
import { HousecallError } from '../core/errors.ts';
import type { Inventory } from '../core/fleet/host.ts';
import { matchHosts } from '../core/fleet/match-host.ts';
import { alertKey } from '../core/incident/case.ts';
import { canonicalJson } from '../core/plan.ts';
import type { Diagnostic } from '../diagnostics/contract.ts';
import type { AlertInbox } from '../ports/alert-inbox.ts';
import type { Log } from '../ports/log.ts';
import { attachAlert } from './attach-alert.ts';
import { type OpenIncidentDeps, openIncident } from './open-incident.ts';

export interface RouteAlertDeps extends OpenIncidentDeps {
  readonly inbox: AlertInbox;
  readonly log: Log;
  readonly inventory: Inventory;
  readonly routes: readonly Route[];
  readonly source: (id: string) => AlertSource | undefined;
  readonly diagnostic: (id: string) => Diagnostic;
}

/** An alert may make Housecall look at this many hosts at most. */
const MAX_HOSTS = 20;

/** Of opening or joining, when others close and open at the same moment. */
const TRIES = 5;

/** Takes a stored delivery to its incidents. Safe to run twice: what an alert changed once stays. */
export async function routeAlert(
  deps: RouteAlertDeps,
  job: { readonly delivery: string },
): Promise<void> {
  const delivery = await deps.inbox.read(job.delivery);
  const source = delivery === null ? undefined : deps.source(delivery.source);
  if (delivery === null || source === undefined) {
    deps.log.error({ delivery: job.delivery }, 'a queued alert delivery is gone; nothing done');
    return;
  }
  for (const alert of source.decode(delivery.body)) {
    await routeOne(deps, alert, delivery.id);
  }
}

async function routeOne(deps: RouteAlertDeps, alert: Alert, delivery: string): Promise<void> {
  const route = matchRoute(alert, deps.routes);
  const hosts = matchHosts(alert.hostHints, deps.inventory).hosts.slice(0, MAX_HOSTS);
  const diagnose = (route?.diagnose ?? []).map(deps.diagnostic);
  const claims = claimsOf(alert, route, hosts);
  const found = { alert, route, hosts, diagnose, claims, delivery };
  for (const claim of claims) {
    const stream = await deps.journal.owner(claim);
    if (stream !== null && (await joins(deps, stream, found))) return;
  }
  if (alert.action !== 'firing') {
    deps.log.info(
      { alert: alertKey(alert), action: alert.action },
      'an alert without an incident ended; kept, nothing opened',
    );
    return;
  }
  for (let tries = 1; !(await openFor(deps, found)); tries++) {
    if (tries === TRIES) throw new HousecallError('STORE_UNAVAILABLE', `${claims[0]}: no incident`);
  }
}

interface Found {
  readonly alert: Alert;
  readonly route: Route | null;
  readonly hosts: readonly string[];
  readonly diagnose: readonly Diagnostic[];
  readonly claims: Claims;
  readonly delivery: string;
}

/** False: the incident was closed a moment ago, and the alert must not vanish with it. */
async function joins(deps: RouteAlertDeps, stream: string, found: Found): Promise<boolean> {
  const { incident } = await attachAlert(deps, { ...found, stream, claims: [found.claims[0]] });
  return incident !== null && incident.state !== 'closed';
}

/** False: another delivery opened an incident that was closed before this one could join. */
async function openFor(deps: RouteAlertDeps, found: Found): Promise<boolean> {
  const { alert, route, hosts, diagnose, claims } = found;
  try {
    await openIncident(deps, {
      actor: { kind: 'alert', source: alert.source },
      title: alert.title,
      severity: route?.severity ?? 'SEV3',
      state: route === null ? 'triage' : 'active',
      hosts,
      invite: route?.invite ?? [],
      ...(route?.runbook === undefined ? {} : { runbook: route.runbook }),
      alert,
      delivery: found.delivery,
      claims,
      diagnose,
    });
    return true;
  } catch (error) {
    // Another delivery of the group opened the incident first: this alert joins it.
    if (!(error instanceof HousecallError) || typeof error.context['by'] !== 'string') throw error;
    return joins(deps, error.context['by'], found);
  }
}

type Claims = readonly [alert: string, ...rest: string[]];

/** Names under which the incident of an alert is found again: the alert, its group, its hosts on the route. */
function claimsOf(alert: Alert, route: Route | null, hosts: readonly string[]): Claims {
  const own = `alert:${alertKey(alert)}`;
  if (route === null) return [own];
  const name = canonicalJson(route.match);
  return [
    own,
    `group:${name}:${groupKey(alert, route)}`,
    ...hosts.map((host) => `route-host:${name}:${host}`),
  ];
}
