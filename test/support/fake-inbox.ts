import type { AlertInbox, Delivery } from '../../src/ports/alert-inbox.ts';
import type { FakeJobRow } from './fake-journal.ts';

export type FakeInbox = AlertInbox;

/** Deliveries in memory; a stored one puts its `route-alert` job on the list of waiting jobs. */
export function createFakeInbox(jobs: FakeJobRow[]): FakeInbox {
  const deliveries = new Map<string, Delivery>();
  const seen = new Set<string>();
  const over = new Set<string>();
  return {
    receive: async (delivery, key) => {
      if (seen.has(key)) return 'duplicate';
      seen.add(key);
      deliveries.set(delivery.id, structuredClone(delivery));
      jobs.push({ key: delivery.id, job: { kind: 'route-alert', delivery: delivery.id } });
      return 'stored';
    },
    markOver: async (episode) => void over.add(episode),
    isOver: async (episode) => over.has(episode),
    read: async (id) => structuredClone(deliveries.get(id) ?? null),
  };
}
