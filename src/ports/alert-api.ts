import type { Alert } from '../core/alert.ts';

/**
 * What an alert source can be asked and told beside its webhooks; each method only where the source
 * offers it and a key is configured. Errors: SOURCE_REFUSED, SOURCE_UNAVAILABLE.
 */
export interface AlertApi {
  /** Source id: `opsgenie` … */
  readonly source: string;
  /** Every alert that is open there now, as its webhook would have said it; `acknowledged` ones too. */
  open?(): Promise<readonly Alert[]>;
  /** The alert with what its webhook leaves out (PagerDuty: details and host). */
  details?(alert: Alert): Promise<Alert>;
  /** Mirrors what people did here. The same again changes nothing there. */
  tell?(
    what: 'acknowledge' | 'close' | 'escalate',
    alert: { readonly fingerprint: string; readonly note: string },
  ): Promise<void>;
  /** Resolves when the key is taken; else throws with a reason. */
  check(): Promise<void>;
}
