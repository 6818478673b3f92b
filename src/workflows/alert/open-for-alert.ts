import type { Alert } from '../../core/alert.ts';
import type { Route } from '../../core/alert-route.ts';
import { HousecallError } from '../../core/errors.ts';
import { groupClaims } from '../../core/incident/group-claims.ts';
import type { PastIncident } from '../../core/incident/similar.ts';
import { canonicalJson } from '../../core/plan.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { EarlyAck } from '../../ports/alert-inbox.ts';
import type { Openings } from '../../ports/openings.ts';
import type { PastIncidents } from '../../ports/past-incidents.ts';
import { type OpenIncidentDeps, openIncident } from '../incident/open-incident.ts';

export interface OpenForAlertDeps extends OpenIncidentDeps {
  readonly openings: Openings;
  readonly past: PastIncidents;
  /** `alerts.groupWindowSeconds`: a group that fires so soon after its incident was closed goes on. */
  readonly groupWindowSeconds: number;
  /** `alerts.stormPerMinute` */
  readonly stormPerMinute: number;
}

/** An alert with what was found out about it. */
export interface Found {
  readonly alert: Alert;
  readonly route: Route | null;
  readonly hosts: readonly string[];
  readonly diagnose: readonly Diagnostic[];
  /** Names under which its incident is found again, the alert's own first. */
  readonly claims: readonly [alert: string, ...rest: string[]];
  readonly delivery: string;
}

const STORM = { open: 'storm', private: 'storm:private' } as const;

export const STORM_CLAIMS: readonly string[] = Object.values(STORM);

/** The claim of the one storm that is open; what is for the invited alone has one of its own. */
export function stormClaim({ route }: Pick<Found, 'route'>): string {
  return route?.private === true ? STORM.private : STORM.open;
}

const MINUTE_SECONDS = 60;

/** Closed incidents that are looked through for the one that an alert continues. */
const RECENT = 50;

/** Whether a room for this group would be one too many: so many were opened within the last minute. */
export async function isStorm(deps: OpenForAlertDeps, { claims }: Found): Promise<boolean> {
  const group = claims[1] ?? claims[0];
  const opened = await deps.openings.note(group, deps.clock.now(), MINUTE_SECONDS);
  return opened > deps.stormPerMinute;
}

/**
 * Opens the incident of an alert, or the storm that it is the first alert of.
 * @returns null: done; else the stream of the incident that was opened a moment ago by another delivery.
 */
export async function openForAlert(
  deps: OpenForAlertDeps,
  found: Found,
  { storm, early }: { readonly storm: boolean; readonly early: EarlyAck | null },
): Promise<string | null> {
  const { alert, route, hosts, delivery } = found;
  const before = storm ? null : await continued(deps, found);
  try {
    await openIncident(deps, {
      actor: { kind: 'alert', source: alert.source },
      title: storm
        ? `Alert storm: more than ${deps.stormPerMinute} incidents in a minute`
        : alert.title,
      severity: route?.severity ?? 'SEV3',
      state: route === null || storm ? 'triage' : 'active',
      hosts,
      invite: route?.invite ?? [],
      ...(route?.runbook === undefined || storm ? {} : { runbook: route.runbook }),
      ...(route === null || storm ? {} : { route: canonicalJson(route.match) }),
      ...(before === null ? {} : { continues: before.id }),
      private: route?.private ?? false,
      storm,
      alert,
      delivery,
      ...(early === null ? {} : { early }),
      claims: storm ? [...found.claims, stormClaim(found)] : found.claims,
      diagnose: found.diagnose,
    });
    return null;
  } catch (error) {
    const by = error instanceof HousecallError ? error.context['by'] : undefined;
    if (typeof by !== 'string') throw error;
    return by;
  }
}

/** The incident of the same group that was closed a moment ago. */
async function continued(deps: OpenForAlertDeps, found: Found): Promise<PastIncident | null> {
  const { alert, route } = found;
  if (deps.groupWindowSeconds === 0) return null;
  const groups = groupClaims(alert, route);
  const now = deps.clock.now().getTime();
  const recent = await deps.past.recent(RECENT);
  return (
    recent.find(
      ({ closedAt, claims }) =>
        now - Date.parse(closedAt) <= deps.groupWindowSeconds * 1000 &&
        claims.some((claim) => groups.includes(claim)),
    ) ?? null
  );
}
