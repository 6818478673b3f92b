import type { AlertSource } from '../../alerts/contract.ts';
import type { Alert } from '../../core/alert.ts';
import { routeAlert as matchRoute, type Route } from '../../core/alert-route.ts';
import { HousecallError } from '../../core/errors.ts';
import type { Inventory } from '../../core/fleet/host.ts';
import { matchHosts } from '../../core/fleet/match-host.ts';
import { alertKey } from '../../core/incident/case.ts';
import { alertClaims, episodeOf, HOST_CLAIM } from '../../core/incident/group-claims.ts';
import { echoOf } from '../../core/incident/own-words.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { AlertInbox, EarlyAck } from '../../ports/alert-inbox.ts';
import type { Log } from '../../ports/log.ts';
import { readCase, transact } from '../record/transact.ts';
import { type AttachAlertDeps, type AttachAlertInput, attachAlert } from './attach-alert.ts';
import { deliveredAlerts } from './delivered-alerts.ts';
import { type EnrichAlertDeps, enrichAlert } from './enrich-alert.ts';
import {
  type Found,
  isStorm,
  type OpenForAlertDeps,
  openForAlert,
  stormClaim,
} from './open-for-alert.ts';

export interface RouteAlertDeps extends OpenForAlertDeps, AttachAlertDeps, EnrichAlertDeps {
  readonly inbox: AlertInbox;
  readonly log: Log;
  readonly inventory: Inventory;
  readonly routes: readonly Route[];
  readonly source: (id: string) => AlertSource | undefined;
  readonly diagnostic: (id: string) => Diagnostic;
}

/** An alert may make Housecall look at this many hosts at most. */
const MAX_HOSTS = 20;

