import type { CaseState } from '../../core/incident/case.ts';
import type { Metrics } from '../../ports/metrics.ts';

/** The time to the very first acknowledgement of an incident, by whoever committed it: once. */
export function observeAck(
  metrics: Pick<Metrics, 'observe'> | undefined,
  before: CaseState | null,
  after: CaseState,
): void {
  const first = after.incident?.firstAcknowledgedAt ?? null;
  if (first === null || before === null || before.incident?.firstAcknowledgedAt !== null) return;
  const seconds = (Date.parse(first) - Date.parse(after.incident?.openedAt ?? first)) / 1000;
  metrics?.observe('housecall_ack_seconds', {}, Math.max(0, seconds));
}
