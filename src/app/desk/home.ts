import type { Desk } from '../../adapters/slack/desk.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import { mayApprove } from '../../core/approval/may-approve.ts';
import { hasRole, type Roles } from '../../core/approval/roles.ts';
import { countHosts, rolloutOf } from '../../core/approval/rollout.ts';
import { HousecallError } from '../../core/errors.ts';
import type { CaseState } from '../../core/incident/case.ts';
import {
  homeDocument,
  MAX_APPROVALS,
  strangerHome,
  type WaitingApproval,
} from '../../core/incident/home-document.ts';
import { isInside } from '../../core/incident/inside.ts';
import type { Actor } from '../../core/person.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { clickOn } from '../../workflows/fix/decide-fix.ts';
import { type ClickDeps, fixPlace, frozenBy } from '../../workflows/fix/fix-deps.ts';
import { fixMessageKey } from '../../workflows/fix/fix-message.ts';
import { readCase } from '../../workflows/record/transact.ts';

export interface HomeDeps extends ClickDeps {
  readonly outbox: Pick<Outbox, 'ref'>;
  readonly chat: Pick<Chat, 'permalink'>;
}

/** What somebody sees in the App Home. */
export function homeDesk(deps: HomeDeps): Pick<Desk, 'home'> {
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
      const pending = states.flatMap((state) =>
        waitingFor(deps, state, { actor, roles, frozen }).map((fix) => ({ state, fix })),
      );
      const approvals = await Promise.all(
        pending.map(({ state, fix }, n) =>
          told(deps, state, { fix, reader: person.user, look: n < MAX_APPROVALS }),
        ),
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
): FixState[] {
  const pending = [...state.fixes.values()].filter(({ status }) => status === 'pending');
  const asked = new Map(pending.map((fix) => [fixMessageKey(fix), fix]));
  return [...asked.values()].filter((fix) =>
    mayNow(deps, state, { fix, digest: fix.digest ?? '', ...who }),
  );
}

async function told(
  deps: HomeDeps,
  state: CaseState,
  {
    fix,
    reader,
    look,
  }: { readonly fix: FixState; readonly reader: string; readonly look: boolean },
): Promise<WaitingApproval> {
  const { incident } = state;
  const known = incident === null || !incident.private || isInside(incident, reader);
  return {
    what: `${fix.offer.fix} ${known ? `on ${whereOf(state, fix)}` : '(private)'}`,
    askedBy: fix.request?.by ?? fix.reviewedBy,
    expiresAt: fix.request?.expiresAt ?? fix.reviewedAt,
    channel: channelOf(state, fix),
    link: look ? await linkTo(deps, state, fix) : null,
  };
}

/** A page without the link is better than none. */
async function linkTo(deps: HomeDeps, state: CaseState, fix: FixState): Promise<string | null> {
  try {
    const ref = await deps.outbox.ref(fixPlace(state, fix).lane, fixMessageKey(fix));
    return ref === null ? null : await deps.chat.permalink(ref);
  } catch (error) {
    if (error instanceof HousecallError) return null;
    throw error;
  }
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
