import { describe, expect, it } from 'vitest';
import { logFixes, logSteps } from '../../../../src/diagnostics/disk/assess/holders.ts';
import type { Walk } from '../../../../src/diagnostics/disk/reading.ts';

const walkOf = (files: readonly (readonly [path: string, bytes: number])[]): Walk => ({
  mount: 0,
  visibleBytes: 1000,
  inodes: 10,
  finished: true,
  deniedDirectories: 0,
  elapsedSeconds: 1,
  directories: [],
  files: files.map(([path, bytes]) => ({ path, bytes, lengthBytes: bytes })),
  crowded: [],
});

describe('the big living logs of a full file system', () => {
  it('are offered to be looked into and to be emptied, the first three of them', () => {
    const paths = ['/var/log/a.log', '/var/log/b.log', '/var/log/c.log', '/var/log/d.log'];
    const walk = walkOf(paths.map((path) => [path, 100]));
    expect(logFixes(walk, 1000)).toEqual(
      paths.slice(0, 3).map((path) => ({ fix: 'truncate-log', params: { path } })),
    );
    expect(logSteps(walk, 1000)).toEqual(
      paths.slice(0, 3).map((path) => ({ diagnostic: 'logs', params: { path } })),
    );
  });

  it.each([
    ['smaller than a twentieth', '/var/log/a.log', 49, 0],
    ['a twentieth', '/var/log/a.log', 50, 1],
    ['no log', '/var/lib/table.ibd', 500, 0],
    ['named like a log, but data', '/var/lib/mysql/ib_logfile0', 500, 0],
    ['a name that cannot be handed on', '/var/log/a\\n.log', 500, 0],
  ] as const)('%s', (_what, path, bytes, offers) => {
    expect(logFixes(walkOf([[path, bytes]]), 1000)).toHaveLength(offers);
  });
});
