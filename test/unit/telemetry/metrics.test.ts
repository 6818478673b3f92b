import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/adapters/telemetry/create-metrics.ts';

describe('the metrics', () => {
  it('count and time under the public names and labels', async () => {
    const metrics = createMetrics();
    metrics.count('housecall_alerts_received_total', { source: 'opsgenie', outcome: 'stored' });
    metrics.count('housecall_alerts_received_total', { source: 'opsgenie', outcome: 'stored' });
    metrics.count('housecall_ssh_connects_total', { outcome: 'banner' });
    metrics.observe('housecall_job_seconds', { queue: 'diagnose' }, 0.8);
    const text = await metrics.text();
    expect(text).toContain('housecall_alerts_received_total{source="opsgenie",outcome="stored"} 2');
    expect(text).toContain('housecall_ssh_connects_total{outcome="banner"} 1');
    expect(text).toContain('housecall_job_seconds_count 1');
    for (const name of [
      'housecall_jobs_total',
      'housecall_slack_calls_total',
      'housecall_slack_rate_limited_total',
      'housecall_approvals_total',
      'housecall_fixes_total',
      'housecall_archive_total',
      'housecall_ack_seconds',
    ]) {
      expect(text).toContain(`# TYPE ${name} `);
    }
  });

  it('never let a strange or missing label break the work that is counted', async () => {
    const metrics = createMetrics();
    metrics.count('housecall_jobs_total', { queue: 'fix', strange: 'x' });
    metrics.observe('housecall_ack_seconds', { strange: 'x' }, 12);
    expect(await metrics.text()).toContain('housecall_jobs_total{queue="fix",outcome=""} 1');
  });

  it('ask for the state at every scrape, and forget what is gone', async () => {
    const metrics = createMetrics();
    let open = [{ labels: { severity: 'SEV2' }, value: 3 }];
    metrics.gauge('housecall_incidents_open', async () => open);
    expect(await metrics.text()).toContain('housecall_incidents_open{severity="SEV2"} 3');
    open = [{ labels: { severity: 'SEV1' }, value: 1 }];
    const text = await metrics.text();
    expect(text).toContain('housecall_incidents_open{severity="SEV1"} 1');
    expect(text).not.toContain('SEV2');
  });

  it('still answer when a state cannot be read', async () => {
    const metrics = createMetrics();
    metrics.count('housecall_archive_total', { outcome: 'written' });
    metrics.gauge('housecall_queue_depth', async () => {
      throw new Error('Redis is away');
    });
    const text = await metrics.text();
    expect(text).toContain('housecall_archive_total{outcome="written"} 1');
    expect(text).not.toMatch(/^housecall_queue_depth\{/m);
  });

  it('keep the registries of two instances apart', async () => {
    const [one, two] = [createMetrics(), createMetrics()];
    one.count('housecall_archive_total', { outcome: 'written' });
    expect(await two.text()).not.toContain('housecall_archive_total{');
  });
});
