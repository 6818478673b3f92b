import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { parse } from '../../../../src/diagnostics/logs/parse.ts';
import { type Change, changed, outcome, plain, recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const read = (name: string): CommandResult => recorded('logs', name);

const CHANGES: readonly (readonly [fixture: string, ...Change])[] = [
  ['rotated-and-deleted', 'host', '*', ''],
  ['rotated-and-deleted', 'host', 'end host 0', 'end host 1'],
  ['rotated-and-deleted', 'host', 'uid 0', 'uid -1'],
  ['rotated-and-deleted', 'host', 'uid 0', ''],
  ['rotated-and-deleted', 'host', 'uid 0', 'uid 0x'],
  ['rotated-and-deleted', 'host', 'now 1795266341', 'now 1234567890123456789'],
  ['rotated-and-deleted', 'host', 'now 1795266341', 'now'],
  ['rotated-and-deleted', 'host', 'pid1 visible', 'pid1 hidden'],
  ['rotated-and-deleted', 'host', 'pid1 visible', 'power docker\nmissing od\nmissing'],
  ['rotated-and-deleted', 'host', 'pid1 visible', 'power other'],
  ['rotated-and-deleted', 'host', 'pid1 visible', 'pid2 visible'],
  ['rotated-and-deleted', 'processes', '*', ''],
  ['rotated-and-deleted', 'processes', 'total 7\n', ''],
  ['rotated-and-deleted', 'processes', 'total 7', 'sum 7'],
  ['rotated-and-deleted', 'processes', 'total 7', 'total seven'],
  ['rotated-and-deleted', 'processes', 'end processes 0', 'end processes 3'],
  ['rotated-and-deleted', 'descriptors', '*', ''],
  ['rotated-and-deleted', 'descriptors', 'denied 0', 'denied 3'],
  ['rotated-and-deleted', 'descriptors', 'denied 0', 'refused 3'],
  ['rotated-and-deleted', 'descriptors', 'end descriptors 0', 'end descriptors'],
  ['rotated-and-deleted', 'descriptors', 'space 14 same', 'space 14 other'],
  ['rotated-and-deleted', 'descriptors', 'base 14/fd/3 other', 'base 14/fd/3 same'],
  ['rotated-and-deleted', 'descriptors', 'base 14/fd/3 other', 'base 14/fd/3 missing'],
  ['rotated-and-deleted', 'descriptors', 'base 14/fd/3 other', 'base 14/fd/3 gone'],
  ['rotated-and-deleted', 'descriptors', 'comm 14 dockerd\\012\n', ''],
  ['rotated-and-deleted', 'descriptors', 'name 14 3', 'name 14 4'],
  ['rotated-and-deleted', 'descriptors', ' 02102001 ', ' 9 '],
  ['rotated-and-deleted', 'descriptors', ' ext4 1 1', ' ext4 1'],
  ['rotated-and-deleted', 'descriptors', 'file 1792 14 0', 'file 1792 14 1'],
  ['rotated-and-deleted', 'rotation', '*', ''],
  ['rotated-and-deleted', 'rotation', 'config /etc/logrotate.conf\n', ''],
  ['rotated-and-deleted', 'rotation', 'config /etc/logrotate.conf', 'denied /etc/a b'],
  ['rotated-and-deleted', 'rotation', 'line weekly', 'word weekly'],
  ['rotated-and-deleted', 'rotation', 'line weekly', 'denied /etc/a b'],
  ['rotated-and-deleted', 'directories', '*', ''],
  ['rotated-and-deleted', 'directories', 'denied 0', 'denied 2\nunreadable 3\nskipped\ncontainers'],
  ['rotated-and-deleted', 'directories', 'denied 0', 'denied many'],
  ['rotated-and-deleted', 'directories', 'denied 0', 'deny 0'],
  ['rotated-and-deleted', 'chosen', '*', ''],
  ['rotated-and-deleted', 'chosen', 'candidates 1', 'candidates'],
  ['rotated-and-deleted', 'chosen', 'candidates 1\n', ''],
  ['rotated-and-deleted', 'log', '*', ''],
  ['rotated-and-deleted', 'log', 'end log 0', 'end log 9'],
  ['rotated-and-deleted', 'log', 'first 516584 4100416\n', ''],
  ['rotated-and-deleted', 'log', 'first 516584 4100416', 'first 516584'],
  ['rotated-and-deleted', 'log', 'first 516584', 'first soon'],
  ['rotated-and-deleted', 'log', 'container \n', 'container "Name":"/web"\n'],
  ['rotated-and-deleted', 'log', 'container \n', 'container x"Name":"/web"\n'],
  ['rotated-and-deleted', 'log', 'path /var', 'unreadable\npath /var'],
  ['rotated-and-deleted', 'log', 'path /var', 'changed\npath /var'],
  [
    'rotated-and-deleted',
    'log',
    'path /var',
    'packed\nhole 512\nolder 2 900 /var/log/a b\npath /var',
  ],
  ['rotated-and-deleted', 'log', 'path /var', 'older x 900 /a\npath /var'],
  ['rotated-and-deleted', 'log', 'path /var', 'older 1 y /a\npath /var'],
  ['rotated-and-deleted', 'log', 'path /var', 'older 1 2\npath /var'],
  ['rotated-and-deleted', 'log', 'path /var', 'hole x\npath /var'],
  ['rotated-and-deleted', 'log', 'stat 1792 14 0 4101026 4101120 1795266342\n', ''],
  ['rotated-and-deleted', 'log', 'stat 1792 14 0 ', 'stat 1792 14 1 '],
  ['rotated-and-deleted', 'log', 'stat 1792 14 0 ', 'stat 1792 x 0 '],
  ['rotated-and-deleted', 'log', 'stat 1792', 'stat y'],
  ['rotated-and-deleted', 'log', '4101026 4101120 1795266342', '- 4101120 1795266342'],
  ['rotated-and-deleted', 'log', '4101026 4101120 1795266342', '4101026 - 1795266342'],
  ['rotated-and-deleted', 'log', '4101026 4101120 1795266342', '4101026 4101120'],
  ['rotated-and-deleted', 'log', 'fs 1024 86491 75615 68734\n', ''],
  ['rotated-and-deleted', 'log', 'fs 1024 86491 75615 68734', 'fs 1024 86491 75615'],
  ['rotated-and-deleted', 'log', '75615 68734', '75615 -5'],
  ['rotated-and-deleted', 'log', '75615 68734', '75615 18446744071234567890'],
  ['rotated-and-deleted', 'log', '75615 68734', '75615 5-'],
  ['rotated-and-deleted', 'log', '86491 75615 68734', '86491 86491 0'],
  ['rotated-and-deleted', 'log', 'place ext4 /var/log\n', ''],
  ['rotated-and-deleted', 'log', 'place ext4 /var/log', 'place ext4'],
  ['rotated-and-deleted', 'log', 'plan\t1048576\t4\twhole\n', ''],
  ['rotated-and-deleted', 'log', 'plan\t1048576\t4\twhole', 'plan\t1048576\tfour\twhole'],
  ['rotated-and-deleted', 'log', 'plan\t1048576\t4\twhole', 'plan\tx\t4\twhole'],
  ['rotated-and-deleted', 'log', 'plan\t1048576\t4\twhole', 'plan\t1048576\t4'],
  ['rotated-and-deleted', 'log', 'at\t0\t', 'at\t5000000\t'],
  ['rotated-and-deleted', 'log', 'at\t0\t', 'at\tx\t'],
  ['rotated-and-deleted', 'log', 'sum\t4101270\t4101269\t67416\t0\t0\t0\t4\n', ''],
  ['rotated-and-deleted', 'log', '67416\t0\t0\t0\t4', '67416\t1\t2\t3\t4'],
  ['rotated-and-deleted', 'log', '67416\t0\t0\t0\t4', '67416\t0\tx'],
  ['rotated-and-deleted', 'log', 'sum\t4101270\t4101269\t67416\t0\t0\t0\t4', 'sum'],
  ['rotated-and-deleted', 'log', 't\t4101086\t67413.00', 't\t4101086\t67413'],
  ['rotated-and-deleted', 'log', 't\t4101086\t67413.00', 't\t4101086\tx67413.00'],
  ['rotated-and-deleted', 'log', 't\t4101086\t67413.00', 't\t4101086\t67413.00x'],
  ['rotated-and-deleted', 'log', 't\t4101086', 't\t-'],
  ['rotated-and-deleted', 'sizes', '*', ''],
  ['rotated-and-deleted', 'sizes', 'at 516684', 'at x'],
  ['rotated-and-deleted', 'sizes', 'at 516684\n', ''],
  ['rotated-and-deleted', 'sizes', 'size 1792 14', 'size 1792 15'],
  ['rotated-and-deleted', 'sizes', '4101636', '-'],
  ['unit', 'asked', '*', ''],
  ['unit', 'asked', 'begin asked\n', 'begin asked\nproblem hazard nfs4 /net\nreal /a b\n'],
  ['unit', 'asked', 'begin asked\n', 'begin asked\nproblem missing\n'],
  ['unit', 'asked', 'begin asked\n', 'begin asked\nproblems missing\n'],
  ['unit', 'asked', 'begin asked\n', 'begin asked\nreal\n'],
  ['unit', 'log', 'unit app.service', 'path app.service'],
];

describe('logs: an output', () => {
  it.each(['rotated-and-deleted', 'unit', 'container', 'without-rights'])(
    'is read whole, every field of it: %s',
    (name) => {
      expect(plain(parse(read(name), FIXTURE_NONCE))).toMatchSnapshot();
    },
  );

  it.each(CHANGES)(
    'with one thing changed is refused or differs only there: %s, %s: %j → %j',
    (...row) => {
      const [name, ...change] = row;
      const before = read(name);
      expect(outcome(parse, before, changed(before, change))).toMatchSnapshot();
    },
  );
});

describe('logs: an output that is none', () => {
  const nothing: CommandResult = { ...read('healthy'), stdout: '' };

  it.each<[string, Partial<CommandResult>]>([
    ['its last words', { stderr: 'first\n sh: not found \n\n', exitCode: 127 }],
    ['no words', { stderr: ' \n', exitCode: 1 }],
    ['a signal', { exitCode: null, signal: 'SIGKILL' }],
    ['long words', { stderr: 'x'.repeat(300) }],
    ['text without sections', { stdout: 'Welcome!\n' }],
  ])('is refused with what the host said instead: %s', (_, facts) => {
    expect(outcome(parse, read('healthy'), { ...nothing, ...facts })).toMatchSnapshot();
  });
});

describe('logs: an output that ends early', () => {
  const whole = read('healthy');
  const stdout = whole.stdout.slice(0, whole.stdout.indexOf(`@${FIXTURE_NONCE} begin finish`));

  it.each<[string, Partial<CommandResult>]>([
    ['it ended', { stdout }],
    ['in its time limit', { stdout, timedOut: true }],
    ['too large', { outputTruncated: true }],
    ['too large and late', { stdout, outputTruncated: true, timedOut: true }],
    ['its end failed', { stdout: whole.stdout.replace(/end finish 0/, 'end finish 1') }],
    ['its end is missing', { stdout: whole.stdout.replace(/@\S+ end finish 0\n/, '') }],
    ['without sudo', { privilege: 'none', sudoRefused: 'a password is required' }],
  ])('is read as far as it goes, and where it stopped is told: %s', (_, facts) => {
    expect(outcome(parse, whole, { ...whole, ...facts })).toMatchSnapshot();
  });
});
