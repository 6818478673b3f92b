import { hasRole, type Role, type Roles } from '../../core/approval/roles.ts';
import { HousecallError } from '../../core/errors.ts';
import type { Person } from '../../core/person.ts';
import type { Chat } from '../../ports/chat.ts';

export interface Access {
  readonly operators: readonly string[];
  readonly approvers: readonly string[];
}

/** `access` of the configuration with its user groups resolved now: membership counts at the click. */
export async function resolveRoles(chat: Chat, access: Access, team: string): Promise<Roles> {
  const resolve = async (ids: readonly string[]): Promise<readonly string[]> => {
    const resolved = await Promise.all(
      ids.map((id) => (id.startsWith('S') ? chat.members(id) : Promise.resolve([id]))),
    );
    return [...new Set(resolved.flat())];
  };
  const [operators, approvers] = await Promise.all([
    resolve(access.operators),
    resolve(access.approvers),
  ]);
  return { team, operators, approvers };
}

/** @throws HousecallError NOT_ALLOWED naming the roles. */
export function requireRole(
  roles: Roles,
  person: Person,
  needed: readonly Role[],
  what: string,
): void {
  const actor = { kind: 'person', ...person } as const;
  if (needed.some((role) => hasRole(roles, actor, role))) return;
  const names = needed.map((role) => `an ${role}`).join(' nor ');
  throw new HousecallError('NOT_ALLOWED', `${what}: not allowed, you are neither ${names}`, {
    context: { user: person.user, needed },
  });
}