/** Of opening or joining, when others close, merge and open at the same moment. */
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
  const failures: unknown[] = [];
  for (const said of deliveredAlerts(source, delivery)) {
    // One that cannot be routed must not take the others of its delivery with it.
    await enrichAlert(deps, said.alert)
      .then((alert) => find(deps, alert, said.delivery))
      .then((found) => routeOne(deps, found, delivery.receivedAt))
      .catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

function find(deps: RouteAlertDeps, alert: Alert, delivery: string): Found {
  const route = matchRoute(alert, deps.routes);
  const hosts = matchHosts(alert.hostHints, deps.inventory).hosts.slice(0, MAX_HOSTS);
  const diagnose = (route?.diagnose ?? []).map(deps.diagnostic);
  return { alert, route, hosts, diagnose, claims: alertClaims(alert, route, hosts), delivery };
}

async function routeOne(deps: RouteAlertDeps, found: Found, receivedAt: string): Promise<void> {
  const { alert, claims } = found;
  if (await joinsOne(deps, found)) return catchUp(deps, found);
  if (alert.action !== 'firing') {
    await rememberEarly(deps, found, receivedAt);
    // Its beginning, on its way at the same time, may have opened an incident before it saw that.
    if (await joinsOne(deps, found)) return;
    const fields = { alert: alertKey(alert), action: alert.action };
    deps.log.info(fields, 'word of an alert without an incident; kept, nothing opened');
    return;
  }
  if (await hasEnded(deps, alert)) {
    deps.log.info({ alert: alertKey(alert) }, 'an alert that had ended before; nothing opened');
    return;
  }
  const storm = await isStorm(deps, found);
  const early = await earlyAck(deps, alert);
  for (let tries = 1; tries <= TRIES; tries++) {
    const gathering = storm ? await deps.journal.owner(stormClaim(found)) : null;
    if (gathering !== null && (await joins(deps, gathering, found, { claims }))) {
      return catchUp(deps, found);
    }
    const other = await openForAlert(deps, found, { storm, early });
    if (other === null) return catchUp(deps, found);
    // Another delivery of the group opened the incident first: this alert joins it.
    if (await joins(deps, other, found)) return catchUp(deps, found);
  }
  throw new HousecallError('STORE_UNAVAILABLE', `${claims[0]}: no incident`);
}

/** What its source says of it before the word of its beginning has come. */
async function rememberEarly(
  { inbox }: RouteAlertDeps,
  { alert, delivery }: Found,
  receivedAt: string,
): Promise<void> {
  const episode = episodeOf(alert);
  if (alert.action === 'resolved') await inbox.markOver(episode);
  if (alert.action === 'acknowledged' && echoOf(alert) === null)
    await inbox.keepAck(episode, { alert, delivery, receivedAt });
  if (alert.action === 'unacknowledged') await inbox.keepAck(episode, null);
}

/** The incident that has one of its names already; its hosts are found there from now on. */
async function joinsOne(deps: RouteAlertDeps, found: Found): Promise<boolean> {
  const { claims } = found;
  const owners = await Promise.all(claims.map((claim) => deps.journal.owner(claim)));
  const hosts = claims.filter((claim, n) => claim.startsWith(HOST_CLAIM) && owners[n] === null);
  for (const stream of new Set(owners)) {
    if (stream === null) continue;
    if (await joins(deps, stream, found, { claims: [claims[0], ...hosts] })) return true;
  }
  return false;
}

/** Without a time one episode is like the other. */
function hasTime({ startsAt }: Alert): boolean {
  return Date.parse(startsAt) > 0;
}

/** What ended before anybody had heard of it opens nothing, also when its beginning arrives late. */
async function hasEnded({ inbox }: RouteAlertDeps, alert: Alert): Promise<boolean> {
  return hasTime(alert) && (await inbox.isOver(episodeOf(alert)));
}

async function earlyAck({ inbox }: RouteAlertDeps, alert: Alert): Promise<EarlyAck | null> {
  return hasTime(alert) ? await inbox.earlyAck(episodeOf(alert)) : null;
}

/** Its acknowledgement and its end may have been on their way at the same time, and found no incident yet. */
async function catchUp(deps: RouteAlertDeps, found: Found): Promise<void> {
  const { alert, delivery } = found;
  if (alert.action !== 'firing') return;
  const ack = await earlyAck(deps, alert);
  if (ack !== null && (await joinsOne(deps, { ...found, ...ack }))) {
    await deps.inbox.keepAck(episodeOf(alert), null);
  }
  if (!(await hasEnded(deps, alert))) return;
  const ended: Alert = { ...alert, action: 'resolved' };
  await joinsOne(deps, { ...found, alert: ended, delivery: `${delivery}/end` });
}

/**
 * False: the incident was closed a moment ago, and the alert must not vanish with it. One whose alerts
 * went on in another is followed there.
 */
async function joins(
  deps: RouteAlertDeps,
  stream: string,
  found: Found,
  naming: Pick<AttachAlertInput, 'claims' | 'takesFrom'> = { claims: [found.claims[0]] },
): Promise<boolean> {
  const severity = found.route?.severity ?? 'SEV3';
  try {
    const { incident } = await attachAlert(deps, { ...found, severity, stream, ...naming });
    if (incident === null || incident.state === 'closed') return false;
    if (incident.mergedInto === null) return true;
    // Through several, the names are those of the one that was found by them.
    const from = naming.takesFrom ?? stream;
    return await follows(deps, { from, into: incident.mergedInto }, found);
  } catch (error) {
    if (!(error instanceof HousecallError) || error.code !== 'STATE_CONFLICT') throw error;
    // One of its names went to another incident meanwhile: there it is found in the next try.
    if (typeof error.context['claim'] === 'string') return false;
    throw new HousecallError('STORE_UNAVAILABLE', error.message, { cause: error });
  }
}

/** Names that lead to an incident which went on in one that is closed lead nowhere: they are given up. */
async function follows(
  deps: RouteAlertDeps,
  { from, into }: { readonly from: string; readonly into: string },
  found: Found,
): Promise<boolean> {
  if (await joins(deps, into, found, { claims: [found.claims[0]], takesFrom: from })) return true;
  const { incident } = await readCase(deps.journal, into);
  if (incident?.state === 'closed') {
    await transact(deps, { stream: from, actor: HOUSECALL }, () => ({
      events: [],
      releaseAll: true,
    }));
  }
  return false;
}
