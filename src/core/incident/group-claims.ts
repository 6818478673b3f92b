import type { Alert } from '../alert.ts';
import { groupKey, type Route } from '../alert-route.ts';
import { canonicalJson } from '../plan.ts';
import { alertKey } from './case.ts';

/** Names of the alert itself and of its group. */
export function groupClaims(
  alert: Alert,
  route: Route | null,
): readonly [alert: string, ...group: string[]] {
  const own = `alert:${alertKey(alert)}`;
  if (route === null) return [own];
  return [own, `group:${canonicalJson(route.match)}:${groupKey(alert, route)}`];
}

/** What the name of a host on a route begins with. */
export const HOST_CLAIM = 'route-host:';

/** Also its hosts on the route: two sources about one host meet there, whatever their groups. */
export function alertClaims(
  alert: Alert,
  route: Route | null,
  hosts: readonly string[],
): readonly [alert: string, ...rest: string[]] {
  const claims = groupClaims(alert, route);
  if (route === null) return claims;
  const name = canonicalJson(route.match);
  return [...claims, ...hosts.map((host) => `${HOST_CLAIM}${name}:${host}`)];
}

/** One episode of an alert: firing again later is another. */
export function episodeOf({ source, fingerprint, startsAt }: Alert): string {
  return canonicalJson([source, fingerprint, startsAt]);
}
