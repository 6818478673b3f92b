import type { AlertSource, WebhookRequest } from '../../alerts/contract.ts';
import { HousecallError } from '../../core/errors.ts';
import type { AlertInbox } from '../../ports/alert-inbox.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Metrics } from '../../ports/metrics.ts';

export interface ReceiveAlertDeps {
  readonly inbox: AlertInbox;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

export interface ReceivedWebhook {
  readonly source: AlertSource;
  readonly secrets: readonly string[];
  readonly headers: WebhookRequest['headers'];
  readonly rawBody: string;
}

/** `refused`: wrong or missing secret, and nothing was stored. */
export type Reception = 'stored' | 'duplicate' | 'refused';

/**
 * Takes in one webhook: authentic, then readable, then on disk; only then the sender may hear 2xx.
 * Nothing is looked at before the sender is known.
 * @throws HousecallError DELIVERY_INVALID (garbage), STORE_UNAVAILABLE.
 */
export async function receiveAlert(
  deps: ReceiveAlertDeps,
  { source, secrets, headers, rawBody }: ReceivedWebhook,
): Promise<Reception> {
  const counted = (outcome: string): void =>
    deps.metrics.count('housecall_alerts_received_total', { source: source.id, outcome });
  const now = deps.clock.now();
  if (secrets.length === 0 || !source.authentic({ headers, rawBody, now }, secrets)) {
    counted('refused');
    return 'refused';
  }
  try {
    // Decoded here only so that the sender hears at once of a body nobody will ever be able to read.
    source.decode(rawBody);
    const delivery = {
      id: deps.clock.id(),
      source: source.id,
      receivedAt: now.toISOString(),
      body: rawBody,
    };
    const outcome = await deps.inbox.receive(
      delivery,
      `${source.id}:${source.deliveryKey(rawBody, now)}`,
      source.copiesWithinSeconds,
    );
    counted(outcome);
    return outcome;
  } catch (error) {
    const invalid = error instanceof HousecallError && error.code === 'DELIVERY_INVALID';
    counted(invalid ? 'invalid' : 'unavailable');
    throw error;
  }
}
