import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { parse } from '../../../../src/diagnostics/disk/parse.ts';
import type { Reading } from '../../../../src/diagnostics/disk/reading.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';
import { diskOutput } from '../../../support/disk-output.ts';

const read = (result: CommandResult): Reading => parse(result, FIXTURE_NONCE);
const changed = (name: string, before: string, after: string): Reading =>
  read(diskOutput({ name, before, after }));

describe('an output of the disk probe', () => {
  it.each<[what: string, seen: Reading, part: object]>([
    [
      'pid 1 out of sight',
      changed('host', 'pid1 visible', 'pid1 hidden'),
      { host: { pid1Visible: false } },
    ],
    ['no word of pid 1', changed('host', 'pid1 visible', ''), { host: { pid1Visible: false } }],
    [
      'the group docker',
      changed('host', 'tick 100', 'tick 100\npower docker'),
      { host: { dockerGroup: true } },
    ],
    [
      'another power',
      changed('host', 'tick 100', 'tick 100\npower none'),
      { host: { dockerGroup: false } },
    ],
    [
      'missing tools',
      changed('host', 'tick 100', 'tick 100\nmissing nice\nmissing stat'),
      { host: { missingTools: ['nice', 'stat'] } },
    ],
    [
      'a tick that getconf did not know',
      changed('host', 'tick 100', 'tick 0'),
      { host: { tick: 100 } },
    ],
    ['another tick', changed('host', 'tick 100', 'tick 250'), { host: { tick: 250 } }],
    ['no boot id', changed('host', 'boot b-1', 'boot'), { host: { bootId: '' } }],
    ['no boot line', changed('host', 'boot b-1\n', ''), { host: { bootId: '' } }],
    [
      'a missing mount',
      changed('mounts', 'query docker', 'query other'),
      { containers: [{ mountpoint: null }] },
    ],
    [
      'docker nowhere',
      changed('mounts', 'query docker local', 'query docker none'),
      { containers: [{ mountpoint: null }] },
    ],
    ['nothing asked for', changed('mounts', 'query mount', 'query other'), { asked: null }],
    [
      'an image',
      changed('mounts', '8:1 local ext4 rw', '8:1 image squashfs rw'),
      { mounts: [{ kind: 'image', type: 'squashfs' }] },
    ],
    [
      'an overlay',
      changed('mounts', '8:1 local ext4 rw', '8:1 overlay overlay rw'),
      { mounts: [{ kind: 'overlay' }] },
    ],
    [
      'a mount read-only',
      changed('mounts', 'ext4 rw rw 0 rw', 'ext4 ro rw 0 ro'),
      { mounts: [{ readOnlyMount: true, readOnlySuper: false, fstab: 'ro' }] },
    ],
    [
      'a broken file system',
      changed('mounts', 'ext4 rw rw 0 rw', 'ext4 rw ro 1 none'),
      {
        mounts: [{ readOnlyMount: false, readOnlySuper: true, errorsRemount: true, fstab: 'none' }],
      },
    ],
    [
      'two other places',
      changed('mounts', 'also 1 /export', 'also 1 /a\nalso 1 /b\nalso 2 /c'),
      { mounts: [{ also: ['/a', '/b'], under: ['/srv/in'] }] },
    ],
    [
      'no other place',
      changed('mounts', 'also 1 /export\nunder 1 /srv/in', 'avoid x'),
      { mounts: [{ also: [], under: [] }] },
    ],
    [
      'a failed statfs',
      changed('sample', '1024 100 50 40 16 10', '-'),
      { samples: [{ facts: [null] }] },
    ],
    [
      'a quota below its use, wrapped around',
      changed('sample', '50 40 16', '50 18446744073709551000 16'),
      { samples: [{ facts: [{ availableBytes: 0, freeBytes: 51_200 }] }] },
    ],
    [
      'a quota below its use, negative',
      changed('sample', '50 40 16', '50 -7 16'),
      { samples: [{ facts: [{ availableBytes: 0 }] }] },
    ],
    [
      'flags unreadable',
      changed('deleted', '0102001', '?'),
      { deleted: { files: [{ flags: null }] } },
    ],
    [
      'flags that are no octal number',
      changed('deleted', '0102001', '0102009'),
      { deleted: { files: [{ flags: null }] } },
    ],
    [
      'flags with a letter before',
      changed('deleted', '0102001', 'x1'),
      { deleted: { files: [{ flags: null }] } },
    ],
    [
      'start unreadable',
      changed('deleted', ' 4711 ', ' ? '),
      { deleted: { files: [{ startTicks: null }] } },
    ],
    [
      'start of digits in part',
      changed('deleted', ' 4711 ', ' 47x '),
      { deleted: { files: [{ startTicks: null }] } },
    ],
    [
      'start with a sign',
      changed('deleted', ' 4711 ', ' -47 '),
      { deleted: { files: [{ startTicks: null }] } },
    ],
    [
      'no name',
      changed('deleted', 'name 297 3', 'name 297 4'),
      { deleted: { files: [{ path: '' }] } },
    ],
    [
      'a name with (deleted) inside',
      changed('deleted', '/srv/my app.log (deleted)', '/srv/x (deleted).log'),
      { deleted: { files: [{ path: '/srv/x (deleted).log' }] } },
    ],
    [
      'no process name',
      changed('deleted', 'comm 297 my app\\012', 'comm 297 '),
      { deleted: { files: [{ process: '?' }] } },
    ],
    [
      'the name of another process',
      changed('deleted', 'comm 297', 'comm 298'),
      { deleted: { files: [{ process: '?' }] } },
    ],
    [
      'a process name with a newline inside',
      changed('deleted', 'my app\\012', 'a\\012b'),
      { deleted: { files: [{ process: 'a\\nb' }] } },
    ],
    [
      'no container',
      changed('deleted', 'cgroup 297 f03b', 'cgroup 297 '),
      { deleted: { files: [{ containerId: null }] } },
    ],
    [
      'a container further in',
      changed('deleted', 'cgroup 297 f03b', 'cgroup 297 x-f03b'),
      { deleted: { files: [{ containerId: null }] } },
    ],
    ['none denied', changed('deleted', 'denied 1\n', ''), { processes: { denied: 0 } }],
    [
      'a device with a large minor',
      changed('mapped', '300 2049', '300 269486081'),
      { mapped: [{ device: '8:65793' }] },
    ],
    [
      'a device with a large major',
      changed('mapped', '300 2049', '300 66306'),
      { mapped: [{ device: '259:2' }] },
    ],
    [
      'a mapped file of no known process',
      changed('mapped', 'comm 300', 'comm 301'),
      { mapped: [{ process: '?' }] },
    ],
    [
      'a container without a name',
      changed('containers', 'name c1', 'name c2'),
      { containers: [{ logs: [{ name: null }] }] },
    ],
    [
      'a container name with more behind',
      changed('containers', '"/shop"', '"/shop",'),
      { containers: [{ logs: [{ name: null }] }] },
    ],
    [
      'a container name with more before',
      changed('containers', '"Name"', 'x"Name"'),
      { containers: [{ logs: [{ name: null }] }] },
    ],
    [
      'a log without an option',
      changed('containers', 'option c1', 'option c2'),
      { containers: [{ logs: [{ maxSize: null }] }] },
    ],
    [
      "a log with docker's word for no limit",
      changed('containers', '"10m"', '"-1"'),
      { containers: [{ logs: [{ maxSize: null }] }] },
    ],
    [
      'an option with more behind',
      changed('containers', '"10m"', '"10m",'),
      { containers: [{ logs: [{ maxSize: null }] }] },
    ],
    [
      'an option with more before',
      changed('containers', '"max-size"', 'x"max-size"'),
      { containers: [{ logs: [{ maxSize: null }] }] },
    ],
    [
      'unreadable logs',
      changed('containers', 'root /srv/docker', 'unreadable'),
      {
        containers: [
          { unreadable: true, root: null, logs: [{ path: '/containers/c1/c1-json.log' }] },
        ],
      },
    ],
    [
      'a walk that was stopped',
      changed('walk', '8192 3 0', '8192 3 124'),
      { walks: [{ finished: false }] },
    ],
    [
      'directories, largest first, then by name',
      changed('walk', 'dir 8192 2 /srv', 'dir 1 1 /c\ndir 2 1 /b\ndir 2 1 /a'),
      { walks: [{ directories: [{ path: '/a' }, { path: '/b' }, { path: '/c' }] }] },
    ],
    [
      'files, largest first, then by name',
      changed('walk', 'file 4096 8192 /srv/my file', 'file 1 1 /c\nfile 2 1 /b\nfile 2 1 /a'),
      { walks: [{ files: [{ path: '/a' }, { path: '/b' }, { path: '/c' }] }] },
    ],
    [
      'crowds, largest first, then by name',
      changed('walk', 'many 2 /srv', 'many 1 /c\nmany 2 /b\nmany 2 /a'),
      { walks: [{ crowded: [{ path: '/a' }, { path: '/b' }, { path: '/c' }] }] },
    ],
  ])('may say %s', (_what, seen, part) => {
    expect(seen).toMatchObject(part);
  });

  it.each([
    ['problem denied', 'denied'],
    ['problem missing', 'missing'],
    ['problem', 'missing'],
  ])('with "%s" is of no mount, whatever the table has', (line, problem) => {
    const { stdout, ...rest } = diskOutput({
      name: 'mounts',
      before: 'prune /srv/in',
      after: line,
    });
    const seen = read({ ...rest, stdout: stdout.replace('1024 100 50 40 16 10\n', '') });
    expect(seen).toMatchObject({ problem, mounts: [], samples: [{ facts: [] }] });
  });
});
