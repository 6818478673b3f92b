import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/logs/assess.ts';
import type { LogSample, Reading } from '../../../../src/diagnostics/logs/reading.ts';
import { facts, GB, openLog, params, reading, sample } from './readings.ts';

const host = { uid: 1000, now: 1, dockerGroup: false, pid1Visible: true, missingTools: [] };
const plain: Partial<Reading> = { privilege: 'none', host, processes: { total: 90, denied: 80 } };
/** An account in a container where every process is its own. */
const alone: Partial<Reading> = { ...plain, processes: { total: 3, denied: 0 } };

function dominant(of: Partial<Reading>, log: Partial<LogSample> = {}): Finding {
  const logs = [sample({ file: facts({ diskBytes: GB }), writable: true, ...log })];
  const found = assess(reading({ logs, ...of }), params());
  const one = found.find(({ code }) => code === 'logs.dominant-template');
  if (one === undefined) throw new Error('no dominant template');
  return one;
}

const OFFER = [{ fix: 'truncate-log', params: { path: '/var/log/app.log' } }];

describe('truncate-log is offered for a large log', () => {
  it.each<[string, Partial<Reading>, Partial<LogSample>]>([
    ['root', {}, {}],
    ['root of a host whose probe does not say', {}, { writable: null }],
    ['an account with sudo', { privilege: 'sudo' }, {}],
    ['an account that sees every process and may write to it', alone, {}],
  ])('to %s', (_, of, log) => {
    const { fixes, detail } = dominant(of, log);
    expect(fixes).toEqual(OFFER);
    expect(detail).not.toContain('truncate-log');
  });

  it.each<[string, Partial<Reading>, Partial<LogSample>, string]>([
    [
      'an account that may write to it, but does not see who else does',
      plain,
      {},
      'The fix `truncate-log` is not offered: it must see who writes the log, which takes root, and this account (uid 1000) has neither root nor sudo. Give it sudo on the host and set sudo: true in the inventory.',
    ],
    ['an account without any right', plain, { writable: false }, 'has neither root nor sudo'],
    [
      'an account whose sudo is refused',
      { ...plain, sudoRefused: 'a password is required' },
      {},
      'sudo refused this account (uid 1000): a password is required.',
    ],
    [
      'an account that does not see the processes of others (hidepid)',
      { ...alone, host: { ...host, pid1Visible: false } },
      {},
      'it must see who writes the log',
    ],
    [
      'an account that sees everything and may not write',
      alone,
      { writable: false },
      'uid 1000 may not write to this file.',
    ],
    ['an account of which that is not known', alone, { writable: null }, 'may not write'],
    [
      'root, where the file cannot be written at all',
      {},
      { writable: false },
      'not even root can write to this file: its file system is read-only, or it is immutable.',
    ],
  ])('not to %s, and the right that is missing is named', (_, of, log, words) => {
    const { fixes, detail } = dominant(of, log);
    expect(fixes).toEqual([]);
    expect(detail).toContain('The fix `truncate-log` is not offered: ');
    expect(detail).toContain(words);
  });

  it('not at all, and without a word, where it is no log of this host', () => {
    for (const log of [{ deleted: true }, { unit: true }, { path: '/srv/table.ibd' }]) {
      const { fixes, detail } = dominant(plain, log);
      expect(fixes).toEqual([]);
      expect(detail).not.toContain('truncate-log');
    }
    const inContainer = dominant({ ...plain, open: [openLog({ foreign: true })] });
    expect(inContainer.detail).not.toContain('truncate-log');
  });
});
