import { createHash } from 'node:crypto';

/** A webhook on its way. */
export interface StormDelivery {
  readonly source: 'alertmanager' | 'opsgenie' | 'generic';
  /** Milliseconds after the beginning of the storm. */
  readonly atMs: number;
  readonly body: string;
  /** Its sender sends one after the other under this name: a group at one peer, for instance. */
  readonly order: string;
}

/** What must be true of an alert in the end. */
export interface StormAlert {
  /** `<source>:<fingerprint>` */
  readonly key: string;
  /** Alerts of one name belong into one incident; null: it opens none. */
  readonly group: string | null;
  readonly firing: boolean;
}

export interface Storm {
  readonly deliveries: readonly StormDelivery[];
  readonly alerts: readonly StormAlert[];
}

const CLUSTERS = 8;
const PER_CLUSTER = 5;
export const STORM_HOSTS = Array.from(
  { length: CLUSTERS * PER_CLUSTER },
  (_, n) => `host-${n + 1}`,
);
const DISK = ['DiskFull', 'InodesFull'];
/** Somebody acknowledges here at once. */
export const HEARD_GROUP = `disk of c${CLUSTERS}`;
const TICKS = 25;
const SPAN_MS = 60_000;

export const STORM_ROUTES = [
  { match: { alertname: DISK }, severity: 'SEV2', groupBy: ['cluster'] },
  { match: { alertname: 'HostDown' }, severity: 'SEV1', groupBy: ['cluster'] },
];

/**
 * A minute of alerts: 1,000 deliveries of Alertmanager (25 flushes of 20 groups, each from two peers),
 * 1,000 of Opsgenie (200 alerts, 5 deliveries of each) and 40 of a script, about the same 40 hosts.
 */
export function makeStorm(began: number): Storm {
  const parts = [alertmanager(began), opsgenie(began), scripts(began)];
  return {
    deliveries: parts.flatMap(({ deliveries }) => deliveries).toSorted((a, b) => a.atMs - b.atMs),
    alerts: parts.flatMap(({ alerts }) => alerts),
  };
}

