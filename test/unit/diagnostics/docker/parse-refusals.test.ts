import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { parse } from '../../../../src/diagnostics/docker/parse.ts';
import { type Change, changed, outcome, plain, recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const read = (name: string): CommandResult => recorded('docker', name);

const CHANGES: readonly (readonly [fixture: string, ...Change])[] = [
  ['diff-empty-docker-group', 'host', '*', ''],
  ['diff-empty-docker-group', 'host', 'end host 0', 'end host 1'],
  ['diff-empty-docker-group', 'host', 'end host 0', 'end host x'],
  ['diff-empty-docker-group', 'host', 'uid 65534', 'uid me'],
  ['diff-empty-docker-group', 'host', 'uptime 328228\n', ''],
  ['diff-empty-docker-group', 'host', 'epoch 1795264458', 'epoch 1234567890123456789'],
  ['diff-empty-docker-group', 'host', 'tick 100\n', ''],
  ['diff-empty-docker-group', 'host', 'power docker', 'power none\nmissing curl\nmissing od'],
  ['diff-empty-docker-group', 'host', 'pid1 visible', 'pid1 hidden'],
  ['diff-empty-docker-group', 'host', 'program /usr/sbin/dockerd\n', ''],
  ['diff-empty-docker-group', 'host', 'version Docker', 'version docker'],
  ['diff-empty-docker-group', 'host', 'version Docker version 20', 'version Docker version v20'],
  ['diff-empty-docker-group', 'processes', '*', ''],
  ['diff-empty-docker-group', 'processes', 'chosen 4644\n', ''],
  ['diff-empty-docker-group', 'processes', 'chosen 4644', 'chosen 464'],
  ['diff-empty-docker-group', 'processes', 'process 4644 S 328090', 'process 4644 T x'],
  ['diff-empty-docker-group', 'processes', 'process 4644 S 328090', 'process 4644 T 999999'],
  ['diff-empty-docker-group', 'processes', 'threads S 9', 'threads S 8\nthreads D 1'],
  ['diff-empty-docker-group', 'processes', 'threads S 9', 'threads S'],
  ['diff-empty-docker-group', 'config', '*', ''],
  ['diff-empty-docker-group', 'config', 'path /run/docker-lab/daemon.json\n', ''],
  ['diff-empty-docker-group', 'config', 'state denied\n', ''],
  ['diff-empty-docker-group', 'config', 'state denied', 'state read\ntext {\\011\ntext }'],
  ['diff-empty-docker-group', 'config', 'path /run', 'path /\\303\\251\\033`'],
  ['diff-empty-docker-group', 'unit', '*', ''],
  [
    'diff-empty-docker-group',
    'unit',
    'begin unit\n',
    'begin unit\nsystemd Result=a=b\\012\nsystemd X=\n',
  ],
  ['diff-empty-docker-group', 'socket', '*', ''],
  ['diff-empty-docker-group', 'socket', 'path /run/docker.sock\n', ''],
  ['diff-empty-docker-group', 'socket', 'file socket\n', ''],
  ['diff-empty-docker-group', 'socket', 'file socket', 'file other'],
  ['diff-empty-docker-group', 'socket', 'file socket', 'file missing'],
  ['diff-empty-docker-group', 'socket', 'file socket', 'file hidden'],
  ['diff-empty-docker-group', 'socket', 'file socket', 'file sock'],
  ['diff-empty-docker-group', 'socket', 'writable\n', ''],
  ['diff-empty-docker-group', 'socket', 'listening 1\n', ''],
  ['diff-empty-docker-group', 'socket', 'listening 1', 'listening one'],
  ['diff-empty-docker-group', 'socket', 'listening 1', 'pidfile 12 dockerd\npidpath /run/a.pid'],
  ['diff-empty-docker-group', 'socket', 'listening 1', 'pidfile - -'],
  ['diff-empty-docker-group', 'socket', 'listening 1', 'pidfile'],
  ['diff-empty-docker-group', 'socket', 'listening 1', 'pidfile x y'],
  ['diff-empty-docker-group', 'ask', '*', ''],
  ['diff-empty-docker-group', 'ask', 'end ask 0', 'end ask 7'],
  ['diff-empty-docker-group', 'ask', 'end ask 0', 'end ask'],
  ['diff-empty-docker-group', 'ask', 'what ping\ntool curl\n', ''],
  ['diff-empty-docker-group', 'ask', 'limit 4\n', ''],
  ['diff-empty-docker-group', 'ask', 'rc 0\n', ''],
  ['diff-empty-docker-group', 'ask', 'rc 0', 'rc -1'],
  ['diff-empty-docker-group', 'ask', 'rc 0', 'rc 28\ninfo "A":1\ninfo nonsense\nid 0123'],
  ['diff-empty-docker-group', 'ask', 'elapsed 2\n', ''],
  ['diff-empty-docker-group', 'words', '*', ''],
  ['diff-empty-docker-group', 'words', 'source /var/log/docker.log\n', ''],
  ['diff-empty-docker-group', 'words', 'end words 0', 'end words'],
  ['diff-empty-docker-group', 'words', 'line time="2026-11-21T12:33:54.047370629Z"', 'lines'],
  ['diff-empty-docker-group', 'kernel', '*', ''],
  [
    'diff-empty-docker-group',
    'kernel',
    'unseen',
    'seen\noom Killed 4 \\033\noom b\ndenied /var/log/x',
  ],
  ['diff-empty-docker-group', 'root', '*', ''],
  ['diff-empty-docker-group', 'root', 'path /var/lib/docker\n', ''],
  ['diff-empty-docker-group', 'root', 'path /var', 'real /srv/docker\npath /var'],
  ['diff-empty-docker-group', 'root', 'mount local ext4 rw /var/lib/docker\n', ''],
  ['diff-empty-docker-group', 'root', 'mount local ext4 rw', 'mount remote nfs4 ro'],
  ['diff-empty-docker-group', 'root', 'rw /var/lib/docker', 'rw /var lib/docker'],
  ['diff-empty-docker-group', 'root', 'mount local ext4 rw /var/lib/docker', 'mount local'],
  ['diff-empty-docker-group', 'root', 'statfs 1024 157109 150354 147078 4160 3411\n', ''],
  ['diff-empty-docker-group', 'root', '4160 3411', '0 0'],
  ['diff-empty-docker-group', 'root', '4160 3411', '1 0'],
  ['diff-empty-docker-group', 'root', ' 147078 4160 3411', ''],
  ['diff-empty-docker-group', 'root', '147078', '-1'],
  ['diff-empty-docker-group', 'root', 'problem denied\n', ''],
  ['diff-empty-docker-group', 'root', 'problem denied', 'problem hazard'],
  ['diff-empty-docker-group', 'root', 'problem denied', 'problem missing'],
  ['diff-empty-docker-group', 'root', 'problem denied', 'problem graph'],
  ['diff-empty-docker-group', 'root', 'problem denied', 'problem empty'],
  [
    'diff-empty-docker-group',
    'root',
    'problem denied',
    'problem of a new kind that is long, longer than forty',
  ],
];

describe('docker: an output', () => {
  it.each(['diff-empty-docker-group', 'healthy', 'never-started'])(
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

describe('docker: an output that is none', () => {
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

describe('docker: an output that ends early', () => {
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
