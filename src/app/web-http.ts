import { createHttp, type HttpEdge } from '../adapters/http/create-http.ts';
import { alertSources } from '../alerts/registry.ts';
import type { WebConfig } from '../config/require-for-start.ts';
import { diagnostics } from '../diagnostics/registry.ts';
import { fixes } from '../fixes/registry.ts';
import { receiveAlert } from '../workflows/alert/receive-alert.ts';
import { findingCodes, findingPage } from '../workflows/catalog/describe-finding.ts';
import type { CoreParts } from './core-parts.ts';
import type { WebParts } from './web-parts.ts';

/** Where webhooks, Slack, scrapers and browsers come in. */
export async function startHttp(
  config: WebConfig,
  parts: CoreParts,
  slack: WebParts['slack'],
): Promise<HttpEdge> {
  const { log, metrics, clock, inbox, store } = parts;
  const catalog = { diagnostics, fixes };
  return createHttp({
    ...config.http,
    log,
    metrics: () => metrics.text(),
    count: (name, labels) => metrics.count(name, labels),
    dependencies: [
      { name: 'redis', check: async () => (await store.check()).problems[0] ?? null },
      { name: 'slack', check: async () => (slack.isListening() ? null : 'no connection to Slack') },
    ],
    alerts: {
      sources: alertSources,
      secrets: alertSecrets(config),
      receive: (webhook) => receiveAlert({ inbox, clock, metrics }, webhook),
    },
    findings: {
      codes: findingCodes(catalog),
      page: (code) => findingPage(catalog, code),
    },
    ...(slack.requestListener === undefined ? {} : { slack: slack.requestListener }),
  });
}

/** One secret or several (rotation), by source. */
function alertSecrets(config: WebConfig): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(config.alerts.sources).map(([id, source]) => {
      const given = source === undefined ? [] : 'token' in source ? source.token : undefined;
      const secret = source !== undefined && 'secret' in source ? source.secret : given;
      return [id, secret === undefined ? [] : [secret].flat()];
    }),
  );
}
