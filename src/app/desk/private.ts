import type { Caller } from '../../adapters/slack/desk.ts';
import { HousecallError } from '../../core/errors.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { isInside } from '../../core/incident/inside.ts';
import { invitedBy } from '../../workflows/incident/invite-rows.ts';
import type { DeskParts } from './parts.ts';

/**
 * What a private incident is about is told in its room, and to those who were called there. Another
 * operator gets in by acknowledging it or by a page, which the room sees.
 * @throws HousecallError NOT_ALLOWED.
 */
export async function requireInside(
  { book, inviteBySeverity }: Pick<DeskParts, 'book' | 'inviteBySeverity'>,
  { incident }: CaseState,
  { channel, person }: Caller,
): Promise<void> {
  if (incident === null || !incident.private) return;
  if (incident.room?.channel === channel || isInside(incident, person.user)) return;
  const called = [
    ...incident.invite,
    ...invitedBy(incident.severity, inviteBySeverity),
    ...incident.pages.flatMap(({ people }) => people),
  ];
  if (await isAmong(book, called, person.user)) return;
  throw new HousecallError(
    'NOT_ALLOWED',
    `incident ${incident.id} is private: ${wayIn(incident)}`,
    {
      context: { user: person.user },
    },
  );
}

/** Whether these users and user groups include somebody, as far as Slack says. */
export async function isAmong(
  { members }: Pick<DeskParts['book'], 'members'>,
  called: readonly string[],
  user: string,
): Promise<boolean> {
  if (called.includes(user)) return true;
  const groups = [...new Set(called)].filter((id) => id.startsWith('S'));
  const found = await Promise.all(groups.map((group) => members(group).catch(() => [])));
  return found.flat().includes(user);
}

function wayIn({ id, state, acknowledged }: Incident): string {
  if (state === 'closed') return 'ask somebody who was in it';
  const ask = 'ask somebody in its room to invite you';
  // Whoever is in there may be asleep, or gone.
  return acknowledged === null
    ? `${ask}, or take it on with /incident ack ${id}`
    : `${ask}, or have yourself called in with /incident page ${id} @you`;
}

/**
 * What is private would be told where it was never meant to be.
 * @throws HousecallError STATE_CONFLICT.
 */
export function requireAsPrivate(
  { incident: source }: CaseState,
  { incident: into }: CaseState,
): void {
  if (source === null || into === null || !source.private || into.private) return;
  throw new HousecallError(
    'STATE_CONFLICT',
    `incident ${source.id} is private and ${into.id} is not: say /incident merge ${into.id} in the private room`,
  );
}
