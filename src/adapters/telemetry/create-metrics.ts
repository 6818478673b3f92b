import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../../ports/metrics.ts';

type CounterName = Parameters<Metrics['count']>[0];
type TimingName = Parameters<Metrics['observe']>[0];
export type GaugeName =
  | 'housecall_incidents_open'
  | 'housecall_queue_depth'
  | 'housecall_queue_oldest_seconds';

interface Spec {
  readonly help: string;
  readonly labels: readonly string[];
}

const COUNTERS: Readonly<Record<CounterName, Spec>> = {
  housecall_alerts_received_total: {
    help: 'Alert webhooks received, by source and outcome (stored, duplicate, refused, invalid, too-large, unavailable, overload; asked: found by asking the source).',
    labels: ['source', 'outcome'],
  },
  housecall_jobs_total: {
    help: 'Jobs finished, by queue and outcome.',
    labels: ['queue', 'outcome'],
  },
  housecall_ssh_connects_total: {
    help: 'SSH connections, by outcome: ok, or the stage that failed.',
    labels: ['outcome'],
  },
  housecall_slack_calls_total: {
    help: 'Calls to Slack, by method and outcome.',
    labels: ['method', 'outcome'],
  },
  housecall_slack_rate_limited_total: {
    help: 'Calls that Slack asked to repeat later, by method.',
    labels: ['method'],
  },
  housecall_approvals_total: { help: 'Decisions about fixes, by outcome.', labels: ['outcome'] },
  housecall_fixes_total: { help: 'Fixes run, by fix and outcome.', labels: ['fix', 'outcome'] },
  housecall_archive_total: { help: 'Archives written, by outcome.', labels: ['outcome'] },
};

const TIMINGS: Readonly<Record<TimingName, Spec & { readonly buckets: number[] }>> = {
  housecall_job_seconds: {
    help: 'How long jobs ran.',
    labels: [],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  },
  housecall_ack_seconds: {
    help: 'From the opening of an incident to its acknowledgement.',
    labels: [],
    buckets: [15, 30, 60, 120, 300, 600, 1800, 3600],
  },
};

const GAUGES: Readonly<Record<GaugeName, Spec>> = {
  housecall_incidents_open: { help: 'Open incidents, by severity.', labels: ['severity'] },
  housecall_queue_depth: { help: 'Work that waits, by queue.', labels: ['queue'] },
  housecall_queue_oldest_seconds: {
    help: 'Age of the oldest work that waits, by queue.',
    labels: ['queue'],
  },
};

/** Every metric of the product, for the reference. */
export const METRICS: Readonly<Record<string, Spec>> = { ...COUNTERS, ...TIMINGS, ...GAUGES };

export interface GaugeReading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Telemetry extends Metrics {
  /** Asked at every scrape. When it fails the gauge is left out, never stale. */
  gauge(name: GaugeName, read: () => Promise<readonly GaugeReading[]>): void;
  /** Prometheus text format 0.0.4. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** The product's metrics and those of the Node process, in a registry of their own. */
export function createMetrics(): Telemetry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counters = mapValues(
    COUNTERS,
    ({ help, labels }, name) => new Counter({ name, help, labelNames: [...labels], registers }),
  );
  const timings = mapValues(
    TIMINGS,
    ({ help, labels, buckets }, name) =>
      new Histogram({ name, help, labelNames: [...labels], buckets, registers }),
  );
  return {
    count: (name, labels) => counters[name].inc(onlyKnown(COUNTERS[name], labels)),
    observe: (name, labels, seconds) =>
      timings[name].observe(onlyKnown(TIMINGS[name], labels), seconds),
    gauge(name, read) {
      const { help, labels } = GAUGES[name];
      registry.removeSingleMetric(name);
      const gauge = new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers,
        async collect() {
          const readings = await read().catch(() => []);
          gauge.reset();
          for (const reading of readings) {
            gauge.set(onlyKnown(GAUGES[name], reading.labels), reading.value);
          }
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** prom-client throws for a label it does not know: a metric must never break the work it counts. */
function onlyKnown(spec: Spec, labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(spec.labels.map((label) => [label, labels[label] ?? '']));
}

function mapValues<Key extends string, In, Out>(
  from: Readonly<Record<Key, In>>,
  make: (value: In, key: Key) => Out,
): Record<Key, Out> {
  const entries = Object.entries(from) as [Key, In][];
  return Object.fromEntries(entries.map(([key, value]) => [key, make(value, key)])) as Record<
    Key,
    Out
  >;
}
