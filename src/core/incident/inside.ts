import type { Incident } from './incident.ts';

/**
 * Whether this person knows what a private incident is about: invited by name, opener, acknowledger, in a
 * role, or paged. As far as the record knows; who is in a user group that was invited is not in it.
 */
export function isInside(incident: Incident, user: string): boolean {
  const { openedBy, acknowledged, invite, roles, pages } = incident;
  const acted = [openedBy, acknowledged?.by].map((by) => (by?.kind === 'person' ? by.user : ''));
  const named = [...acted, ...invite, ...Object.values(roles)];
  return named.includes(user) || pages.some(({ called = [] }) => called.includes(user));
}
