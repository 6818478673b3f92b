import type { Alert } from '../core/alert.ts';
import type { OpenAlerts } from '../core/reconcile.ts';

/**
 * What an alert source can be asked and told beside its webhooks; each method only where the source
 * offers it and a key is configured. Errors: SOURCE_REFUSED, SOURCE_UNAVAILABLE.
 */
export interface AlertApi {
  /** Source id: `opsgenie` … */
  readonly source: string;
  /** Names the list of `open` for as long as address and key stay the same; tells neither. Default: the source. */
  readonly list?: string;
  /** Every alert that is open there now; `acknowledged` ones too. They may lack what `details` adds. */
  open?(options?: { readonly signal?: AbortSignal }): Promise<OpenAlerts>;
  /**
   * Whether the source itself says of this one alert that it is closed: it may have slipped between
   * two pages of the list. An alert that it does not know is not closed.
   */
  isClosed?(fingerprint: string): Promise<boolean>;
  /** The alert with what a webhook or a list leaves out: details, labels, hosts. */
  details?(alert: Alert): Promise<Alert>;
  /** Mirrors what people did here. The same again changes nothing there. */
  tell?(
    what: 'acknowledge' | 'close' | 'escalate',
    alert: { readonly fingerprint: string; readonly note: string },
  ): Promise<void>;
  /** Resolves when the key is taken; else throws with a reason. */
  check(): Promise<void>;
}
