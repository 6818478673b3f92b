import { createHash } from 'node:crypto';
import type { ArchiveSink } from '../../src/archives/contract.ts';
import { segmentsOf } from '../../src/core/archive-name.ts';

export interface FakeSink extends ArchiveSink {
  readonly stored: Map<string, Uint8Array>;
}

/** An archive sink in memory. */
export function createFakeSink(): FakeSink {
  const stored = new Map<string, Uint8Array>();
  return {
    stored,
    probe: async () => {},
    put: async ({ key, body }) => {
      segmentsOf(key);
      stored.set(key, body.slice());
      return {
        location: `memory:${key}`,
        sha256: createHash('sha256').update(body).digest('hex'),
      };
    },
    get: async (key) => {
      segmentsOf(key);
      return stored.get(key)?.slice() ?? null;
    },
    close: async () => {},
  };
}
