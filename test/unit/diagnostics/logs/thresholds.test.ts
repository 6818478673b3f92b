import { describe, expect, it } from 'vitest';
import { assess } from '../../../../src/diagnostics/logs/assess.ts';
import { MB, openLog, params, reading, searched } from './readings.ts';

describe('a deleted log that somebody writes', () => {
  const found = (diskBytes: number, path: string): readonly (readonly string[])[] => {
    const rotation = {
      files: [{ path: '/etc/logrotate.d/app', lines: ['/var/log/app.log {', '}'] }],
      denied: [],
    };
    const open = [openLog({ path, deleted: true, links: 0, diskBytes })];
    return assess(reading({ ...searched, open, rotation }), params({}))
      .filter(({ code }) => code === 'logs.rotated-without-reopen')
      .map(({ fixes }) => fixes.map(({ fix }) => fix));
  };

  it('under its own name is told from 1 MB on', () => {
    expect(found(MB, '/var/log/app.log')).toEqual([['truncate-deleted-file']]);
    expect(found(MB - 1, '/var/log/app.log')).toEqual([]);
  });

  it('after a rotation is always told, and emptied from 1 MB on', () => {
    expect(found(MB, '/var/log/app.log.1')).toEqual([
      ['truncate-deleted-file', 'logrotate-copytruncate'],
    ]);
    expect(found(MB - 1, '/var/log/app.log.1')).toEqual([['logrotate-copytruncate']]);
  });
});
