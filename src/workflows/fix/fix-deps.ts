import { FREEZE_CLAIM } from '../../core/approval/blocked-reason.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import type { ApprovalPolicy } from '../../core/approval/policy.ts';
import { type ApprovalTerms, approvalTerms } from '../../core/approval/policy.ts';
import { proposalAddress, proposalText } from '../../core/approval/proposal.ts';
import type { Roles } from '../../core/approval/roles.ts';
import type { Lane } from '../../core/chat-operation.ts';
import { HousecallError } from '../../core/errors.ts';
import type { Host, Inventory } from '../../core/fleet/host.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { Plan } from '../../core/plan.ts';
import type { Fix } from '../../fixes/contract.ts';
import type { Hashing } from '../../ports/hashing.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RemoteReader } from '../../ports/remote.ts';
import type { TransactDeps } from '../record/transact.ts';
import { runMessageKey } from '../run/start-run.ts';

/** What every workflow about a fix needs. */
export interface FixDeps extends TransactDeps {
  /** Throws NOT_FOUND. */
  readonly fix: (id: string) => Fix;
  readonly inventory: Inventory;
  readonly hashing: Hashing;
  readonly metrics: Metrics;
  /** `approvals` of the configuration. */
  readonly approvals: ApprovalPolicy;
  /** `access.approvers` as configured: users and groups, to be shown. */
  readonly approvers: readonly string[];
  /** Default: `PATIENCE`. */
  readonly patience?: Patience;
}

/** Where people click: their roles are looked up at the click, groups resolved. */
export interface ClickDeps extends FixDeps {
  readonly roles: () => Promise<Roles>;
}

/** How long a worker that says nothing is taken for alive. */
export interface Patience {
  /** Between two looks at a running fix. */
  readonly lookSeconds: number;
  /** From a worker's claim to the mark on the host: it looks once more before, as long as the longest probe may take. */
  readonly claimSeconds: number;
  /** Longest pause between two steps of a worker that is alive. */
  readonly pauseSeconds: number;
  /** Between two looks at a change that does not last. */
  readonly watchSeconds: number;
}

export const PATIENCE: Patience = {
  lookSeconds: 120,
  claimSeconds: 330,
  pauseSeconds: 60,
  watchSeconds: 120,
};

/** Where hosts are looked at. */
export interface LookDeps extends FixDeps {
  readonly remote: RemoteReader;
  /** Removes secrets from what a host printed before anything is stored or shown. */
  readonly redact: (text: string) => string;
  /** `fixes.saveDirectory` of the configuration. */
  readonly saveDirectory: string;
}

/** @throws HousecallError NOT_FOUND. */
export function requireFix(state: CaseState, id: string): FixState {
  const fix = state.fixes.get(id);
  if (fix !== undefined) return fix;
  throw new HousecallError('NOT_FOUND', `fix ${id} of ${state.stream}: there is no record of it`, {
    context: { stream: state.stream, fix: id },
  });
}

/** @throws HousecallError TARGET_UNKNOWN when the host has left the inventory. */
export function requireHost(deps: Pick<FixDeps, 'inventory'>, name: string): Host {
  const host = deps.inventory.get(name);
  if (host !== undefined) return host;
  throw new HousecallError('TARGET_UNKNOWN', `host ${name} is not in the inventory`, {
    context: { host: name },
  });
}

/** The digest that this plan has under the definitions, the inventory and the parameters of now. */
export function proposalDigest(deps: FixDeps, fix: FixState, plan: Plan): string {
  const { id, version } = deps.fix(fix.offer.fix);
  return deps.hashing.sha256(
    proposalText({
      fix: fix.id,
      module: id,
      version,
      host: fix.host,
      address: proposalAddress(requireHost(deps, fix.host)),
      params: fix.offer.params,
      plan,
    }),
  );
}

/** What the configuration asks for this fix now. */
export function currentTerms(deps: FixDeps, fix: FixState): ApprovalTerms {
  const { groups } = requireHost(deps, fix.host);
  return approvalTerms(deps.approvals, { fix: fix.offer.fix, groups });
}

/** Since when and why all fixes are frozen, in words; null: they are not. */
export async function frozenBy(deps: Pick<FixDeps, 'journal'>): Promise<string | null> {
  const owner = await deps.journal.owner(FREEZE_CLAIM);
  if (owner === null) return null;
  const last = (await deps.journal.read(owner)).findLast(
    ({ event }) => event.type === 'fixes.frozen',
  );
  if (last?.event.type !== 'fixes.frozen') return `by ${owner}`;
  const { reason } = last.event;
  return `since ${last.at.slice(0, 16).replace('T', ' ')} UTC${reason === '' ? '' : `: ${reason}`}`;
}

/** Where a fix is talked about: the thread of the finding that justifies it. */
export function fixPlace(state: CaseState, fix: FixState): { lane: Lane; thread: string } {
  const run = state.runs.get(fix.run);
  if (run === undefined) {
    throw new HousecallError('NOT_FOUND', `fix ${fix.id}: there is no record of run ${fix.run}`);
  }
  return { lane: run.lane as Lane, thread: run.thread ?? runMessageKey(run.id) };
}

/** A moment for answers and clocks, beyond the time limits of the steps. */
const GRACE_SECONDS = 180;

/** After this long a running fix is lost. */
export function deadlineSeconds(plan: Plan): number {
  return plan.steps.reduce((sum, step) => sum + step.timeoutSeconds, GRACE_SECONDS);
}
