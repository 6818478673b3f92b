import type { Desk } from '../../adapters/slack/desk.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import { mayApprove } from '../../core/approval/may-approve.ts';
import { hasRole, type Roles } from '../../core/approval/roles.ts';
import { countHosts, rolloutOf } from '../../core/approval/rollout.ts';
import { HousecallError } from '../../core/errors.ts';
import type { CaseState } from '../../core/incident/case.ts';
import {
  homeDocument,
  strangerHome,
  type WaitingApproval,
} from '../../core/incident/home-document.ts';
import type { Actor } from '../../core/person.ts';
import { clickOn } from '../../workflows/decide-fix.ts';
import { type ClickDeps, frozenBy } from '../../workflows/fix-deps.ts';
import { readCase } from '../../workflows/transact.ts';

/** What somebody sees in the App Home. */
export function homeDesk(deps: ClickDeps): Pick<Desk, 'home'> {
  const { journal, clock } = deps;
  return {
    async home({ person }) {
      const actor: Actor = { kind: 'person', ...person };
      const roles = await deps.roles();
      if (!hasRole(roles, actor, 'operator') && !hasRole(roles, actor, 'approver')) {
        return strangerHome();
      }
      const streams = await journal.open();
      const states = await Promise.all(streams.map((stream) => readCase(journal, stream)));
      const frozen = await frozenBy(deps);
      const approvals = states.flatMap((state) =>
        waitingFor(deps, state, { actor, roles, frozen }),
      );
      return homeDocument({ states, approvals, frozen }, { user: person.user, now: clock.now() });
    },
  };
}

/** Judged as the click would be, so that nobody is sent to a button that refuses them. */
function waitingFor(
  deps: ClickDeps,
  state: CaseState,
  who: { readonly actor: Actor; readonly roles: Roles; readonly frozen: string | null },
): WaitingApproval[] {
  const pending = [...state.fixes.values()].filter(({ status }) => status === 'pending');
  const told = new Map(pending.map((fix) => [fix.rollout?.id ?? fix.id, fix]));
  return [...told.values()].flatMap((fix) => {
    const { digest = '', request } = fix;
    if (request === undefined) return [];
    if (!mayNow(deps, state, { fix, digest, ...who })) return [];
    return [
      {
        what: `${fix.offer.fix} on ${whereOf(state, fix)}`,
        askedBy: request.by,
        expiresAt: request.expiresAt,
        channel: channelOf(state, fix),
      },
    ];
  });
}

function mayNow(deps: ClickDeps, state: CaseState, click: Parameters<typeof clickOn>[2]): boolean {
  try {
    return mayApprove(clickOn(deps, state, click)).ok;
  } catch (error) {
    // Its host or its module is gone since: nothing that anybody could approve.
    if (error instanceof HousecallError) return false;
    throw error;
  }
}

function whereOf(state: CaseState, { host, rollout }: FixState): string {
  return rollout === undefined ? host : countHosts(rolloutOf(state, rollout.id));
}

function channelOf({ incident, runs }: CaseState, { run }: FixState): string | null {
  if (incident !== null) return incident.room?.channel ?? null;
  const [, channel] = /^channel:([CGD][A-Z0-9]+)$/.exec(runs.get(run)?.lane ?? '') ?? [];
  return channel ?? null;
}
