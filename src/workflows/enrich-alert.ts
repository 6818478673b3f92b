import type { Alert } from '../core/alert.ts';
import { alertKey } from '../core/incident/case.ts';
import type { AlertApi } from '../ports/alert-api.ts';
import type { Log } from '../ports/log.ts';

export interface EnrichAlertDeps {
  readonly log: Log;
  /** By source id; absent: nothing can be asked there. */
  readonly alertApi?: (source: string) => AlertApi | undefined;
}

/**
 * An alert that begins and names no host, with what its source knows besides. When the source cannot be
 * asked or does not answer, the alert goes on as it is: late details are worth less than an alert in time.
 */
export async function enrichAlert(deps: EnrichAlertDeps, alert: Alert): Promise<Alert> {
  if (alert.action !== 'firing' || alert.hostHints.length > 0) return alert;
  const api = deps.alertApi?.(alert.source);
  if (api?.details === undefined) return alert;
  try {
    return await api.details(alert);
  } catch (error) {
    const fields = { alert: alertKey(alert), error: String(error) };
    deps.log.warn(fields, 'an alert goes on without the details that its source has');
    return alert;
  }
}
