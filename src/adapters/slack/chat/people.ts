import { HousecallError } from '../../../core/errors.ts';
import { sanitiseLine } from '../../../core/sanitise.ts';
import type { ChatPerson } from '../../../ports/chat.ts';
import { createCache } from '../cache.ts';
import { refusalOf } from '../chat-error.ts';
import type { Identity } from '../identity.ts';
import type { WebApi } from '../web-api.ts';

/** What Slack says about somebody, as far as it decides anything. */
export interface KnownPerson extends ChatPerson {
  readonly bot: boolean;
  /** Why this person may not act, in words for that person. */
  readonly refusal: string | null;
}

export interface People {
  lookUp(user: string): Promise<KnownPerson>;
  members(group: string): Promise<readonly string[]>;
}

/** How long a deactivated account may still pass. */
const PERSON_TTL_MS = 60_000;
const GROUP_TTL_MS = 60_000;

interface SlackUser {
  readonly team_id?: string;
  readonly name?: string;
  readonly real_name?: string;
  readonly profile?: {
    readonly display_name?: string;
    readonly real_name?: string;
    readonly email?: string;
  };
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
}

export function createPeople(api: WebApi, identity: () => Promise<Identity>): People {
  const people = createCache<KnownPerson>({ ttlMs: PERSON_TTL_MS, max: 5_000 });
  const groups = createCache<readonly string[]>({ ttlMs: GROUP_TTL_MS, max: 500 });

  const ask = async (user: string): Promise<KnownPerson> => {
    const [{ team }, found] = await Promise.all([identity(), info(api, user)]);
    const refusal = found === null ? 'Slack does not know you here' : refusalFor(found, user, team);
    return {
      id: user,
      name: found === null ? user : nameOf(found, user),
      mayAct: refusal === null,
      ...uncallable(found, user, team),
      bot: found?.is_bot === true || user === 'USLACKBOT',
      refusal,
      // Only with the scope users:read.email.
      ...(found?.profile?.email === undefined ? {} : { email: found.profile.email }),
    };
  };

  return {
    lookUp: (user) => people.get(user, () => ask(user)),
    members: (group) =>
      groups.get(group, async () => {
        const { users } = await api.call('usergroups.users.list', group, () =>
          api.bulk.usergroups.users.list({ usergroup: group }),
        );
        return users ?? [];
      }),
  };
}

async function info(api: WebApi, user: string): Promise<SlackUser | null> {
  try {
    const answer = await api.call('users.info', user, () => api.bulk.users.info({ user }));
    if (answer.user !== undefined) return answer.user;
  } catch (error) {
    if (
      ['user_not_found', 'users_not_found', 'user_not_visible'].includes(refusalOf(error) ?? '')
    ) {
      return null;
    }
    throw error;
  }
  throw new HousecallError('CHAT_UNAVAILABLE', `slack users.info (${user}): empty answer`, {
    context: { method: 'users.info' },
  });
}

function refusalFor(found: SlackUser, user: string, team: string): string | null {
  if (found.deleted === true) return 'this account is deactivated';
  if (found.is_bot === true || user === 'USLACKBOT') return 'bots may not use Housecall';
  if (found.is_restricted === true || found.is_ultra_restricted === true) {
    return 'guests may not use Housecall';
  }
  return isStranger(found, team) ? 'people of other organisations may not use Housecall' : null;
}

/** A shared channel brings people of other organisations: what an incident says is not for them. */
function isStranger(found: SlackUser, team: string): boolean {
  return found.is_stranger === true || (found.team_id !== undefined && found.team_id !== team);
}

/** Guests may be called: somebody invited them. */
function uncallable(
  found: SlackUser | null,
  user: string,
  team: string,
): Pick<ChatPerson, 'uncallable'> {
  if (found === null) return { uncallable: 'is not known to Slack here' };
  if (found.deleted === true) return { uncallable: 'is deactivated' };
  if (found.is_bot === true || user === 'USLACKBOT') return { uncallable: 'is a bot' };
  return isStranger(found, team) ? { uncallable: 'is of another organisation' } : {};
}

function nameOf({ name, real_name, profile }: SlackUser, user: string): string {
  const names = [profile?.display_name, real_name, profile?.real_name, name];
  return names.map((n) => sanitiseLine(n ?? '')).find((n) => n !== '') ?? user;
}
