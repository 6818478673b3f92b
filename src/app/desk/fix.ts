import type { Desk } from '../../adapters/slack/desk.ts';
import {
  type DecisionValue,
  decodeDecisionValue,
  decodeFixValue,
  decodeRolloutValue,
  ROLLOUT,
} from '../../core/approval/fix-value.ts';
import { LOSS_INPUT } from '../../core/approval/review-form.ts';
import { approveFix } from '../../workflows/fix/approve-fix.ts';
import { approveRollout, denyRollout } from '../../workflows/fix/decide-rollout.ts';
import { denyFix } from '../../workflows/fix/deny-fix.ts';
import type { ClickDeps } from '../../workflows/fix/fix-deps.ts';
import { requestFix } from '../../workflows/fix/request-fix.ts';
import { requestRollout } from '../../workflows/fix/request-rollout.ts';
import { reviewFix } from '../../workflows/fix/review-fix.ts';
import { reviewRollout } from '../../workflows/fix/review-rollout.ts';

type FixDesk = Pick<Desk, 'reviewFix' | 'requestFix' | 'approveFix' | 'denyFix'>;

/** The buttons of a fix. Who may do what is decided in the workflows, at the click. */
export function fixDesk(deps: ClickDeps): FixDesk {
  return {
    async reviewFix({ value, view }, { person }) {
      const all = decodeRolloutValue(value);
      if (all === null) await reviewFix(deps, { value: decodeFixValue(value), person, view });
      else await reviewRollout(deps, { value: all, person, view });
      return null;
    },
    async requestFix({ metadata, inputs }, { person }) {
      const decision = decodeDecisionValue(metadata);
      if (isRollout(decision)) {
        await requestRollout(deps, { value: decision, person });
        return null;
      }
      const words = inputs[LOSS_INPUT];
      await requestFix(deps, {
        value: decision,
        person,
        ...(words === undefined ? {} : { words }),
      });
      return null;
    },
    async approveFix(value, { person }) {
      const decision = decodeDecisionValue(value);
      const approve = isRollout(decision) ? approveRollout : approveFix;
      await approve(deps, { value: decision, person });
      return null;
    },
    async denyFix(value, { person }) {
      const decision = decodeDecisionValue(value);
      const deny = isRollout(decision) ? denyRollout : denyFix;
      await deny(deps, { value: decision, person });
      return null;
    },
  };
}

function isRollout({ fix }: DecisionValue): boolean {
  return fix.startsWith(ROLLOUT);
}
