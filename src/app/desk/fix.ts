import type { Desk } from '../../adapters/slack/desk.ts';
import { decodeDecisionValue, decodeFixValue } from '../../core/approval/fix-value.ts';
import { LOSS_INPUT } from '../../core/approval/review-form.ts';
import { approveFix } from '../../workflows/approve-fix.ts';
import { denyFix } from '../../workflows/deny-fix.ts';
import type { ClickDeps } from '../../workflows/fix-deps.ts';
import { requestFix } from '../../workflows/request-fix.ts';
import { reviewFix } from '../../workflows/review-fix.ts';

type FixDesk = Pick<Desk, 'reviewFix' | 'requestFix' | 'approveFix' | 'denyFix'>;

/** The buttons of a fix. Who may do what is decided in the workflows, at the click. */
export function fixDesk(deps: ClickDeps): FixDesk {
  return {
    async reviewFix({ value, view }, { person }) {
      await reviewFix(deps, { value: decodeFixValue(value), person, view });
      return null;
    },
    async requestFix({ metadata, inputs }, { person }) {
      const words = inputs[LOSS_INPUT];
      await requestFix(deps, {
        value: decodeDecisionValue(metadata),
        person,
        ...(words === undefined ? {} : { words }),
      });
      return null;
    },
    async approveFix(value, { person }) {
      await approveFix(deps, { value: decodeDecisionValue(value), person });
      return null;
    },
    async denyFix(value, { person }) {
      await denyFix(deps, { value: decodeDecisionValue(value), person });
      return null;
    },
  };
}
