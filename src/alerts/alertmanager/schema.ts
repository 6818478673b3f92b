import { z } from 'zod';
import { alertList, GROUP_FIELDS, GroupAlert } from '../group-webhook.ts';

const OTHER =
  'must be "4", the webhook of Prometheus Alertmanager; a custom "payload" cannot be read here';

/** The webhook, version "4": prometheus/alertmanager, template/template.go and notify/webhook. */
export const AlertmanagerWebhook = z.object(
  {
    version: z.literal('4', {
      error: ({ input }) =>
        input === '1' ? '"1" is what Grafana sends: its address is /alerts/grafana' : OTHER,
    }),
    ...GROUP_FIELDS,
    alerts: alertList(GroupAlert),
  },
  'must be an object with "version" and "alerts"',
);
