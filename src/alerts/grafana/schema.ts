import { z } from 'zod';
import { ADDRESS, TEXT, TextMap, text } from '../fields.ts';
import { alertList, GROUP_FIELDS, GroupAlert } from '../group-webhook.ts';

const OTHER =
  'must be "1", the webhook of Grafana Alerting; a custom payload template cannot be read here';

const address = text(ADDRESS + 1).default('');

export const GrafanaAlert = GroupAlert.extend({
  silenceURL: address,
  dashboardURL: address,
  panelURL: address,
  imageURL: address,
  /** Query → number; null or absent when the rule has none. */
  values: TextMap.default({}),
  valueString: text(TEXT).default(''),
});
export type GrafanaAlert = z.output<typeof GrafanaAlert>;

/** The webhook of contact points, version "1": grafana/alerting, receivers/webhook/v1. */
export const GrafanaWebhook = z.object(
  {
    version: z.literal('1', {
      error: ({ input }) =>
        input === '4'
          ? '"4" is what Prometheus Alertmanager sends: its address is /alerts/alertmanager'
          : OTHER,
    }),
    ...GROUP_FIELDS,
    alerts: alertList(GrafanaAlert),
  },
  'must be an object with "version" and "alerts"',
);
export type GrafanaWebhook = z.output<typeof GrafanaWebhook>;
