import { blockedReason } from '../../core/approval/blocked-reason.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import { type DecisionValue, ROLLOUT } from '../../core/approval/fix-value.ts';
import { mayRequest } from '../../core/approval/may-approve.ts';
import { planned, rolloutOf } from '../../core/approval/rollout.ts';
import { HousecallError } from '../../core/errors.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { Person } from '../../core/person.ts';
import { transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import { type ClickDeps, frozenBy, requireFix } from './fix-deps.ts';
import { postRow, rolloutDigest } from './fix-message.ts';
import { expiryJob, requestOf } from './request-fix.ts';
import { requireAllowed } from './review-fix.ts';

/**
 * The dialog of a rollout was submitted: every planned host is requested, each with a seal of its own,
 * and one approval message appears.
 * @throws HousecallError as `requestFix`.
 */
export async function requestRollout(
  deps: ClickDeps,
  input: { readonly value: DecisionValue; readonly person: Person },
): Promise<void> {
  const { value } = input;
  const actor = { kind: 'person', ...input.person } as const;
  const roles = await deps.roles();
  const frozen = await frozenBy(deps);
  await transact(deps, { stream: value.stream, actor }, (state) => {
    requireAllowed(mayRequest(roles, actor, blockedReason(state, frozen)));
    const fixes = planned(requireRollout(deps, state, value));
    const said = { at: deps.clock.now().toISOString(), actor };
    const events = fixes.map(({ id, digest = '' }) =>
      requestOf(deps, state, { fix: id, digest, members: fixes, ...said }),
    );
    const after = foldEvents(state, events, said);
    const [first] = fixes;
    return {
      events,
      chat: [
        ...panelRows(after),
        ...(first === undefined ? [] : [postRow(deps, after, requireFix(after, first.id))]),
      ],
      jobs: fixes.map((fix) => expiryJob(deps, value.stream, fix)),
    };
  });
  deps.metrics.count('housecall_approvals_total', { outcome: 'requested' });
}

/** The rollout that a button means, if it is still the one that was shown. */
export function requireRollout(
  deps: ClickDeps,
  state: CaseState,
  { fix, digest, stream }: DecisionValue,
): readonly FixState[] {
  const fixes = rolloutOf(state, fix.slice(ROLLOUT.length));
  if (fixes.length === 0) {
    throw new HousecallError('NOT_FOUND', `${fix} of ${stream}: there is no record of it`);
  }
  if (fixes.some(({ status }) => status === 'reviewing')) {
    throw new HousecallError('STATE_CONFLICT', `${fix}: not every host is planned yet`);
  }
  if (rolloutDigest(deps, fixes) === digest) return fixes;
  throw new HousecallError(
    'APPROVAL_REFUSED',
    `${fix}: the plans on record are not the ones that were shown`,
  );
}
