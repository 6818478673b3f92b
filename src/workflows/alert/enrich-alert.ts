import type { Alert } from '../../core/alert.ts';
import { HousecallError } from '../../core/errors.ts';
import { alertKey } from '../../core/incident/case.ts';
import type { AlertApi } from '../../ports/alert-api.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';

export interface EnrichAlertDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** By source id; absent: nothing can be asked there. */
  readonly alertApi?: (source: string) => AlertApi | undefined;
}

/** A source that did not answer is left alone for so long: alerts are routed one after the other. */
const REST_MS = 60_000;
const restsUntil = new WeakMap<AlertApi, number>();

/**
 * An alert that begins and names no host, with what its source knows besides. When the source cannot be
 * asked or does not answer, the alert goes on as it is: late details are worth less than an alert in time.
 */
export async function enrichAlert(deps: EnrichAlertDeps, alert: Alert): Promise<Alert> {
  if (alert.action !== 'firing' || alert.hostHints.length > 0) return alert;
  const api = deps.alertApi?.(alert.source);
  const now = deps.clock.now().getTime();
  if (api?.details === undefined || now < (restsUntil.get(api) ?? 0)) return alert;
  try {
    return await api.details(alert);
  } catch (error) {
    const silent = error instanceof HousecallError && error.code === 'SOURCE_UNAVAILABLE';
    if (silent) restsUntil.set(api, now + REST_MS);
    const fields = { alert: alertKey(alert), error: String(error) };
    deps.log.warn(fields, 'an alert goes on without the details that its source has');
    return alert;
  }
}
