import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { parse } from '../../../../src/diagnostics/vitals/parse.ts';
import { type Change, changed, outcome, plain, recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const read = (name: string): CommandResult => recorded('vitals', name);

const CHANGES: readonly (readonly [fixture: string, ...Change])[] = [
  ['hung-nfs', 'host', '*', ''],
  ['hung-nfs', 'host', 'end host 0', 'end host 1'],
  ['hung-nfs', 'host', 'end host 0', 'end host'],
  ['hung-nfs', 'host', 'time 370096', 'time x'],
  ['hung-nfs', 'host', ' 1795264876.811888196', ''],
  ['hung-nfs', 'host', 'time 370096 1795264876.811888196\n', ''],
  ['hung-nfs', 'host', 'uid 0', 'uid x'],
  ['hung-nfs', 'host', 'uid 0', 'uid 1234567890123456789012'],
  ['hung-nfs', 'host', 'uid 0\n', ''],
  ['hung-nfs', 'host', 'tick 100', 'tick 0'],
  ['hung-nfs', 'host', 'tick 100', 'tick 250'],
  ['hung-nfs', 'host', 'tick 100\n', ''],
  ['hung-nfs', 'host', 'page 4096', 'page 0'],
  ['hung-nfs', 'host', 'page 4096', 'page 16384'],
  ['hung-nfs', 'host', 'page 4096\n', ''],
  ['hung-nfs', 'host', 'pid1 visible', 'pid1 hidden'],
  ['hung-nfs', 'host', 'pid1 visible', 'container lxc\\033\nmissing ss\nmissing a\\012b'],
  ['hung-nfs', 'host', 'pid1 visible', 'pid2 visible'],
  ['hung-nfs', 'memory', '*', ''],
  ['hung-nfs', 'memory', 'end memory 0', 'end memory 1'],
  ['hung-nfs', 'memory', 'end memory 0', 'end memory'],
  ['hung-nfs', 'memory', 'MemTotal:       24684084 kB\n', ''],
  ['hung-nfs', 'memory', 'MemTotal:       24684084 kB', 'MemTotal: 0 kB'],
  ['hung-nfs', 'memory', 'MemTotal:       24684084 kB', 'MemTotal: 1'],
  ['hung-nfs', 'memory', 'MemTotal:       24684084 kB', 'MemTotal: 1 MB'],
  ['hung-nfs', 'memory', 'Overcommit: 0', 'Overcommit: 2'],
  ['hung-nfs', 'memory', 'Overcommit: 0\n', ''],
  ['hung-nfs', 'memory', 'Buffers:', 'Buf:fers'],
  ['hung-nfs', 'memory', 'Buffers:           12728 kB', 'Buffers:'],
  ['hung-nfs', 'pressure', '*', ''],
  ['hung-nfs', 'pressure', 'cpu some', 'cpu absent'],
  ['hung-nfs', 'pressure', 'cpu some', 'cpu off'],
  ['hung-nfs', 'pressure', 'cpu some', 'cpu away'],
  [
    'hung-nfs',
    'pressure',
    'cpu some avg10=0.00 avg60=0.12 avg300=0.08',
    'cpu some avg300=3.5 avg10=1.25 avg60=2',
  ],
  ['hung-nfs', 'pressure', 'avg10=0.00 ', ''],
  ['hung-nfs', 'pressure', 'avg60=0.12', 'avg60=x'],
  ['hung-nfs', 'pressure', 'avg300=0.08', 'avg300='],
  ['hung-nfs', 'sample', '*', ''],
  ['hung-nfs', 'sample', 'end sample 0', 'end sample 1'],
  ['hung-nfs', 'sample', 'end sample 0', 'end sample'],
  ['hung-nfs', 'sample', 'at 370097\n', ''],
  ['hung-nfs', 'sample', 'at 370097', 'at x'],
  ['hung-nfs', 'sample', 'load 0.42 0.38 0.31 2/544 4711\n', ''],
  ['hung-nfs', 'sample', 'load 0.42 0.38 0.31 2/544', 'load x 0.38 0.31 2/544'],
  ['hung-nfs', 'sample', 'load 0.42 0.38 0.31 2/544', 'load 0.42 x 0.31 2/544'],
  ['hung-nfs', 'sample', 'load 0.42 0.38 0.31 2/544', 'load 0.42 0.38 x 2/544'],
  ['hung-nfs', 'sample', 'load 0.42 0.38 0.31 2/544', 'load 0.42 0.38 0.31 2'],
  ['hung-nfs', 'sample', 'load 0.42 0.38 0.31 2/544 4711', 'load 0.42 0.38 0.31'],
  ['hung-nfs', 'sample', 'procs_running 8\n', ''],
  ['hung-nfs', 'sample', 'procs_running 8', 'procs_running x'],
  ['hung-nfs', 'sample', 'procs_running 8', 'xprocs_running 8'],
  ['hung-nfs', 'sample', 'procs_running 8', 'procs_runningx 8'],
  ['hung-nfs', 'sample', 'cpu0 89317', 'cpu10 89317'],
  ['hung-nfs', 'sample', 'cpu0 89317', 'cpu0x 89317'],
  ['hung-nfs', 'sample', 'cpu0 89317', 'cpu0 -89317'],
  ['hung-nfs', 'sample', '496 404 0 0', '496 404 x y'],
  [
    'hung-nfs',
    'sample',
    'cpu0 89317 22010 39771 214369 579 0 496 404 0 0',
    'cpu0 89317 22010 39771',
  ],
  ['hung-nfs', 'sample', 'pswpin 0', 'pswpin 5'],
  ['hung-nfs', 'sample', 'pswpin 0\n', ''],
  ['hung-nfs', 'sample', 'pswpout 0', 'pswpout 6'],
  ['hung-nfs', 'sample', 'pswpout 0', 'pswpout x'],
  ['hung-nfs', 'sample', 'oom_kill 0', 'oom_kill 7'],
  ['hung-nfs', 'sample', 'oom_kill 0\n', ''],
  ['hung-nfs', 'sample', 'track 00000000  00000000 00000000', 'track 0000000a  00000010 zz'],
  ['hung-nfs', 'sample', 'track entries  clashres', 'track used  clashres'],
  ['hung-nfs', 'sample', 'blocked 1\n', ''],
  ['hung-nfs', 'sample', 'blocked 1', 'blocked 17'],
  ['hung-nfs', 'sample', 'blocked 1', 'blocked x'],
  ['hung-nfs', 'sample', 'slept 11 11 370052 0 19 df', 'slept 11 12 370053 1 - a b'],
  ['hung-nfs', 'sample', 'slept 11 11 370052 0 19 df', 'slept 11 11 370052 0 ? df'],
  ['hung-nfs', 'sample', 'slept 11 11 370052 0 19 df', 'slept 11 11 370052 0 x df'],
  ['hung-nfs', 'sample', 'slept 11 11 370052 0 19 df', 'slept x 11 370052 0 19 df'],
  ['hung-nfs', 'sample', 'slept 11 11 370052 0 19 df', 'slept 11 11 370052 0'],
  ['hung-nfs', 'sample', 'slept 11 11 370052 0 19 df', 'slept'],
  ['hung-nfs', 'sample', 'space 1 0 0', 'space 2 3 4'],
  ['hung-nfs', 'sample', 'space 1 0 0', 'space x 3 4'],
  ['hung-nfs', 'sample', 'space 1 0 0', 'space 1 x 4'],
  ['hung-nfs', 'sample', 'space 1 0 0', 'space 1 0'],
  ['backlog', 'sample', '0100007F:89EB', '0100007F:0050'],
  ['backlog', 'sample', '0100007F:89EB', '0100007F:89EBB'],
  ['backlog', 'sample', '0100007F:89EB', '0100007F:89E'],
  ['backlog', 'sample', '0100007F:89EB', '0100007F'],
  ['backlog', 'sample', '0100007F:89EB', 'x0100007F:89EB'],
  ['backlog', 'sample', '0100007F:89EB', '0100007F00:89EB'],
  ['backlog', 'sample', '0100007F:89EB', '0100007f:89EB'],
  ['backlog', 'sample', '0100007F:89EB', '00000000000000000000000000000000:0050'],
  ['backlog', 'sample', '0100007F:89EB', '00000000000000000000000001000000:0050'],
  ['backlog', 'sample', '0100007F:89EB', 'B80D0120000000000000000001000000:01BB'],
  ['backlog', 'sample', '0100007F:89EB', 'B80D0120010000000100000001000100:01BB'],
  ['backlog', 'sample', '0100007F:89EB', '0000000000000000FFFF00000100007F:01BB'],
  ['backlog', 'sample', '0100007F:89EB', 'B80D0120010002000300040000000000:01BB'],
  ['backlog', 'sample', 'queue 48', 'queue x'],
  ['backlog', 'sample', '1177748 00000005', '1177749 000000ff'],
  ['backlog', 'sample', 'queue 48 0100007F:89EB 1177748 00000005', 'queue 48 0100007F:89EB'],
  ['backlog', 'sample', 'queue 48 0100007F:89EB 1177748 00000005', 'queue 48'],
  ['hung-nfs', 'top', '*', ''],
  ['hung-nfs', 'top', 'rss 3631 0 11 df', 'rss x 0 11 df'],
  ['hung-nfs', 'top', 'rss 3631 0 11 df', 'rss 3631 x 11 df'],
  ['hung-nfs', 'top', 'rss 3631 0 11 df', 'rss 3631 0 x df'],
  ['hung-nfs', 'top', 'rss 3631 0 11 df', 'rss 3631 0 11'],
  ['hung-nfs', 'top', 'rss 3631 0 11 df', 'cpu 3631 9 11 d f'],
  ['hung-nfs', 'top', 'in 11 /system.slice', 'in 11/12 /a b'],
  ['hung-nfs', 'top', 'in 55 /system.slice', 'in x /system.slice'],
  ['hung-nfs', 'top', 'in 55 /system.slice', 'out 55 /system.slice'],
  ['hung-nfs', 'waits', '*', ''],
  ['hung-nfs', 'waits', 'wait 11/11 rpc_wait_bit_killable\n', ''],
  ['hung-nfs', 'waits', 'wait 11/11 rpc_wait_bit_killable', 'wait 11/11'],
  ['hung-nfs', 'waits', 'wait 11/11', 'wait 11/12'],
  ['hung-nfs', 'waits', 'wait 11/11', 'waits 11/11'],
  ['hung-nfs', 'waits', 'cwd 11/11 /', 'cwd 11/11 /home/a b'],
  ['hung-nfs', 'waits', 'cwd 11/11 /', 'file 11/11 /home/a\\040b c'],
  ['hung-nfs', 'waits', 'cwd 11/11 /', 'frozen 11/11'],
  ['hung-nfs', 'waits', 'cwd 11/11 /', 'frozen 5/5\nfile 5/5 /x\nstack 5/5 a b\ncwd 5/5 /'],
  ['hung-nfs', 'waits', 'tmpfs tmpfs /run', 'tmpfs tm\\134040pfs /a\\134040b'],
  ['hung-nfs', 'waits', 'tmpfs tmpfs /run', 'tmpfs'],
  ['hung-nfs', 'waits', 'mount tmpfs tmpfs /run', 'mount'],
  ['backlog', 'queues', '*', ''],
  ['backlog', 'queues', 'limit 48 1177748 4', 'limit 48 1177748 x'],
  ['backlog', 'queues', 'limit 48 1177748 4', 'limit 48 1177749 128'],
  ['backlog', 'queues', 'owner 1177748 6 python3', 'owner 1177748 x python3'],
  ['backlog', 'queues', 'owner 1177748 6 python3', 'owner 1177748 7 a b'],
  ['backlog', 'queues', 'state 6 S', 'state 6 TT'],
  ['backlog', 'queues', 'state 6 S', 'state 6'],
  ['backlog', 'queues', 'state 6 S', 'state x S'],
  ['backlog', 'queues', 'state 6 S', 'status 6 S'],
  ['hung-nfs', 'kernel', '*', ''],
  ['hung-nfs', 'cgroups', '*', ''],
  ['hung-nfs', 'descriptors', '*', ''],
  ['hung-nfs', 'limits', '*', ''],
  ['hung-nfs', 'conntrack', '*', ''],
  ['hung-nfs', 'clock', '*', ''],
];

describe('vitals: an output', () => {
  it.each(['hung-nfs', 'backlog', 'old-kernel-in-lxc', 'frozen-and-vfork'])(
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

describe('vitals: an output that is none', () => {
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

describe('vitals: an output that ends early', () => {
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
