import type { AlertSource } from '../../alerts/contract.ts';
import type { Alert } from '../../core/alert.ts';
import type { Delivery } from '../../ports/alert-inbox.ts';

/** One thing that a delivery says, and the name under which it counts once. */
export interface Delivered {
  readonly alert: Alert;
  readonly delivery: string;
}

/**
 * What a delivery says, in order. What Housecall found out by asking is on record as alerts already: it wrote
 * them itself, and one alert may have said two things (it fires, it is acknowledged).
 */
export function deliveredAlerts(source: AlertSource, delivery: Delivery): readonly Delivered[] {
  if (delivery.asked !== true) {
    const received = new Date(delivery.receivedAt);
    return source
      .decode(delivery.body, received)
      .map((alert) => ({ alert, delivery: delivery.id }));
  }
  return (JSON.parse(delivery.body) as readonly Alert[]).map((alert, n) => ({
    alert,
    delivery: n === 0 ? delivery.id : `${delivery.id}/${n}`,
  }));
}
