import { describe, expect, it } from 'vitest';
import { coverage, coverageFindings } from '../../../../src/diagnostics/logs/assess/coverage.ts';
import { viewsOf } from '../../../../src/diagnostics/logs/assess/view.ts';
import type {
  Asked,
  LogSample,
  Reading,
  Search,
} from '../../../../src/diagnostics/logs/reading.ts';
import { params, reading, sample, searched } from './readings.ts';

/** All that is said of what could not be seen, whole. */
function said(of: Partial<Reading>, given: Record<string, unknown> = {}) {
  const one = reading(of);
  return { ...coverage(one), findings: coverageFindings(one, viewsOf(one), params(given)) };
}

const asked = (problem: string, of: Partial<Asked> = {}): Partial<Reading> => ({
  asked: { problem, type: 'nfs4', mountpoint: '/net', real: '/r', ...of },
});
const search = (of: Partial<Search>): Partial<Reading> => ({
  ...searched,
  search: {
    candidates: 0,
    deniedDirectories: 0,
    unreadableFiles: 0,
    containersUnreadable: false,
    skipped: false,
    ...of,
  },
});
const sum = { readBytes: 0, countedBytes: 0, lines: 0, nulBytes: 0, withinLineBytes: 0 };
const empty: Partial<LogSample> = { sum, patterns: [] };
const journal: Partial<LogSample> = {
  ...empty,
  unit: true,
  path: 'unit x',
  plan: { unitBytes: 1, blocks: 1, mode: 'journal' },
};
const blind = { privilege: 'none', processes: { total: 10, denied: 7 } } as const;
const visible = reading().host;

describe('logs: what could not be seen of a log that was asked for, whole', () => {
  it.each([
    'missing',
    'denied',
    'unreadable',
    'directory',
    'fifo',
    'socket',
    'device',
    'special',
    'loop',
    'hazard',
    'pseudo',
    'no-container',
    'no-containers',
    'no-journal',
    'driver-none',
    'driver-syslog',
  ])('%s', (problem) => {
    expect(said(asked(problem), { path: '/l/a' })).toMatchSnapshot();
  });

  it.each([{ path: '/l/a' }, { container: 'web' }, { unit: 'a.service' }, {}])(
    'is about what was named: %j',
    (given) => {
      expect(said(asked('missing'), given).findings.map(({ subject }) => subject)).toEqual([
        given.path ?? given.container ?? given.unit ?? '/',
      ]);
    },
  );

  it('says a link only where it leads elsewhere', () => {
    const titles = (real: string | null) =>
      said(asked('fifo', { real }), { path: '/l/a' }).findings.map(({ title }) =>
        title.slice(0, 20),
      );
    expect([titles(null), titles('/l/a'), titles('/b')]).toEqual([
      ['`/l/a` is a named pi'],
      ['`/l/a` is a named pi'],
      ['`/l/a` (`/b`) is a n'],
    ]);
  });
});

describe('logs: what could not be seen of this host, whole', () => {
  it.each<[string, Partial<Reading>]>([
    ['nothing', {}],
    ['sudo refused', { sudoRefused: 'a password is required' }],
    ['group docker', { host: { ...visible, dockerGroup: true } }],
    ['two tools missing', { host: { ...visible, missingTools: ['od', 'tr'] } }],
    ['cut off', { cutAt: 'it ran into its time limit, in the part "log"' }],
    ['one configuration closed', { rotation: { files: [], denied: ['/etc/a'] } }],
    ['two configurations closed', { rotation: { files: [], denied: ['/etc/a', '/etc/b'] } }],
    ['as root half of the processes', { processes: { total: 10, denied: 5 } }],
    ['as root more than half not', { processes: { total: 10, denied: 6 } }],
    ['without rights all processes', { privilege: 'none' }],
    ['without rights all but one', { privilege: 'none', processes: { total: 10, denied: 1 } }],
    ['without rights, hidden', { privilege: 'none', host: { ...visible, pid1Visible: false } }],
    ['as root, hidden', { host: { ...visible, pid1Visible: false } }],
    ['a search that saw all', search({ candidates: 1 })],
    ['a search, blind', { ...search({}), ...blind }],
    ['a search, all looked at', { ...search({ candidates: 1 }), logs: [sample()] }],
    ['a search, one of two looked at', { ...search({ candidates: 2 }), logs: [sample()] }],
    ['one directory closed', search({ deniedDirectories: 1 })],
    ['two directories closed', search({ deniedDirectories: 2 })],
    ['one log closed', search({ unreadableFiles: 1 })],
    ['two logs closed', search({ unreadableFiles: 2 })],
    ['containers closed', search({ containersUnreadable: true })],
    ['left alone', search({ skipped: true })],
    ['left alone, blind', { ...search({ skipped: true }), ...blind }],
  ])('%s', (_, of) => {
    expect(said(of)).toMatchSnapshot();
  });

  it.each<[string, Partial<LogSample>, Partial<Reading>]>([
    ['unreadable', { problem: 'unreadable', sum: null }, {}],
    ['changed', { problem: 'changed', sum: null }, {}],
    ['packed', { packed: true, sum: null, patterns: [] }, {}],
    ['no text', { patterns: [{ bytes: 9, lines: 1, text: '\u0001\u0002x\ufffd' }] }, {}],
    ['empty', empty, {}],
    ['empty, blind', empty, blind],
    [
      'empty, blind, cut off',
      empty,
      { ...blind, cutAt: 'its output ends early, in the part "log"' },
    ],
    ['empty, blind, in a search', empty, { ...blind, ...search({}) }],
    ['one line, blind', { sum: { ...sum, lines: 1 } }, blind],
    ['a journal of nothing', journal, {}],
    ['a journal of nothing, blind', journal, blind],
    ['a journal of nothing, with sudo', journal, { privilege: 'sudo' }],
    ['a journal of one line', { ...journal, sum: { ...sum, lines: 1 } }, blind],
    ['not counted', { sum: null }, blind],
  ])('of a log: %s', (_, log, of) => {
    expect(said({ logs: [sample(log)], ...of })).toMatchSnapshot();
  });
});
