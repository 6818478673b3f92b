import type { DecisionValue } from '../../core/approval/fix-value.ts';
import { mayDeny } from '../../core/approval/may-approve.ts';
import { foldEvents } from '../../core/incident/case.ts';
import type { FixEvent } from '../../core/incident/event.ts';
import type { Person } from '../../core/person.ts';
import { panelRows } from '../run/finish-run.ts';
import { decideFix } from './decide-fix.ts';
import { type ClickDeps, requireFix } from './fix-deps.ts';
import { updateRow } from './fix-message.ts';

/**
 * A click on Deny: the fix is over. Anybody with a role may stop it, the requester too.
 * @throws HousecallError APPROVAL_REFUSED or NOT_ALLOWED with the reason, which is kept as well.
 */
export async function denyFix(
  deps: ClickDeps,
  input: { readonly value: DecisionValue; readonly person: Person },
): Promise<void> {
  await decideFix(deps, input, {
    may: mayDeny,
    outcome: 'denied',
    decide: (state, { fix, actor }) => {
      const denied: FixEvent = { type: 'fix.denied', fix: fix.id };
      const at = deps.clock.now().toISOString();
      const folded = foldEvents(state, [denied], { at, actor });
      const after = requireFix(folded, fix.id);
      return {
        events: [denied],
        chat: [...panelRows(folded), updateRow(deps, folded, after)],
      };
    },
  });
}
