import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { coverage } from '../../../../src/diagnostics/logs/assess/coverage.ts';
import { assess } from '../../../../src/diagnostics/logs/assess.ts';
import type { LogSample, Reading } from '../../../../src/diagnostics/logs/reading.ts';
import { params, reading, sample, searched } from './readings.ts';

const judged = (of: Partial<Reading>, given: Record<string, unknown> = {}): readonly Finding[] =>
  assess(reading(of), params(given));

function one(findings: readonly Finding[], code: string): Finding {
  const [found] = findings.filter((finding) => finding.code === `logs.${code}`);
  if (found === undefined) throw new Error(`no ${code}: ${findings.map((f) => f.code).join()}`);
  return found;
}

describe('what could not be seen', () => {
  const problem = (word: string, of: Partial<NonNullable<Reading['asked']>> = {}) =>
    one(
      judged(
        { asked: { problem: word, type: 'nfs4', mountpoint: '/net', real: null, ...of } },
        { path: '/l/a' },
      ),
      'coverage',
    );

  it.each([
    ['missing', '`/l/a` does not exist on this host'],
    ['denied', '`/l/a` cannot be reached without more rights'],
    ['unreadable', '`/l/a` cannot be read without more rights'],
    ['directory', '`/l/a` is a directory, not a log'],
    ['special', '`/l/a` is no regular file'],
    ['socket', '`/l/a` is a socket, not a log'],
    ['device', '`/l/a` is a device, not a log'],
    ['loop', '`/l/a` is a chain of links without end'],
    [
      'hazard',
      '`/l/a` is on nfs4 (`/net`), which is never touched: a network or foreign file system may hang',
    ],
    ['pseudo', '`/l/a` is on nfs4, which holds no logs'],
    ['driver-none', 'Container `/l/a` has no json log on this host'],
    [
      'driver-local',
      'Container `/l/a` logs with the driver local, which keeps no file that can be read here',
    ],
  ])('%s', (word, title) => {
    const finding = problem(word);
    expect([finding.status, finding.title]).toEqual(['unknown', title]);
    expect(finding.data).toEqual({ privilege: 'root', seen: 0, total: 1, what: 'log' });
    const rights = word === 'denied' || word === 'unreadable';
    expect(finding.detail).toContain(rights ? 'Run as root' : 'Name a text log');
  });

  it('shows where a link leads', () => {
    expect(problem('fifo', { real: '/run/p' }).title).toMatch(
      /^`\/l\/a` \(`\/run\/p`\) is a named pipe/,
    );
    expect(problem('fifo', { real: '/l/a' }).title).toMatch(/^`\/l\/a` is a named pipe/);
  });

  it('is a log that turned out not to be one', () => {
    const title = (log: Partial<LogSample>, of: Partial<Reading> = {}) =>
      one(judged({ logs: [sample(log)], ...of }), 'coverage').title;
    expect(title({ problem: 'unreadable' })).toBe('`/var/log/app.log` could not be read');
    expect(title({ problem: 'changed' })).toContain('became another file');
    expect(title({ packed: true, sum: null, patterns: [] })).toContain('compressed or binary');
    expect(title({ patterns: [{ bytes: 9, lines: 1, text: '\u0001\u0002x\ufffd' }] })).toContain(
      'holds no text',
    );
    const empty = {
      unit: true,
      path: 'unit x',
      patterns: [],
      plan: { unitBytes: 1, blocks: 1, mode: 'journal' },
      sum: { readBytes: 0, countedBytes: 0, lines: 0, nulBytes: 0, withinLineBytes: 0 },
    };
    expect(title(empty)).toBe('The journal has no line of `unit x`');
    expect(title(empty, { privilege: 'none' })).toBe(
      'The journal of `unit x` shows nothing to this account',
    );
  });

  it('is said of a search without rights, and not with them', () => {
    expect(judged({ ...searched, logs: [] })).toEqual([]);
    const blind = one(
      judged({ ...searched, privilege: 'none', processes: { total: 9, denied: 8 } }),
      'coverage',
    );
    expect(blind.title).toBe('Not every log could be looked at: 1 of 9 processes readable');
    expect(blind.data).toEqual({
      privilege: 'none',
      seen: 1,
      total: 9,
      what: 'logs and their writers',
    });
    const search = {
      candidates: 3,
      deniedDirectories: 2,
      unreadableFiles: 1,
      containersUnreadable: true,
      skipped: true,
    };
    expect(one(judged({ ...searched, search }), 'coverage').title).toBe(
      'Not every log could be looked at: /var/log was left alone: a network file system is there; 2 directories below /var/log unreadable; 1 log below /var/log unreadable; logs of containers unreadable',
    );
  });

  it('is who may still write to its old file, of an empty log that was asked for', () => {
    const sum = { readBytes: 0, countedBytes: 0, lines: 0, nulBytes: 0, withinLineBytes: 0 };
    const logs = [sample({ sum, patterns: [] })];
    const blind = { processes: { total: 10, denied: 7 }, privilege: 'none' } as const;
    const found = one(judged({ logs, ...blind }, { path: '/var/log/app.log' }), 'coverage');
    expect(found).toMatchObject({
      status: 'unknown',
      subject: '/var/log/app.log',
      title:
        '`/var/log/app.log` is empty, and who may still write to its old file could not be seen: 3 of 10 processes readable',
      data: { privilege: 'none', what: 'writers' },
    });
    // Seen, it is fine to be empty; a journal has no file, and of a search it is said anyway.
    expect(judged({ logs }, { path: '/var/log/app.log' })).toEqual([]);
    expect(judged({ logs: [sample({ patterns: [] })], ...blind })).not.toContainEqual(
      expect.objectContaining({ code: 'logs.coverage' }),
    );
    const picked = judged({ ...searched, logs, ...blind }).filter(
      ({ code }) => code === 'logs.coverage',
    );
    expect(picked.map(({ data }) => data['what'])).toEqual(['logs and their writers']);
  });

  it('is said of a probe that did not finish, and in the notes', () => {
    const cut = reading({
      cutAt: 'it ran into its time limit, in the part "log"',
      sudoRefused: 'a password is required',
      host: { uid: 9, now: 1, dockerGroup: true, pid1Visible: false, missingTools: ['od', 'tr'] },
      privilege: 'none',
      rotation: { files: [], denied: ['/etc/logrotate.d/x'] },
      logs: [
        sample({
          sum: { readBytes: 0, countedBytes: 0, lines: 0, nulBytes: 0, withinLineBytes: 0 },
          patterns: [],
        }),
      ],
    });
    expect(one(assess(cut, params()), 'coverage').title).toBe(
      'The probe did not finish: it ran into its time limit, in the part "log"',
    );
    expect(coverage(cut)).toEqual({
      privilege: 'none',
      notes: [
        'sudo was refused: a password is required',
        'this account is in the group docker, which is as good as root; that is not used',
        '10 processes readable; those of other users are hidden (hidepid)',
        '`/var/log/app.log` is empty',
        '`/etc/logrotate.d/x` could not be read',
        'the host lacks od, tr',
        'The probe did not finish: it ran into its time limit, in the part "log"',
      ],
    });
    expect(coverage(reading()).notes).toEqual([]);
  });
});
