import type { AlertApi } from '../../ports/alert-api.ts';
import { createGrafanaApi, type GrafanaOptions } from './grafana.ts';
import { createOpsgenieApi, type OpsgenieOptions } from './opsgenie.ts';
import { createPagerDutyApi, type PagerDutyOptions } from './pagerduty.ts';

/** What the configuration holds; a source without a key cannot be asked. */
type Configured<Options> =
  | (Omit<Options, 'apiUrl' | 'apiKey' | 'timeoutMs'> & {
      readonly apiUrl?: string | undefined;
      readonly apiKey?: string | undefined;
    })
  | undefined;

export interface AlertApiOptions {
  readonly opsgenie?: Configured<OpsgenieOptions>;
  readonly pagerduty?: Configured<PagerDutyOptions>;
  readonly grafana?: Configured<GrafanaOptions>;
}

/** One for each source that has an address and a key. */
export function createAlertApis({
  opsgenie,
  pagerduty,
  grafana,
}: AlertApiOptions): readonly AlertApi[] {
  return [
    ...(usable(opsgenie) ? [createOpsgenieApi(opsgenie)] : []),
    ...(usable(pagerduty) ? [createPagerDutyApi(pagerduty)] : []),
    ...(usable(grafana) ? [createGrafanaApi(grafana)] : []),
  ];
}

function usable<Options extends Configured<object>>(
  options: Options,
): options is Options & { readonly apiUrl: string; readonly apiKey: string } {
  return options?.apiUrl !== undefined && options.apiKey !== undefined;
}
