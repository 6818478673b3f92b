import { createQueue } from '../adapters/queue/create-queue.ts';
import { createRedis } from '../adapters/redis/create-redis.ts';
import { createMetrics } from '../adapters/telemetry/create-metrics.ts';
import { inventoryOf } from '../config/inventory.ts';
import type { WorkerConfig } from '../config/require-for-start.ts';
import { allSecrets } from '../config/secrets.ts';
import { HousecallError } from '../core/errors.ts';
import { createRedactor } from '../core/redaction/redactor.ts';
import type { Diagnostic } from '../diagnostics/contract.ts';
import { diagnostics } from '../diagnostics/registry.ts';
import type { Fix } from '../fixes/contract.ts';
import { fixes } from '../fixes/registry.ts';
import type { Role } from '../ports/job-queue.ts';
import type { Log } from '../ports/log.ts';
import { redactedJournal } from '../workflows/record/redacted-journal.ts';
import { createHashing, loadApprovalKey } from './node-hashing.ts';
import { escalationPolicy, reachOf } from './nudging.ts';
import { systemClock } from './system-clock.ts';
import type { Times } from './times.ts';

export type CoreParts = ReturnType<typeof createCoreParts>;

/** What both roles share: the record, the queue, and everything the configuration settles. */
export function createCoreParts(
  config: WorkerConfig,
  roles: readonly Role[],
  options: { readonly log: Log; readonly times: Times; readonly namespace: string },
) {
  const { log, times, namespace } = options;
  const metrics = createMetrics();
  const { url } = config.redis;
  const store = createRedis({ url, log, namespace });
  const redact = createRedactor({
    secrets: allSecrets(config),
    patterns: config.redaction.patterns,
  });
  const queue = createQueue({
    url,
    prefix: `${namespace}:queue`,
    log,
    metrics,
    times: times.queue,
  });
  return {
    store,
    queue,
    metrics,
    log,
    times,
    patience: times.patience,
    clock: systemClock,
    hashing: createHashing(loadApprovalKey(config.security.approvalKeyFile, roles.includes('web'))),
    inventory: inventoryOf(config),
    redact,
    diagnostic: findModule<Diagnostic>('diagnostic', diagnostics),
    fix: findModule<Fix>('fix', fixes),
    journal: redactedJournal(store.journal, redact),
    reports: store.reports,
    kept: store.kept,
    roomLog: store.roomLog,
    outbox: store.outbox,
    inbox: store.inbox,
    openings: store.openings,
    past: store.past,
    channelPrefix: config.slack?.channelPrefix ?? 'inc',
    announceChannel: announceLane(config.slack?.announceChannel ?? 'incidents'),
    approvals: {
      ...config.approvals,
      rules: config.approvals.rules.flatMap((rule) =>
        (rule.fix === undefined ? fixes.map(({ id }) => id) : [rule.fix]).map((fix) => ({
          ...rule,
          fix,
          required: rule.required ?? config.approvals.required,
        })),
      ),
    },
    approvers: config.access.approvers,
    followDepth: config.alerts.followDepth,
    groupWindowSeconds: config.alerts.groupWindowSeconds,
    stormPerMinute: config.alerts.stormPerMinute,
    flappingChanges: config.alerts.flappingChanges,
    routes: config.alerts.routes,
    inviteBySeverity: config.incidents.invite,
    tellable: tellableSources(config),
    policy: escalationPolicy(config, times.minuteMs),
    reach: reachOf(config),
    saveDirectory: config.fixes.saveDirectory,
    known: {
      diagnostics: diagnostics.map(({ id }) => id),
      fixes: fixes.map(({ id }) => id),
      ...(config.http.publicUrl === undefined ? {} : { pages: config.http.publicUrl }),
    },
  };
}

/** Sources whose API takes what people decide here. */
function tellableSources({ alerts }: WorkerConfig): ReadonlySet<string> {
  const { opsgenie, pagerduty } = alerts.sources;
  return new Set([
    ...(opsgenie?.apiKey === undefined ? [] : ['opsgenie']),
    // PagerDuty's API wants to know in whose name.
    ...(pagerduty?.apiKey === undefined || pagerduty.from === undefined ? [] : ['pagerduty']),
  ]);
}

/** A channel id stays, a name gets its `#`. */
function announceLane(channel: string): string {
  return /^[CG][A-Z0-9]{5,}$/.test(channel) || channel.startsWith('#') ? channel : `#${channel}`;
}

function findModule<M extends { readonly id: string }>(
  kind: string,
  modules: readonly M[],
): (id: string) => M {
  return (id) => {
    const found = modules.find((module) => module.id === id);
    if (found !== undefined) return found;
    const known = modules.map((module) => module.id).join(', ');
    throw new HousecallError('NOT_FOUND', `there is no ${kind} ${id}; there are ${known}`);
  };
}
