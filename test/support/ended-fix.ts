import type { FixState } from '../../src/core/approval/fix-state.ts';
import type { FixOffer } from '../../src/core/finding.ts';
import { HOUSECALL } from '../../src/core/person.ts';
import type { Figures } from '../../src/core/plan.ts';

const minute = (n: number): string => new Date(Date.UTC(2026, 10, 20, 12, n)).toISOString();

/** A verified fix on host-17 that was offered by a finding of this run, began then, and took a minute. */
export function fixOf(
  offer: FixOffer,
  from: { readonly run: string; readonly finding: string; readonly minute: number },
  figures?: { readonly before: Figures; readonly after: Figures },
): FixState {
  const { run, finding } = from;
  const at = minute(from.minute + 1);
  const step = { id: 'truncate', argv: ['true'], exitCode: 0, output: '', outputSha256: '' };
  return {
    id: 'f1',
    status: 'finished',
    offer,
    host: 'host-17',
    run,
    finding,
    reviewedBy: HOUSECALL,
    reviewedAt: minute(from.minute),
    approvals: [],
    refusals: [],
    claim: { worker: 'w1', at: minute(from.minute) },
    result: {
      at,
      outcome: 'verified',
      reason: '99 GB freed',
      steps: [step],
      ...(figures === undefined ? {} : { figures }),
    },
  };
}
