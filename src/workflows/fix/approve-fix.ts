import type { FixState } from '../../core/approval/fix-state.ts';
import type { DecisionValue } from '../../core/approval/fix-value.ts';
import { completes, mayApprove } from '../../core/approval/may-approve.ts';
import { tokenText } from '../../core/approval/proposal.ts';
import { foldEvents } from '../../core/incident/case.ts';
import type { FixEvent } from '../../core/incident/event.ts';
import type { Person } from '../../core/person.ts';
import { panelRows } from '../run/finish-run.ts';
import { decideFix } from './decide-fix.ts';
import { type ClickDeps, requireFix } from './fix-deps.ts';
import { updateRow } from './fix-message.ts';

/**
 * A click on Approve. Every approval is signed; the one that completes the number required queues the
 * fix, in the same commit.
 * @throws HousecallError APPROVAL_REFUSED or NOT_ALLOWED with the reason, which is kept as well.
 */
export async function approveFix(
  deps: ClickDeps,
  input: { readonly value: DecisionValue; readonly person: Person },
): Promise<void> {
  await decideFix(deps, input, {
    may: mayApprove,
    outcome: 'approved',
    decide: (state, click) => {
      const { fix, actor } = click;
      const complete = completes(click);
      const approved = approval(deps, state.stream, fix, input.person);
      const at = deps.clock.now().toISOString();
      const folded = foldEvents(state, [approved], { at, actor });
      const after = requireFix(folded, fix.id);
      return {
        events: [approved],
        chat: [...panelRows(folded), updateRow(deps, folded, after)],
        jobs: complete ? [{ kind: 'execute-fix', stream: state.stream, fix: fix.id }] : [],
      };
    },
  });
}

/** One person's approval of one fix, signed. */
export function approval(
  deps: ClickDeps,
  stream: string,
  fix: FixState,
  last: Person,
): Extract<FixEvent, { type: 'fix.approved' }> {
  const { digest = '' } = fix;
  return { type: 'fix.approved', fix: fix.id, digest, token: sign(deps, stream, fix, last) };
}

function sign(deps: ClickDeps, stream: string, fix: FixState, last: Person): string {
  return deps.hashing.sign(
    tokenText({
      stream,
      fix: fix.id,
      digest: fix.digest ?? '',
      approvers: [...fix.approvals.map(({ person }) => person), last],
      expiresAt: fix.request?.expiresAt ?? '',
    }),
  );
}
