import type { Actor } from '../person.ts';

/** Who may do what, user groups resolved to user ids. Empty means nobody. */
export interface Roles {
  /** The Slack team that the ids belong to: the same id in another team is somebody else. */
  readonly team: string;
  readonly operators: readonly string[];
  readonly approvers: readonly string[];
}

export type Role = 'operator' | 'approver';

export function hasRole(roles: Roles, actor: Actor, role: Role): boolean {
  if (actor.kind !== 'person' || roles.team === '' || actor.team !== roles.team) return false;
  return (role === 'operator' ? roles.operators : roles.approvers).includes(actor.user);
}
