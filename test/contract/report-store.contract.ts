import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostReport } from '../../src/core/finding.ts';
import type { MakeStore, StoreSubject } from '../support/store-subject.ts';

function report(host: string, durationMs = 1): HostReport {
  const coverage = { privilege: 'none', notes: ['3 of 98 processes readable'] } as const;
  return { host, status: 'ok', durationMs, coverage, findings: [] };
}

/** What every ReportStore does. */
export function reportStoreContract(name: string, make: MakeStore): void {
  describe(`${name}: report store`, () => {
    let store: StoreSubject;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('knows no reports of an unknown run', async () => {
      expect(await store.reports.all('r')).toEqual([]);
      expect(await store.reports.count('r')).toBe(0);
    });

    it('keeps the reports of each run apart', async () => {
      expect(await store.reports.put('r1', report('host-1'))).toBe(true);
      expect(await store.reports.put('r1', report('host-2'))).toBe(true);
      expect(await store.reports.put('r2', report('host-1', 9))).toBe(true);
      const hosts = (await store.reports.all('r1')).toSorted((a, b) => (a.host < b.host ? -1 : 1));
      expect(hosts).toEqual([report('host-1'), report('host-2')]);
      expect(await store.reports.count('r1')).toBe(2);
    });

    it('lets the first report of a host win', async () => {
      expect(await store.reports.put('r', report('host-1', 1))).toBe(true);
      expect(await store.reports.put('r', report('host-1', 2))).toBe(false);
      expect(await store.reports.all('r')).toEqual([report('host-1', 1)]);
    });

    it('lets one of many simultaneous reports of a host win', async () => {
      const puts = Array.from({ length: 10 }, (_, i) =>
        store.reports.put('r', report('host-1', i)),
      );
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });
  });
}
