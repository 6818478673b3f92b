import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { parse } from '../../../../src/diagnostics/hdfs/parse.ts';
import { type Change, changed, outcome, plain, recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const read = (name: string): CommandResult => recorded('hdfs', name);

const CHANGES: readonly (readonly [fixture: string, ...Change])[] = [
  ['full-below', 'host', '*', ''],
  ['full-below', 'host', 'end host 0', 'end host 1'],
  ['full-below', 'host', 'end host 0', 'end host'],
  ['full-below', 'host', 'user root\n', ''],
  ['full-below', 'host', 'user root', 'user a`b\u001b'],
  ['full-below', 'host', 'hdfs /opt/hadoop/bin/hdfs\n', ''],
  ['full-below', 'host', 'hdfs /opt', 'hdfs /a`b'],
  ['full-below', 'host', 'locale C.utf8', 'locale en_US.UTF-8'],
  ['full-below', 'host', 'locale C.utf8', 'locale C'],
  ['full-below', 'host', 'locale C.utf8', 'locale utf8x'],
  ['full-below', 'host', 'locale C.utf8\n', ''],
  ['full-below', 'host', 'web curl', 'missing java\nmissing curl\nlocal ext4\nweb curl'],
  ['full-below', 'limit', '*', ''],
  ['full-below', 'limit', '64', '65'],
  ['full-below', 'limit', 'end limit 0', 'end limit 124'],
  ['full-below', 'limit', 'end limit 0', 'end limit'],
  ['full-below', 'scheme', '*', ''],
  ['full-below', 'directory', '*', ''],
  ['full-below', 'directory', '/infra', '/other'],
  ['full-below', 'count', '*', ''],
  ['full-below', 'count', 'end count 0', 'end count 1'],
  ['full-below', 'count', 'end count 0', 'end count'],
  ['full-below', 'count', '8           64             192000', '0 1 5'],
  ['full-below', 'count', '8           64             192000', 'x 1 5'],
  ['full-below', 'safemode', '*', ''],
  ['full-below', 'safemode', 'OFF', 'ON'],
  ['full-below', 'fsck', '*', ''],
  ['full-below', 'server-limit', '*', ''],
  ['full-below', 'server-limit', '<value>64<', '<value>1048576<'],
  ['full-below', 'server-limit', '<value>64<', '<value>1234567890<'],
  ['full-below', 'server-limit', '<value>64<', '<value>-1<'],
  ['full-below', 'server-limit', 'max-directory-items', 'max-items'],
  ['full-below', 'status', '*', ''],
  ['full-below', 'status', '"childrenNum":3', '"childrenNum":30'],
  ['full-below', 'status', '"childrenNum":3', '"childrenNum":1234567890'],
  ['full-below', 'status', '"childrenNum":3', '"childrenNum":x'],
  ['full-below', 'status', '"childrenNum":3', '"childNum":3'],
  ['full-below', 'status', '"type":"DIRECTORY"', '"type":"FILE"'],
  ['full-below', 'status', '{"FileStatus"', ' {"FileStatus"'],
  ['full-below', 'sample', '*', ''],
  ['full-below', 'sample', 'status 0', 'status 124'],
  ['full-below', 'sample', 'status 0', 'status enough'],
  ['full-below', 'sample', 'status 0\n', ''],
  ['full-below', 'sample', 'whole 1', 'whole 0'],
  ['full-below', 'sample', 'whole 1\n', ''],
  ['full-below', 'sample', 'seen 64', 'seen x'],
  ['full-below', 'sample', 'seen 64', 'seen 1234567890'],
  ['full-below', 'sample', 'seen 64', 'seen 123456789'],
  ['full-below', 'sample', 'seen 64', 'seen 6x'],
  ['full-below', 'sample', 'seen 64\n', ''],
  ['full-below', 'sample', 'directories 0', 'directories 5'],
  ['full-below', 'sample', 'directories 0', 'directories x'],
  ['full-below', 'sample', 'oldest 2017-01-02 10:11', 'oldest 2017-01-02'],
  ['full-below', 'sample', 'oldest 2017-01-02 10:11 1500857c', 'oldest 2017-01-02 10:11 a b\\033'],
  ['full-below', 'sample', 'oldest 2017-01-02 10:11', 'oldest x2017-01-02 10:11'],
  ['full-below', 'sample', 'oldest 2017-01-02 10:11', 'oldest  2017-01-02 10:11'],
  ['full-below', 'sample', 'newest 2026-11-21 12:40\n', ''],
  ['full-below', 'sample', 'newest 2026-11-21 12:40', 'newest 2025-01-02 03:04'],
  ['full-below', 'sample', 'said 26', 'said one\nsaid  two \nunsaid\nsaid 26'],
  ['quotas', 'quotas', '*', ''],
  ['quotas', 'quotas', 'end quotas 0', 'end quotas 1'],
  ['quotas', 'quotas', 'end quotas 0', 'end quotas'],
];

describe('hdfs: an output', () => {
  it.each(['full-below', 'no-hdfs', 'incident', 'quotas', 'local-path'])(
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

describe('hdfs: an output that is none', () => {
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

describe('hdfs: an output that ends early', () => {
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
