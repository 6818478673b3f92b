import type { AlertInbox, Delivery, EarlyAck } from '../../src/ports/alert-inbox.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { FakeJobRow } from './fake-journal.ts';

export type FakeInbox = AlertInbox;

/** Deliveries in memory; a stored one puts its `route-alert` job on the list of waiting jobs. */
export function createFakeInbox(jobs: FakeJobRow[], clock: Clock): FakeInbox {
  const deliveries = new Map<string, Delivery>();
  /** Until when (ms) a delivery of this key is a copy. */
  const seen = new Map<string, number>();
  const over = new Set<string>();
  const acks = new Map<string, EarlyAck>();
  const listed = new Set<string>();
  return {
    receive: async (delivery, key, copiesWithinSeconds = Number.POSITIVE_INFINITY) => {
      const now = clock.now().getTime();
      if ((seen.get(key) ?? Number.NEGATIVE_INFINITY) > now) return 'duplicate';
      seen.set(key, now + copiesWithinSeconds * 1000);
      deliveries.set(delivery.id, structuredClone(delivery));
      jobs.push({ key: delivery.id, job: { kind: 'route-alert', delivery: delivery.id } });
      return 'stored';
    },
    markOver: async (episode) => void over.add(episode),
    isOver: async (episode) => over.has(episode),
    keepAck: async (episode, ack) => {
      if (ack === null) acks.delete(episode);
      else acks.set(episode, structuredClone(ack));
    },
    earlyAck: async (episode) => structuredClone(acks.get(episode) ?? null),
    markListed: async (list) => void listed.add(list),
    hasListed: async (list) => listed.has(list),
    read: async (id) => structuredClone(deliveries.get(id) ?? null),
  };
}
