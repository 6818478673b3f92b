import { describe, expect, it } from 'vitest';
import { coverage, coverageFindings } from '../../../../src/diagnostics/ports/assess/coverage.ts';
import type { Namespace, Reading } from '../../../../src/diagnostics/ports/reading.ts';
import { DENIED, HOST, namespace, reading, table } from './reading.ts';

const base = reading([]);
const title = (space: Partial<Namespace>, more: Partial<Reading> = {}): string | undefined =>
  coverageFindings(reading([HOST, namespace(space)], more))[0]?.title;

describe('what could not be seen of ports', () => {
  it('is nothing when everything was', () => {
    expect(coverageFindings(reading([HOST, namespace()]))).toEqual([]);
    expect(coverage(reading([HOST, namespace()]))).toEqual({ privilege: 'root', notes: [] });
  });

  it.each<[Partial<Namespace>, Partial<Reading>, RegExp]>([
    [
      { settings: DENIED },
      { privilege: 'none' },
      /of php \(pid 261\) could not be read: needs root or sudo$/,
    ],
    [{ settings: DENIED }, {}, /entering them failed$/],
    [
      { settings: null },
      { host: { ...base.host, enter: 'none' } },
      /neither nsenter nor a busybox/,
    ],
    [{}, { cutAt: 'it stopped' }, /^The probe did not finish: it stopped$/],
    [{}, { processes: { total: 7, denied: 3 } }, /^3 of 10 processes could not be looked at$/],
    [
      {},
      { host: { ...base.host, uid: 33, pid1Visible: false } },
      /^2 network namespaces .*\(hidepid\)$/,
    ],
    [{}, { unread: 2 }, /^2 network namespaces left out/],
    [{}, { found: 5 }, /^3 network namespaces left out/],
    [{ table: table([], { cut: true }), processes: 1 }, {}, /^The sockets of php \(pid 261\)/],
    [{ table: table([], { readable: false }) }, {}, /^The sockets of php/],
    [{ timeWait: null, open: null }, {}, /^The sockets of php/],
  ])('%o %o', (space, more, words) => {
    expect(title(space, more)).toMatch(words);
  });

  it('leaves out a namespace that ended with its only process, and one without sockets', () => {
    expect(title({ processes: 1, timeWait: null, open: null })).toBeUndefined();
    expect(title({ processes: 1, table: table([], { readable: false }) })).toBeUndefined();
    expect(title({ settings: DENIED, timeWait: 0, open: 0 })).toBeUndefined();
  });

  it('is everything when not even the own namespace was found', () => {
    expect(coverageFindings(reading([]))).toMatchObject([
      {
        status: 'unknown',
        title: 'The network namespace of the host was not found',
        data: { seen: 0, total: 0 },
      },
    ]);
  });

  it('names three namespaces and counts the rest', () => {
    const dark = [1, 2, 3, 4, 5].map((pid) => namespace({ pid, settings: DENIED }));
    const [found] = coverageFindings(reading([HOST, ...dark]));
    expect(found?.title).toContain('php (pid 1), php (pid 2), php (pid 3) and 2 more could not');
    expect(found?.data).toMatchObject({ seen: 1, total: 6 });
  });

  it('notes a refused sudo, the docker group and missing tools', () => {
    const host = { ...base.host, dockerGroup: true, missingTools: ['od'] };
    expect(coverage(reading([HOST], { sudoRefused: 'no tty', host })).notes).toEqual([
      'sudo was refused: no tty',
      expect.stringContaining('group docker'),
      'the host lacks od',
    ]);
  });
});
