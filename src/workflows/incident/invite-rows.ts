import type { ChatRow } from '../../core/chat-operation.ts';
import type { Incident } from '../../core/incident/case.ts';
import { SEVERITIES, type Severity } from '../../core/incident/event.ts';

/** `incidents.invite`: Slack users and groups. */
export type InviteBySeverity = Readonly<Partial<Record<Severity, readonly string[] | undefined>>>;

/** Those of this severity and of every lesser one: what calls for more people does not lose any. */
export function invitedBy(severity: Severity, invites: InviteBySeverity): readonly string[] {
  const rank = SEVERITIES.indexOf(severity);
  return [...new Set(SEVERITIES.slice(rank).flatMap((one) => invites[one] ?? []))];
}

/** More people come when it turns out to be worse. */
export function inviteRows(
  before: Incident | null,
  after: Incident | null,
  invites: InviteBySeverity,
): ChatRow[] {
  if (before === null || after === null || before.severity === after.severity) return [];
  const there = invitedBy(before.severity, invites);
  const people = invitedBy(after.severity, invites).filter((id) => !there.includes(id));
  return people.length === 0
    ? []
    : [{ lane: `room:${after.id}`, operation: { op: 'room.invite', people } }];
}
