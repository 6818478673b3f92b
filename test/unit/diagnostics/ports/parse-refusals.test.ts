import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { parse } from '../../../../src/diagnostics/ports/parse.ts';
import { type Change, changed, outcome, plain, recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const read = (name: string): CommandResult => recorded('ports', name);

const CHANGES: readonly (readonly [fixture: string, ...Change])[] = [
  ['container-out-of-ports', 'host', '*', ''],
  ['container-out-of-ports', 'host', 'end host 0', 'end host 1'],
  ['container-out-of-ports', 'host', 'uid 0', 'uid x'],
  ['container-out-of-ports', 'host', 'uid 0', 'uid 1234567890123456'],
  ['container-out-of-ports', 'host', 'uid 0\n', ''],
  ['container-out-of-ports', 'host', 'kernel 6.18.44\n', ''],
  ['container-out-of-ports', 'host', 'kernel 6.18.44', 'kernel 6.1+a~b_c-d `x`\u001b'],
  ['container-out-of-ports', 'host', 'order little', 'order big'],
  ['container-out-of-ports', 'host', 'own 4026532206', 'own 1'],
  ['container-out-of-ports', 'host', 'own 4026532206\n', ''],
  ['container-out-of-ports', 'host', 'enter nsenter\n', ''],
  ['container-out-of-ports', 'host', 'pid1 visible', 'power docker\nmissing awk\nmissing'],
  ['container-out-of-ports', 'host', 'pid1 visible', 'power none'],
  ['container-out-of-ports', 'host', 'pid1 visible', 'pid2 visible'],
  ['container-out-of-ports', 'namespaces', '*', ''],
  ['container-out-of-ports', 'namespaces', 'end namespaces 0', 'end namespaces 2'],
  ['container-out-of-ports', 'namespaces', 'total 11\n', ''],
  ['container-out-of-ports', 'namespaces', 'total 11', 'total x'],
  ['container-out-of-ports', 'namespaces', 'denied 0\n', ''],
  ['container-out-of-ports', 'namespaces', 'denied 0', 'denied 3'],
  ['container-out-of-ports', 'namespaces', 'found 4\n', ''],
  ['container-out-of-ports', 'namespaces', 'found 4', 'found 9'],
  ['container-out-of-ports', 'namespaces', 'found 4', 'lost 4'],
  ['container-out-of-ports', 'namespaces', 'ns 4026532206', 'ns x'],
  [
    'container-out-of-ports',
    'namespaces',
    'ns 4026532206 5 6 0 0 dockerd',
    'ns 4026532206 x 6 0 0 dockerd',
  ],
  [
    'container-out-of-ports',
    'namespaces',
    'ns 4026532206 5 6 0 0 dockerd',
    'ns 4026532206 5 x 0 0 dockerd',
  ],
  [
    'container-out-of-ports',
    'namespaces',
    'ns 4026532206 5 6 0 0 dockerd',
    'ns 4026532206 5 6 x 0 dockerd',
  ],
  [
    'container-out-of-ports',
    'namespaces',
    'ns 4026532206 5 6 0 0 dockerd',
    'ns 4026532206 5 6 0 x dockerd',
  ],
  [
    'container-out-of-ports',
    'namespaces',
    'ns 4026532206 5 6 0 0 dockerd',
    'ns 4026532206 5 6 - 4 dockerd',
  ],
  [
    'container-out-of-ports',
    'namespaces',
    'ns 4026532206 5 6 0 0 dockerd',
    'ns 4026532206 5 6 4 - dockerd',
  ],
  [
    'container-out-of-ports',
    'namespaces',
    'ns 4026532206 5 6 0 0 dockerd',
    'ns 4026532206 5 6 0 0',
  ],
  ['container-out-of-ports', 'namespaces', 'ns 4026532206 5 6 0 0 dockerd', 'ns 4026532206 5 6'],
  ['container-out-of-ports', 'containers', '*', ''],
  ['container-out-of-ports', 'containers', 'end containers 0', 'end containers 1'],
  ['container-out-of-ports', 'containers', 'container 4026532283 8', 'container 4026532283 g'],
  ['container-out-of-ports', 'containers', 'container 4026532283 8', 'container 4026532283 88'],
  ['container-out-of-ports', 'containers', 'container 4026532283 8', 'container 4026532356 8'],
  ['container-out-of-ports', 'containers', 'container 4026532283', 'contained 4026532283'],
  ['container-out-of-ports', 'containers', 'php-app shop/php:7.1', '- -'],
  ['container-out-of-ports', 'containers', ' php-app shop/php:7.1', ''],
  ['container-out-of-ports', 'containers', 'name 319d', 'name 319e'],
  ['container-out-of-ports', 'settings', '*', ''],
  ['container-out-of-ports', 'settings', 'ns 4026532206\n', ''],
  ['container-out-of-ports', 'settings', 'ns 4026532206', 'ns 1'],
  ['container-out-of-ports', 'settings', 'ns 4026532206', 'ns'],
  ['container-out-of-ports', 'settings', 'how own\n', ''],
  ['container-out-of-ports', 'settings', 'how own', 'how entered'],
  ['container-out-of-ports', 'settings', 'how own', 'how denied'],
  ['container-out-of-ports', 'settings', 'how own', 'how failed'],
  ['container-out-of-ports', 'settings', 'how own', 'how guessed'],
  ['container-out-of-ports', 'settings', 'how own', 'how'],
  ['container-out-of-ports', 'settings', 'tcp_tw_reuse 1', 'tcp_new_key  a b '],
  ['container-out-of-ports', 'settings', 'ports 32768 60999 0\n', ''],
  ['container-out-of-ports', 'settings', 'ports 32768 60999 0', 'ports 1 2 3'],
  ['container-out-of-ports', 'settings', 'ports 32768 60999 0', 'ports x 60999 0'],
  ['container-out-of-ports', 'settings', 'ports 32768 60999 0', 'ports 32768 x 0'],
  ['container-out-of-ports', 'settings', 'ports 32768 60999 0', 'ports 32768 60999'],
  ['container-out-of-ports', 'settings', 'end settings 0', 'end settings 1'],
  ['container-out-of-ports', 'sockets', '*', ''],
  ['container-out-of-ports', 'sockets', 'end sockets 0', 'end sockets 1'],
  ['container-out-of-ports', 'finish', 'unread 0', 'unread 2'],
  ['container-out-of-ports', 'finish', 'unread 0', 'unread x'],
  ['container-out-of-ports', 'finish', 'unread 0\n', ''],
];

describe('ports: an output', () => {
  it.each(['container-out-of-ports', 'healthy-without-rights', 'many-destinations'])(
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

describe('ports: an output that is none', () => {
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

describe('ports: an output that ends early', () => {
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