function hostOf(cluster: number, n: number): string {
  return STORM_HOSTS[(cluster - 1) * PER_CLUSTER + (n % PER_CLUSTER)] ?? '';
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The first alert of a group fires on; the others come, go, and some come again. */
function alertmanager(began: number): Storm {
  const clusters = Array.from({ length: CLUSTERS }, (_, n) => n + 1);
  const groups = [
    ...clusters.flatMap((cluster) => DISK.map((name) => ({ cluster, name, kind: 'disk' }))),
    ...[1, 2, 3, 4].map((cluster) => ({ cluster, name: 'HostDown', kind: 'down' })),
  ];
  const stormed = groups.map((group, at) => flushes(group, began, at));
  return {
    deliveries: stormed.flatMap(({ deliveries }) => deliveries),
    alerts: stormed.flatMap(({ alerts }) => alerts),
  };
}

/** When an alert begins and ends, in ticks: once, or twice. */
function episodes(n: number): readonly { readonly from: number; readonly to: number }[] {
  if (n === 0) return [{ from: 0, to: TICKS }];
  const first = { from: n % 3, to: 6 + 2 * n };
  return n % 2 === 0 ? [first] : [first, { from: first.to + 4, to: n === 1 ? TICKS : 23 }];
}

function flushes(
  group: { readonly cluster: number; readonly name: string; readonly kind: string },
  began: number,
  at: number,
): Storm {
  const { cluster, name, kind } = group;
  const groupKey = `{}:{alertname="${name}", cluster="c${cluster}"}`;
  const tickMs = SPAN_MS / TICKS;
  const series = Array.from({ length: PER_CLUSTER }, (_, n) => {
    const labels = {
      alertname: name,
      cluster: `c${cluster}`,
      instance: `${hostOf(cluster, n)}:9100`,
    };
    return { labels, fingerprint: digest(JSON.stringify(labels)), times: episodes(n) };
  });
  const deliveries = Array.from({ length: TICKS }, (_, tick) => {
    const alerts = series.flatMap(({ labels, fingerprint, times }) => {
      // A flush tells of what fires, and once of what has ended since the one before.
      const now = times.find(({ from, to }) => from <= tick && tick <= to);
      if (now === undefined) return [];
      const status = tick === now.to ? 'resolved' : 'firing';
      const startsAt = iso(began + now.from * tickMs + at);
      const endsAt = status === 'firing' ? '0001-01-01T00:00:00Z' : iso(began + tick * tickMs);
      return [{ status, labels, annotations: {}, startsAt, endsAt, generatorURL: '', fingerprint }];
    });
    const body = JSON.stringify({
      version: '4',
      groupKey,
      status: 'firing',
      receiver: 'housecall',
      truncatedAlerts: 0,
      groupLabels: { alertname: name, cluster: `c${cluster}` },
      externalURL: 'http://alertmanager.example.org',
      alerts,
    });
    return ['a', 'b'].map(
      (peer, n): StormDelivery => ({
        source: 'alertmanager',
        atMs: tick * tickMs + at * (tickMs / 20) + n * 700,
        body,
        order: `${peer} ${groupKey}`,
      }),
    );
  });
  return {
    deliveries: deliveries.flat(),
    alerts: series.map(({ fingerprint, times }) => ({
      key: `alertmanager:${fingerprint}`,
      group: `${kind} of c${cluster}`,
      firing: times.at(-1)?.to === TICKS,
    })),
  };
}

const ROUTED = 160;
const GONE = 16;
const ALERTS = 200;

/** Of each alert five deliveries; one in ten is closed before anybody hears that it was opened. */
function opsgenie(began: number): Storm {
  const stormed = Array.from({ length: ALERTS }, (_, n) => {
    const createdAt = Math.round(began + 5_000 + (n % ROUTED) * 200);
    const cluster = (n % CLUSTERS) + 1;
    const routed = n < ROUTED;
    const gone = !routed && n < ROUTED + GONE;
    const name = routed ? (DISK[n % 2] ?? '') : `${gone ? 'Gone' : 'Misc'}${n}`;
    const closes = gone || (routed && n % 2 === 0);
    const early = gone || (routed && n % 10 === 0);
    const told = (action: string, step: number, atMs: number): StormDelivery => ({
      source: 'opsgenie',
      atMs,
      // The end of those is known first, however often it must be sent.
      order: gone ? `${n}` : `${n} ${atMs}`,
      body: JSON.stringify({
        action,
        alert: {
          alertId: `og-${n}`,
          message: `${name} of c${cluster}`,
          entity: hostOf(cluster, n),
          details: { alertname: name, cluster: `c${cluster}` },
          tags: [],
          createdAt,
          updatedAt: (createdAt + step) * 1e6,
          ...(action === 'AddNote' ? { note: 'looking' } : {}),
        },
        source: { name: '', type: 'API' },
        integrationName: 'housecall',
      }),
    });
    // Those that open rooms of their own begin when the rooms of the others are there.
    const start = (routed || gone ? createdAt : createdAt + 10_000) - began;
    const end = early ? start - 1_500 : start + 15_000;
    const last = closes ? told('Close', 9, end) : told('UpdatePriority', 9, end);
    const heard = routed && cluster === CLUSTERS && !closes;
    return {
      deliveries: [
        told('Create', 1, start),
        told('Create', 1, start + 300),
        // The same alert to another team.
        told('Create', 2, start + 600),
        told(heard ? 'Acknowledge' : 'AddNote', 3, start + 2_000),
        last,
      ],
      alert: {
        key: `opsgenie:og-${n}`,
        group: gone ? null : routed ? `disk of c${cluster}` : `misc ${n}`,
        firing: !closes,
      },
    };
  });
  return {
    deliveries: stormed.flatMap(({ deliveries }) => deliveries),
    alerts: stormed.map(({ alert }) => alert),
  };
}

/** A script that knows hosts and no clusters: it meets the others where its host is. */
function scripts(began: number): Storm {
  const stormed = STORM_HOSTS.map((host, n) => {
    const id = `script-${host}`;
    const labels = { alertname: 'DiskFull' };
    const alert = { id, status: 'firing', title: `check_disk ${host}`, host, labels };
    return {
      delivery: {
        source: 'generic' as const,
        atMs: 25_000 + n * 700,
        order: id,
        body: JSON.stringify({ ...alert, startsAt: iso(began + 25_000) }),
      },
      alert: {
        key: `generic:${id}`,
        group: `disk of c${Math.floor(n / PER_CLUSTER) + 1}`,
        firing: true,
      },
    };
  });
  return {
    deliveries: stormed.map(({ delivery }) => delivery),
    alerts: stormed.map(({ alert }) => alert),
  };
}

/** As Prometheus names a series: 16 hex digits. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** About half of the numbers below `end` (Lehmer's generator). */
export function drawnHalf(end: number): readonly number[] {
  let state = 4711;
  return Array.from({ length: end }, (_, n) => n).filter(() => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 2 === 0;
  });
}
