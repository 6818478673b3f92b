import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import type { Delivery, EarlyAck } from '../../src/ports/alert-inbox.ts';
import type { MakeStore, StoreSubject } from '../support/store-subject.ts';

function delivery(id: string): Delivery {
  const body = '{"message":"half \\ud83d pair, Zürich 🔥"}';
  return { id, source: 'opsgenie', receivedAt: '2026-11-20T12:00:00.000Z', body };
}

const ALERT: Alert = {
  source: 'opsgenie',
  fingerprint: 'a-1',
  action: 'acknowledged',
  title: 'disk usage above 75 %',
  description: '',
  labels: {},
  annotations: {},
  hostHints: [],
  startsAt: '2026-11-20T11:59:00.000Z',
};

/** What every AlertInbox does. */
export function alertInboxContract(name: string, make: MakeStore): void {
  describe(`${name}: alert inbox`, () => {
    let store: StoreSubject;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('stores a delivery and queues its routing', async () => {
      expect(await store.inbox.receive(delivery('d1'), 'alert-1 Create')).toBe('stored');
      expect(await store.inbox.read('d1')).toEqual(delivery('d1'));
      const jobs = (await store.handOver()).map(({ job }) => job);
      expect(jobs).toEqual([{ kind: 'route-alert', delivery: 'd1' }]);
    });

    it('does nothing twice for the same key', async () => {
      await store.inbox.receive(delivery('d1'), 'key');
      expect(await store.inbox.receive(delivery('d2'), 'key')).toBe('duplicate');
      expect(await store.inbox.receive(delivery('d1'), 'key')).toBe('duplicate');
      expect(await store.inbox.read('d2')).toBeNull();
      expect(await store.handOver()).toHaveLength(1);
    });

    it('takes the same key in again when copies count for some time only', async () => {
      expect(await store.inbox.receive(delivery('d1'), 'key', 1)).toBe('stored');
      expect(await store.inbox.receive(delivery('d2'), 'key', 1)).toBe('duplicate');
      await store.pass(1_100);
      expect(await store.inbox.receive(delivery('d3'), 'key', 1)).toBe('stored');
      expect(await store.handOver()).toHaveLength(2);
    });

    it('remembers which alerts were over', async () => {
      expect(await store.inbox.isOver('episode')).toBe(false);
      await store.inbox.markOver('episode');
      expect(await store.inbox.isOver('episode')).toBe(true);
      expect(await store.inbox.isOver('another')).toBe(false);
    });

    it('keeps the last early acknowledgement of an alert, until it is taken back', async () => {
      const ack = (id: string): EarlyAck => ({
        alert: { ...ALERT, actor: `Zoë ${id}` },
        delivery: id,
        receivedAt: '2026-11-20T12:00:00.000Z',
      });
      expect(await store.inbox.earlyAck('episode')).toBeNull();
      await store.inbox.keepAck('episode', ack('d1'));
      await store.inbox.keepAck('episode', ack('d2'));
      expect(await store.inbox.earlyAck('episode')).toEqual(ack('d2'));
      expect(await store.inbox.earlyAck('another')).toBeNull();
      await store.inbox.keepAck('episode', null);
      await store.inbox.keepAck('another', null);
      expect(await store.inbox.earlyAck('episode')).toBeNull();
    });

    it('remembers which lists held an alert of ours', async () => {
      expect(await store.inbox.hasListed('list')).toBe(false);
      await store.inbox.markListed('list');
      await store.inbox.markListed('list');
      expect(await store.inbox.hasListed('list')).toBe(true);
      expect(await store.inbox.hasListed('another')).toBe(false);
    });

    it('takes keys of any length and content apart', async () => {
      const keys = ['', 'a b', 'a\nb', 'x'.repeat(5000), `${'x'.repeat(5000)}y`];
      for (const [index, key] of keys.entries()) {
        expect(await store.inbox.receive(delivery(`d${index}`), key)).toBe('stored');
      }
    });

    it('stores one of many simultaneous deliveries with one key', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => store.inbox.receive(delivery(`d${i}`), 'key')),
      );
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    });

    it('knows nothing of an unknown delivery', async () => {
      expect(await store.inbox.read('nothing')).toBeNull();
    });
  });
}
