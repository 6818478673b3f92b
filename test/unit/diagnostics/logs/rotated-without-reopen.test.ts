import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/logs/assess.ts';
import type { Reading } from '../../../../src/diagnostics/logs/reading.ts';
import { facts, MB, openLog, params, reading, sample, searched } from './readings.ts';

const judged = (of: Partial<Reading>, given: Record<string, unknown> = {}): readonly Finding[] =>
  assess(reading(of), params(given));

describe('a log that was rotated away', () => {
  const config = (text: string): Reading['rotation'] => ({
    files: [{ path: '/etc/logrotate.d/app', lines: text.split('\n') }],
    denied: [],
  });
  const bad = config('/var/log/app.log {\n daily\n}');
  const renamed = openLog({
    path: '/var/log/app.log.1',
    base: { path: '/var/log/app.log', is: 'other' },
  });
  const deleted = openLog({ path: '/var/log/app.log.1', deleted: true, links: 0 });
  const found = (of: Partial<Reading>, given: Record<string, unknown> = {}) =>
    judged({ ...searched, ...of }, given).filter(
      ({ code }) => code === 'logs.rotated-without-reopen',
    );

  it('is told with the stanza at fault, and what ends it', () => {
    const [first] = found({ open: [renamed], rotation: bad });
    expect(first?.title).toBe(
      'app (pid 71) still writes to `/var/log/app.log.1` (renamed, 5 MB): logrotate (`/var/log/app.log` in `/etc/logrotate.d/app`) renames it and tells nobody',
    );
    expect(first?.data).toEqual({
      path: '/var/log/app.log.1',
      pid: 71,
      process: 'app',
      fd: 4,
      deleted: false,
      append: true,
      sizeBytes: 5 * MB,
      config: '/etc/logrotate.d/app',
      stanza: '/var/log/app.log',
    });
    expect(first?.fixes).toEqual([
      {
        fix: 'logrotate-copytruncate',
        params: { config: '/etc/logrotate.d/app', stanza: '/var/log/app.log' },
      },
    ]);
    expect(first?.detail).toContain('has neither copytruncate nor a postrotate');
  });

  it('is emptied first when it is deleted and worth it', () => {
    const [first] = found({ open: [deleted], rotation: bad });
    expect(first?.fixes[0]).toEqual({
      fix: 'truncate-deleted-file',
      params: { pid: 71, fd: 4, inode: 7, device: '8:1' },
    });
    const small = { ...deleted, diskBytes: MB - 1 };
    expect(found({ open: [small], rotation: bad })[0]?.fixes.map(({ fix }) => fix)).toEqual([
      'logrotate-copytruncate',
    ]);
    expect(found({ open: [small] })).toEqual([]);
    expect(found({ open: [{ ...small, base: renamed.base }] })).toHaveLength(1);
    expect(found({ open: [deleted] })[0]?.detail).toContain(
      'No logrotate stanza that could be read fits it',
    );
  });

  it('by hand is nobody else’s fault', () => {
    const [first] = found({ open: [{ ...deleted, path: '/var/log/app.log' }], rotation: bad });
    expect(first?.detail).toContain('removed under its own name');
    expect(first?.fixes.map(({ fix }) => fix)).toEqual(['truncate-deleted-file']);
    expect(found({ open: [{ ...deleted, path: '/var/log/app.log', diskBytes: MB - 1 }] })).toEqual(
      [],
    );
  });

  it('is not one that a program names itself, links to, or keeps in memory or as data', () => {
    const dated = { ...renamed, path: '/var/log/app.log-20261120' };
    expect(found({ open: [dated] })).toEqual([]);
    expect(found({ open: [dated], rotation: bad })).toHaveLength(1);
    expect(
      found({
        open: [{ ...renamed, base: { path: '/var/log/app.log', is: 'same' } }],
        rotation: bad,
      }),
    ).toEqual([]);
    expect(
      found({ open: [{ ...renamed, base: { path: '/var/log/app.log', is: 'missing' } }] }),
    ).toEqual([]);
    expect(
      found({
        open: [{ ...renamed, base: { path: '/var/log/app.log', is: 'missing' } }],
        rotation: bad,
      }),
    ).toHaveLength(1);
    expect(found({ open: [{ ...renamed, base: null }], rotation: bad })).toEqual([]);
    for (const type of ['tmpfs', 'ramfs', 'devtmpfs'])
      expect(found({ open: [{ ...deleted, type }], rotation: bad })).toEqual([]);
    expect(found({ open: [{ ...deleted, path: '/var/lib/mysql/binlog.1' }] })).toEqual([]);
    expect(found({ open: [{ ...deleted, path: null }] })).toEqual([]);
  });

  it('is not blamed on a stanza that copies, or that tells the writer', () => {
    expect(
      found({ open: [renamed], rotation: config('/var/log/app.log {\n copytruncate\n}') }),
    ).toEqual([]);
    const copied = found({
      open: [deleted],
      rotation: config('/var/log/app.log {\n copytruncate\n}'),
    })[0];
    expect(copied?.detail).toContain('logrotate copies and empties this log today');
    const told = found({
      open: [renamed],
      rotation: config('/var/log/app.log {\n postrotate\n kill -HUP `cat x`\n endscript\n}'),
    })[0];
    expect(told?.detail).toContain(
      "has a postrotate (`kill -HUP 'cat x'`), but it did not reach this process: app may not",
    );
    expect([told?.fixes, told?.data['config']]).toEqual([[], undefined]);
    expect(told?.evidence[1]?.output).toContain('kill -HUP');
  });

  it('within a container is the business of that container', () => {
    const containerId = 'c0ffee'.padEnd(64, '0');
    const [first] = found({ open: [{ ...deleted, foreign: true, containerId }], rotation: bad });
    expect(first?.title).toContain('app (pid 71, container c0ffee000000)');
    expect(first?.data['container']).toBe('c0ffee000000');
    expect(first?.detail).toContain('inside the container');
    expect(first?.fixes.map(({ fix }) => fix)).toEqual(['truncate-deleted-file']);
  });

  it('warns of a writer without O_APPEND', () => {
    expect(found({ open: [{ ...renamed, flags: 0o100001 }] })[0]?.detail).toContain(
      'also by copytruncate',
    );
    expect(found({ open: [{ ...renamed, flags: null }] })[0]?.data['append']).toBeNull();
  });

  it('is told of the log that was asked for, and of no other', () => {
    const asked = (real: string) => ({
      ...reading(),
      asked: { problem: null, type: 'ext4', mountpoint: '/', real },
    });
    expect(found({ ...asked('/var/log/app.log'), open: [renamed] })).toHaveLength(1);
    expect(found({ ...asked('/var/log/app.log.1'), open: [renamed] })).toHaveLength(1);
    expect(found({ ...asked('/var/log/b.log'), open: [renamed] })).toEqual([]);
    expect(found({ ...asked('/x'), open: [renamed], logs: [sample()] })).toHaveLength(1);
    expect(
      found({ ...asked('/x'), open: [renamed], logs: [sample({ file: facts({ inode: 9 }) })] }),
    ).toEqual([]);
    expect(found({ open: [renamed] }, { unit: 'x' })).toEqual([]);
  });

  it('is told ten times at most', () => {
    const open = Array.from({ length: 12 }, (_, pid) => ({ ...renamed, pid }));
    expect(found({ open })).toHaveLength(10);
  });
});
