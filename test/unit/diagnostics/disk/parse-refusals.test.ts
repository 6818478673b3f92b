import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { HousecallError } from '../../../../src/core/errors.ts';
import { parse } from '../../../../src/diagnostics/disk/parse.ts';
import { FIXTURE_NONCE, resultOf } from '../../../support/diagnostic-fixture.ts';
import { diskOutput } from '../../../support/disk-output.ts';

/** `OUTPUT_UNREADABLE <message>`, or what else came of it. */
function refusal(result: CommandResult): string {
  try {
    parse(result, FIXTURE_NONCE);
    return 'taken';
  } catch (error) {
    return error instanceof HousecallError ? `${error.code} ${error.message}` : String(error);
  }
}

const refused = (name: string, before: string, after: string): string =>
  refusal(diskOutput({ name, before, after }));

const REFUSED = 'OUTPUT_UNREADABLE disk probe: ';

describe('an output of the disk probe', () => {
  it('is taken as the script prints it', () => {
    expect(refusal(diskOutput())).toBe('taken');
  });

  it.each(['host', 'processes', 'mounts', 'sample'])(
    'is refused without its section %s',
    (name) => {
      const { stdout } = diskOutput();
      const gone = stdout.replaceAll(`begin ${name}\n`, 'begin other\n');
      expect(refusal(resultOf(gone))).toBe(`${REFUSED}the section "${name}" is missing`);
      const failed = stdout.replaceAll(`end ${name} 0`, `end ${name} 1`);
      expect(refusal(resultOf(failed))).toBe(`${REFUSED}the section "${name}" is missing`);
    },
  );

  it.each<[section: string, before: string, after: string, words: string]>([
    ['host', 'uid 0', 'uid root', 'uid is "root"'],
    ['host', 'uid 0', '', 'uid is ""'],
    ['host', 'btime 1795225170', 'btime -1', 'boot time is "-1"'],
    ['host', 'tick 100', 'tick 1e2', 'clock tick is "1e2"'],
    ['host', 'uid 0', 'uid 0\nkernel 6', 'unknown line in section "host": "kernel 6"'],
    ['processes', 'total 9', 'total', 'number of processes is ""'],
    ['processes', 'total 9', '', 'the number of processes is missing'],
    ['processes', 'kernel 2', 'threads 2', 'unknown line in section "processes": "threads 2"'],
    [
      'mounts',
      ' /dev/sda1 / /srv',
      ' /dev/sda1 /',
      'mount line "1 8:1 local ext4 rw rw 0 rw /dev/sda1 /"',
    ],
    [
      'mounts',
      'mount 1 8:1',
      'mount 1 8',
      'mount line "1 8 local ext4 rw rw 0 rw /dev/sda1 / /srv"',
    ],
    [
      'mounts',
      'mount 1 8:1',
      'mount 1 x8:1',
      'mount line "1 x8:1 local ext4 rw rw 0 rw /dev/sda1 / /srv"',
    ],
    [
      'mounts',
      'mount 1 8:1',
      'mount 1 8:1x',
      'mount line "1 8:1x local ext4 rw rw 0 rw /dev/sda1 / /srv"',
    ],
    ['mounts', 'mount 1 8:1', 'mount one 8:1', 'mount index is "one"'],
    ['mounts', 'also 1 /export', 'also x /export', 'mount index is "x"'],
    ['mounts', 'under 1 /srv/in', 'under', 'mount index is ""'],
    [
      'mounts',
      'prune /srv/in',
      'prunes /srv/in',
      'unknown line in section "mounts": "prunes /srv/in"',
    ],
    ['sample', 'at 1000', 'in 1000', 'a sample has no time'],
    ['sample', 'at 1000', 'at now', 'time of a sample is "now"'],
    ['sample', '1024 100 50 40 16 10', '1024 100 50 40 16', 'statfs is ""'],
    ['sample', '1024 100 50 40 16 10', '1024 1x 50 40 16 10', 'statfs is "1x"'],
    [
      'sample',
      '1024 100 50 40 16 10',
      '1024 100 50 1844674407370955161 16 10',
      'statfs is "1844674407370955161"',
    ],
    [
      'sample',
      '1024 100 50 40 16 10',
      '1024 100 50 918446744073709551615 16 10',
      'statfs is "918446744073709551615"',
    ],
    ['sample', '1024 100 50 40 16 10', '', 'a sample has 0 lines for 1 mounts'],
    ['sample', '1024 100 50 40 16 10', '-\n-', 'a sample has 2 lines for 1 mounts'],
    ['deleted', 'denied 1', 'denied some', 'unreadable processes is "some"'],
    ['deleted', 'sum 8:1 1 4096', 'sum 8:1 one 4096', 'count is "one"'],
    ['deleted', 'sum 8:1 1 4096', 'sum 8:1 1', 'bytes is ""'],
    ['deleted', 'denied 1', 'hidden 1', 'unknown line in section "deleted": "hidden 1"'],
    ['deleted', 'file 8:1 8:1 13', 'file 8:1 8:1 x', 'inode is "x"'],
    ['deleted', '13 8192 4096', '13 x 4096', 'length of a deleted file is "x"'],
    ['deleted', '13 8192 4096', '13 8192 x', 'size of a deleted file is "x"'],
    ['deleted', '4096 297 3', '4096 x 3', 'process id is "x"'],
    ['deleted', '4096 297 3', '4096 297 x', 'descriptor is "x"'],
    ['deleted', '4711 2 2 297,299', '4711 x 2 297,299', 'number of descriptors is "x"'],
    ['deleted', '4711 2 2 297,299', '4711 2 x 297,299', 'number of holders is "x"'],
    ['deleted', '297,299', '297;299', 'process id is "297;299"'],
    ['deleted', ' 297,299', '', 'process id is ""'],
    ['mapped', 'mapped 300 2049', 'mapped x 2049', 'process id is "x"'],
    ['mapped', 'mapped 300 2049', 'mapped 300 x', 'device is "x"'],
    ['mapped', '2049 17', '2049 x', 'inode is "x"'],
    ['mapped', '17 9999 4096', '17 9999 x', 'size of a mapped file is "x"'],
    ['mapped', 'loop loop3 8 /srv', 'loop loop3 x /srv', 'sectors is "x"'],
    [
      'mapped',
      'loop loop3',
      'swap loop3',
      'unknown line in section "mapped": "swap loop3 8 /srv/a disk.img (deleted)"',
    ],
    ['containers', 'at 1000', 'at x', 'time of a sample is "x"'],
    ['containers', 'at 1000', '', 'a sample of container logs has no time'],
    ['containers', 'log c1 8192 4096', 'log c1 x 4096', 'size of a container log is "x"'],
    ['containers', 'log c1 8192 4096', 'log c1 8192', 'size of a container log is ""'],
    [
      'containers',
      'log c1 8192 4096',
      'logs c1 8192 4096',
      'unknown line in section "containers": "logs c1 8192 4096"',
    ],
    ['walk', 'mount 1', 'mount x', 'mount index is "x"'],
    ['walk', 'mount 1', '', 'mount index is ""'],
    ['walk', 'total 8192 3 0', '', 'a walk has no total'],
    ['walk', 'total 8192 3 0', 'total 8192 3', 'a walk has no total'],
    ['walk', 'total 8192 3 0', 'total x 3 0', 'bytes seen is "x"'],
    ['walk', 'total 8192 3 0', 'total 8192 x 0', 'inodes seen is "x"'],
    ['walk', 'dir 8192 2 /srv', 'dir x 2 /srv', 'bytes is "x"'],
    ['walk', 'dir 8192 2 /srv', 'dir 8192 x /srv', 'entries is "x"'],
    ['walk', 'file 4096 8192 /srv', 'file x 8192 /srv', 'bytes is "x"'],
    ['walk', 'file 4096 8192 /srv', 'file 4096 x /srv', 'length is "x"'],
    ['walk', 'many 2 /srv', 'many x /srv', 'entries is "x"'],
    ['walk', 'denied 4', '', 'unreadable directories is ""'],
    ['walk', 'elapsed 150', '', 'time of the walk is ""'],
    ['walk', 'elapsed 150', 'took 150', 'unknown line in section "walk": "took 150"'],
  ])('is refused when in section %s "%s" is "%s"', (section, before, after, words) => {
    expect(refused(section, before, after)).toBe(REFUSED + words);
  });

  it('is refused with a number of 19 digits, taken with one of 18', () => {
    expect(refused('host', 'uid 0', `uid ${'9'.repeat(18)}`)).toBe('taken');
    expect(refused('host', 'uid 0', `uid ${'9'.repeat(19)}`)).toContain('uid is');
  });

  it('is quoted in a refusal by its first characters only', () => {
    const long = 'x'.repeat(500);
    expect(refused('host', 'uid 0', `uid ${long}`)).toBe(`${REFUSED}uid is "${long.slice(0, 80)}"`);
    expect(refused('host', 'uid 0', long)).toBe(
      `${REFUSED}unknown line in section "host": "${long.slice(0, 120)}"`,
    );
    expect(refused('mounts', 'mount 1 8:1', `mount ${long}`)).toBe(
      `${REFUSED}mount line "${long.slice(0, 120)}"`,
    );
  });
});

describe('an output with nothing of the probe in it', () => {
  const silence = (stderr: string, changes: Partial<CommandResult> = {}): string =>
    refusal(resultOf('Welcome!\n', { stderr, ...changes }));

  it.each<[what: string, seen: string, words: string]>([
    [
      'with the last line of its error text',
      silence('one\ntwo\n', { exitCode: 2 }),
      '(exit status 2): two',
    ],
    ['without an error text', silence(' \n', { exitCode: 0 }), '(exit status 0): no error text'],
    ['without an exit status', silence('killed', { exitCode: null }), '(exit status none): killed'],
    [
      'with 200 characters of a long line',
      silence('e'.repeat(900), { exitCode: 1 }),
      `(exit status 1): ${'e'.repeat(200)}`,
    ],
  ])('is refused %s', (_what, seen, words) => {
    expect(seen).toBe(`${REFUSED}it printed nothing of its own ${words}`);
  });

  it('hands on 500 characters of its error text', () => {
    const result = resultOf('', { stderr: 'e'.repeat(900), exitCode: 1 });
    expect(() => parse(result, FIXTURE_NONCE)).toThrow(
      expect.objectContaining({ context: { stderr: 'e'.repeat(500) } }),
    );
  });
});
