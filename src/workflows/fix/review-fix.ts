import { blockedReason } from '../../core/approval/blocked-reason.ts';
import type { FixValue } from '../../core/approval/fix-value.ts';
import { type Answer, mayRequest } from '../../core/approval/may-approve.ts';
import { HousecallError } from '../../core/errors.ts';
import type { FixOffer } from '../../core/finding.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { Person } from '../../core/person.ts';
import { transact } from '../record/transact.ts';
import { type ClickDeps, frozenBy, requireHost } from './fix-deps.ts';

/**
 * Somebody pressed Review fix: a worker looks at the host and fills the dialog `view`.
 * Returns the id of the fix. Nothing is changed.
 * @throws HousecallError NOT_ALLOWED, APPROVAL_REFUSED, NOT_FOUND, TARGET_UNKNOWN.
 */
export async function reviewFix(
  deps: ClickDeps,
  input: { readonly value: FixValue; readonly person: Person; readonly view?: string },
): Promise<string> {
  const { value, view } = input;
  const actor = { kind: 'person', ...input.person } as const;
  const roles = await deps.roles();
  const frozen = await frozenBy(deps);
  const fix = deps.clock.id();
  await transact(deps, { stream: value.stream, actor }, (state) => {
    requireAllowed(mayRequest(roles, actor, blockedReason(state, frozen)));
    const { offer, finding } = findOffer(state, value);
    deps.fix(offer.fix);
    requireHost(deps, value.host);
    return {
      events: [
        {
          type: 'fix.reviewed',
          fix,
          offer,
          host: value.host,
          run: value.run,
          finding,
          ...(view === undefined ? {} : { view }),
        },
      ],
      jobs: [{ kind: 'plan-fix', stream: value.stream, fix }],
    };
  });
  return fix;
}

export function requireAllowed(answer: Answer): void {
  if (!answer.ok) throw new HousecallError(answer.code, answer.reason);
}

/** From the record alone: a button carries indexes, never a fix or its parameters. */
function findOffer(state: CaseState, value: FixValue): { offer: FixOffer; finding: string } {
  const report = state.runs
    .get(value.run)
    ?.finished?.reports.find(({ host }) => host === value.host);
  const finding = report?.findings[value.finding];
  const offer = finding?.fixes[value.offer];
  if (finding !== undefined && offer !== undefined) return { offer, finding: finding.code };
  throw new HousecallError(
    'NOT_FOUND',
    `fix.review: run ${value.run} of ${value.stream} has no such offer for ${value.host}`,
    { context: { ...value } },
  );
}
