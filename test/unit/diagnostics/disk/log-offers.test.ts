import { describe, expect, it } from 'vitest';
import { bigLogs, logSteps } from '../../../../src/diagnostics/disk/assess/holders.ts';
import { logFixes } from '../../../../src/diagnostics/disk/assess/log-fixes.ts';
import type { Walk } from '../../../../src/diagnostics/disk/reading.ts';
import { reading } from '../../../support/disk-reading.ts';

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
    expect(logFixes(bigLogs(walk, 1000), reading())).toEqual({
      fixes: paths.slice(0, 3).map((path) => ({ fix: 'truncate-log', params: { path } })),
      lacks: [],
    });
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
    expect(bigLogs(walkOf([[path, bytes]]), 1000)).toHaveLength(offers);
  });

  it('are not offered to be emptied without root, and the right that is missing is named', () => {
    const host = { ...reading().host, uid: 1000 };
    const paths = ['/var/log/a.log'];
    const plain = logFixes(paths, reading({ privilege: 'none', host }));
    expect(plain.fixes).toEqual([]);
    expect(plain.lacks).toEqual([
      'The fix `truncate-log` is not offered: it must see who writes a log, which takes root, and this account (uid 1000) has neither root nor sudo. Give it sudo on the host and set sudo: true in the inventory.',
    ]);
    const sudoRefused = 'a password is required';
    expect(logFixes(paths, reading({ privilege: 'none', host, sudoRefused })).lacks[0]).toContain(
      'and sudo refused this account (uid 1000): a password is required.',
    );
    expect(logFixes([], reading({ privilege: 'none' }))).toEqual({ fixes: [], lacks: [] });
    expect(logFixes(paths, reading({ privilege: 'sudo', host })).fixes).toHaveLength(1);
  });
});
