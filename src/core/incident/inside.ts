import type { Incident } from './incident.ts';

/**
 * Whether this person knows what a private incident is about: invited by name, opener, acknowledger, in a
 * role, or paged. As far as the record knows; who is in a user group that was invited is not in it.
 */
export function isInside(incident: Incident, user: string): boolean {
  const called = incident.pages.some((page) => page.called?.includes(user) === true);
  return called || namedIn(incident).includes(user);
}

/** Who was invited, with groups as such, opened it, acknowledged it, or has a role. */
export function namedIn({ openedBy, acknowledged, invite, roles }: Incident): readonly string[] {
  const acted = [openedBy, acknowledged?.by].flatMap((by) =>
    by?.kind === 'person' ? [by.user] : [],
  );
  return [...new Set([...invite, ...acted, ...Object.values(roles)])];
}
