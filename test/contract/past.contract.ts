import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PastIncident } from '../../src/core/incident/similar.ts';
import type { MakeStore, StoreSubject } from '../support/store-subject.ts';

function past(id: string, closedAt: string): PastIncident {
  return {
    id,
    title: `incident ${id}`,
    openedAt: '2026-11-20T10:00:00.000Z',
    closedAt,
    route: null,
    alertNames: ['NodeLowRootDisk'],
    claims: ['alert:opsgenie:a-1'],
    hosts: ['host-17'],
    groups: ['web'],
    codes: ['disk.filesystem-full'],
    fixes: [],
    reason: 'done',
    archive: '/archive',
    channel: 'C1',
    private: false,
  };
}

/** What every PastIncidents and every Openings does. */
export function pastContract(name: string, make: MakeStore): void {
  describe(`${name}: incidents of the past`, () => {
    let store: StoreSubject;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('are none at first, then the latest first, at most as many as asked for', async () => {
      expect(await store.past.recent(10)).toEqual([]);
      const older = past('20261120-1', '2026-11-20T12:00:00.000Z');
      const newer = past('20261120-2', '2026-11-20T12:00:01.000Z');
      await store.past.put(newer);
      await store.past.put(older);
      expect(await store.past.recent(10)).toEqual([newer, older]);
      expect(await store.past.recent(1)).toEqual([newer]);
    });

    it('are remembered once each, as last told', async () => {
      await store.past.put(past('20261120-1', '2026-11-20T12:00:00.000Z'));
      const again = past('20261120-1', '2026-11-20T13:00:00.000Z');
      await store.past.put(again);
      expect(await store.past.recent(10)).toEqual([again]);
    });
  });

  describe(`${name}: openings`, () => {
    let store: StoreSubject;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());
    const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 20, 12, 0, seconds));

    it('are counted within the window, each once', async () => {
      expect(await store.openings.note('a', at(0), 60)).toBe(1);
      expect(await store.openings.note('b', at(10), 60)).toBe(2);
      expect(await store.openings.note('b', at(20), 60)).toBe(2);
      expect(await store.openings.note('c', at(69), 60)).toBe(2);
      expect(await store.openings.note('d', at(200), 60)).toBe(1);
    });
  });
}
