import type { Log } from '../../../ports/log.ts';
import { refusalOf } from '../chat-error.ts';
import type { Identity } from '../identity.ts';
import { LIMITS } from '../limits.ts';
import type { WebApi } from '../web-api.ts';
import type { People } from './people.ts';

/** Refusals about one person that must not keep the others out. */
const PASSED_OVER = new Set([
  'already_in_channel',
  'cant_invite',
  'cant_invite_self',
  'no_user',
  'user_disabled',
  'user_is_restricted',
  'user_is_ultra_restricted',
  'user_not_found',
  'ura_max_channels',
]);

/** A group that cannot be read: gone, or user groups are not part of the plan. */
const GROUP_GONE = new Set(['no_such_subteam', 'subteam_not_found', 'plan_upgrade_required']);

/** Invites users and the members of groups. Who cannot be invited is logged, and the rest comes in. */
export async function invite(
  deps: { api: WebApi; people: People; identity: () => Promise<Identity>; log: Log },
  channel: string,
  invited: readonly string[],
): Promise<void> {
  const { api, people, identity, log } = deps;
  const skip = (who: string, reason: string): void =>
    log.warn({ channel, who, reason }, 'could not be invited');
  const users = new Set<string>();
  for (const id of invited) {
    for (const user of await membersOf(people, id, skip)) users.add(user);
  }
  users.delete((await identity()).user);
  const humans: string[] = [];
  for (const user of users) {
    if (!(await isBot(people, user))) humans.push(user);
  }
  for (let i = 0; i < humans.length; i += LIMITS.invitedPerCall) {
    const chunk = humans.slice(i, i + LIMITS.invitedPerCall);
    // `force` invites the others when one cannot be.
    const refused = await tryInvite(api, channel, chunk);
    if (refused === null) continue;
    // Those who came in at an earlier try need no call each.
    const inside = await insideOf(api, channel);
    for (const user of chunk.filter((one) => !inside.has(one))) {
      const reason = chunk.length === 1 ? refused : await tryInvite(api, channel, [user]);
      if (reason !== null && reason !== 'already_in_channel') skip(user, reason);
    }
  }
}

/** Of a channel of many thousands some are enough: who is missing here is asked about one by one. */
const MEMBERS_PAGES = 5;

async function insideOf(api: WebApi, channel: string): Promise<ReadonlySet<string>> {
  const inside = new Set<string>();
  let cursor = '';
  for (let page = 0; page < MEMBERS_PAGES; page += 1) {
    const { members = [], response_metadata } = await api.call(
      'conversations.members',
      channel,
      () =>
        api.direct.conversations.members({ channel, limit: 999, ...(cursor !== '' && { cursor }) }),
    );
    for (const user of members) inside.add(user);
    cursor = response_metadata?.next_cursor ?? '';
    if (cursor === '') break;
  }
  return inside;
}

async function membersOf(
  people: People,
  id: string,
  skip: (who: string, reason: string) => void,
): Promise<readonly string[]> {
  if (!id.startsWith('S')) return [id];
  try {
    return await people.members(id);
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === null || !GROUP_GONE.has(reason)) throw error;
    skip(id, reason);
    return [];
  }
}

async function isBot(people: People, user: string): Promise<boolean> {
  try {
    return (await people.lookUp(user)).bot;
  } catch {
    // Not known right now: Slack itself refuses what may not be invited.
    return false;
  }
}

async function tryInvite(
  api: WebApi,
  channel: string,
  users: readonly string[],
): Promise<string | null> {
  try {
    await api.call('conversations.invite', channel, () =>
      api.direct.conversations.invite({ channel, users: users.join(','), force: true }),
    );
    return null;
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === null || !PASSED_OVER.has(reason)) throw error;
    return reason;
  }
}
