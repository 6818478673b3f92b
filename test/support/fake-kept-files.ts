import type { KeptFiles } from '../../src/ports/kept-files.ts';

/** Kept files in memory; the first content of a name stays. */
export function createFakeKeptFiles(): KeptFiles {
  const cases = new Map<string, Map<string, string>>();
  return {
    put: async (stream, name, content) => {
      const files = cases.get(stream) ?? new Map<string, string>();
      cases.set(stream, files);
      if (!files.has(name)) files.set(name, content);
    },
    all: async (stream) =>
      new Map([...(cases.get(stream) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}
