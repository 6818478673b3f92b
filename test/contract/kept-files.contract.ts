import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeStore, StoreSubject } from '../support/store-subject.ts';

/** What every KeptFiles does. */
export function keptFilesContract(name: string, make: MakeStore): void {
  describe(`${name}: kept files`, () => {
    let store: StoreSubject;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('has none for a case that kept none', async () => {
      expect([...(await store.kept.all('20261120-7'))]).toEqual([]);
    });

    it('gives back every byte of what was kept, by name', async () => {
      const content = `first line\n\ttabs, "quotes", ${'é€😀'.repeat(1000)}\n`;
      await store.kept.put('20261120-7', 'b.txt', content);
      await store.kept.put('20261120-7', 'a.txt', '');
      await store.kept.put('20261120-8', 'c.txt', 'of another case');
      expect([...(await store.kept.all('20261120-7'))]).toEqual([
        ['a.txt', ''],
        ['b.txt', content],
      ]);
    });

    it('never replaces what was kept', async () => {
      await store.kept.put('20261120-7', 'a.txt', 'before');
      await store.kept.put('20261120-7', 'a.txt', 'after');
      expect((await store.kept.all('20261120-7')).get('a.txt')).toBe('before');
    });
  });
}
