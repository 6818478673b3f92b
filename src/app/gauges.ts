import { SEVERITIES } from '../core/incident/event.ts';
import { readCase } from '../workflows/record/transact.ts';
import type { CoreParts } from './core-parts.ts';

/** Gauges that are read from the record and the queue at every scrape. */
export function registerGauges({ metrics, journal, queue, outbox }: CoreParts): void {
  metrics.gauge('housecall_incidents_open', async () => {
    const states = await Promise.all(
      (await journal.open()).map((stream) => readCase(journal, stream)),
    );
    return SEVERITIES.map((severity) => ({
      labels: { severity },
      value: states.filter((state) => state.incident?.severity === severity).length,
    }));
  });
  metrics.gauge('housecall_queue_depth', async () => [
    ...(await queue.depths()).map(({ queue: name, waiting }) => ({
      labels: { queue: name },
      value: waiting,
    })),
    { labels: { queue: 'outbox' }, value: (await outbox.depth()).rows },
  ]);
  metrics.gauge('housecall_queue_oldest_seconds', async () => [
    ...(await queue.depths()).map(({ queue: name, oldestSeconds }) => ({
      labels: { queue: name },
      value: oldestSeconds,
    })),
    { labels: { queue: 'outbox' }, value: (await outbox.depth()).oldestSeconds },
  ]);
}
