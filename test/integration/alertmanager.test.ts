import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHttp } from '../../src/adapters/http/create-http.ts';
import { createRedis } from '../../src/adapters/redis/create-redis.ts';
import { alertmanager } from '../../src/alerts/alertmanager/index.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { Alert } from '../../src/core/alert.ts';
import { receiveAlert } from '../../src/workflows/alert/receive-alert.ts';
import {
  alertmanagerProblem,
  type PrometheusAlert,
  startAlertmanager,
} from '../support/alertmanager.ts';
import { silentLog, startTestRedis, type TestRedis } from '../support/redis.ts';

const TOKEN = 'token-of-alertmanager';
const WAIT = { timeout: 40_000, interval: 100 };

const DISK: PrometheusAlert = {
  labels: { alertname: 'NodeLowRootDisk', instance: 'host-17:9100', severity: 'critical' },
  annotations: { summary: '/var on host-17 is 97 % full' },
  startsAt: '2026-11-20T11:58:30.123Z',
};
const OTHER: PrometheusAlert = {
  ...DISK,
  labels: { ...DISK.labels, instance: 'host-18:9100' },
};
const over = (alert: PrometheusAlert): PrometheusAlert => ({
  ...alert,
  endsAt: '2026-11-20T12:10:00Z',
});

const stops: (() => Promise<void>)[] = [];

/** The real HTTP edge over the inbox in a real Redis. */
async function startSite(redis: TestRedis) {
  const store = createRedis({
    url: redis.url,
    namespace: redis.namespace(),
    log: silentLog,
    timeoutMs: 1_000,
  });
  stops.push(() => store.close());
  const outcomes: string[] = [];
  const metrics = {
    count: (_: string, labels: Readonly<Record<string, string>>) => {
      outcomes.push(labels['outcome'] ?? '');
    },
    observe: () => {},
  };
  const edge = await createHttp({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    count: metrics.count,
    metrics: async () => '',
    dependencies: [],
    alerts: {
      sources: [alertmanager],
      secrets: { alertmanager: [TOKEN] },
      receive: (webhook) =>
        receiveAlert({ inbox: store.inbox, clock: systemClock, metrics }, webhook),
    },
  });
  stops.push(() => edge.close(0));
  const alerts: Alert[] = [];
  const relay = store.relayJobs(async (job) => {
    if (job.kind !== 'route-alert') return;
    const delivery = await store.inbox.read(job.delivery);
    alerts.push(...alertmanager.decode(delivery?.body ?? ''));
  });
  stops.push(() => relay.stop());
  const url = `${edge.address}/alerts/alertmanager`;
  /** Another Alertmanager that posts here. */
  const peer = async (options: { token?: string; maxAlerts?: number } = {}) => {
    const started = await startAlertmanager({ url, token: TOKEN, ...options });
    stops.push(() => started.stop());
    return started;
  };
  const said = (): string[] => alerts.map(({ title, action }) => `${title}: ${action}`);
  const count = (outcome: string): number => outcomes.filter((one) => one === outcome).length;
  return { outcomes, count, alerts, said, peer };
}

describe.skipIf(alertmanagerProblem() !== null)('a real Alertmanager', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });
  afterAll(() => redis.stop());

  it('fires and resolves here, each once', async () => {
    const site = await startSite(redis);
    const peer = await site.peer();
    await peer.post(DISK);
    await vi.waitFor(() => expect(site.alerts).toHaveLength(1), WAIT);
    expect(site.alerts[0]).toMatchObject({
      source: 'alertmanager',
      action: 'firing',
      title: '/var on host-17 is 97 % full',
      labels: DISK.labels,
      hostHints: ['host-17:9100'],
      startsAt: DISK.startsAt,
    });
    await peer.post(over(DISK));
    await vi.waitFor(() => expect(site.alerts).toHaveLength(2), WAIT);
    expect(site.alerts[1]).toMatchObject({
      action: 'resolved',
      fingerprint: site.alerts[0]?.fingerprint,
      startsAt: DISK.startsAt,
    });
    expect(site.count('stored')).toBe(2);
  });

  it('and its peer say the same alert, and it is stored once', async () => {
    const site = await startSite(redis);
    const peers = [await site.peer(), await site.peer()];
    await Promise.all(peers.map((peer) => peer.post(DISK)));
    await vi.waitFor(() => expect(site.count('duplicate')).toBeGreaterThan(0), WAIT);
    await vi.waitFor(() => expect(site.alerts).toHaveLength(1), WAIT);
    await Promise.all(peers.map((peer) => peer.post(over(DISK))));
    await vi.waitFor(() => expect(site.count('duplicate')).toBeGreaterThan(1), WAIT);
    await vi.waitFor(() => expect(site.alerts).toHaveLength(2), WAIT);
    expect(site.count('stored')).toBe(2);
  });

  it('tells of a group of which a part is over, and of what it left out', async () => {
    const site = await startSite(redis);
    const peer = await site.peer({ maxAlerts: 1 });
    await peer.post(DISK);
    await vi.waitFor(() => expect(site.alerts).toHaveLength(1), WAIT);
    await peer.post(OTHER);
    await vi.waitFor(() => {
      expect(site.said()).toContain(
        '/var on host-17 is 97 % full (+1 more: see Alertmanager): firing',
      );
    }, WAIT);
    await peer.post(over(DISK));
    await vi.waitFor(() => {
      expect(site.said().at(-1)).toMatch(/resolved$/);
    }, WAIT);
  });

  it('repeats what was answered 503 while Redis was away, until it is stored', async () => {
    const site = await startSite(redis);
    const peer = await site.peer();
    await redis.kill();
    try {
      await peer.post(DISK);
      await vi.waitFor(() => expect(site.outcomes).toContain('unavailable'), WAIT);
    } finally {
      await redis.restart();
    }
    await vi.waitFor(() => expect(site.outcomes).toContain('stored'), WAIT);
    expect(site.count('stored')).toBe(1);
    await vi.waitFor(
      () => expect(site.said()).toEqual(['/var on host-17 is 97 % full: firing']),
      WAIT,
    );
  });

  it('with a wrong token is refused, and nothing is stored', async () => {
    const site = await startSite(redis);
    const peer = await site.peer({ token: 'wrong' });
    await peer.post(DISK);
    await vi.waitFor(() => expect(site.outcomes).toContain('refused'), WAIT);
    await vi.waitFor(() => expect(peer.log()).toMatch(/unexpected status code 401/), WAIT);
    expect(new Set(site.outcomes)).toEqual(new Set(['refused']));
    expect(site.alerts).toEqual([]);
  });
});
