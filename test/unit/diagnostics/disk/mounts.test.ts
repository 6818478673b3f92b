import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { disk } from '../../../../src/diagnostics/disk/index.ts';

const script = disk.bind({}, 'n0nce').probe.stdin ?? '';
const program = ['AWK_ESC', 'AWK_MOUNTS']
  .map((name) => new RegExp(`^${name}='\n([^']*)'`, 'm').exec(script)?.[1] ?? '')
  .join('\n');

const ROOT = '20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw';

/** Runs the script's own selection over a table that no test machine has. */
function select(table: readonly string[], { mount = '', docker = '' } = {}): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'housecall-mounts-'));
  try {
    const file = join(directory, 'mountinfo');
    writeFileSync(file, `${table.join('\n')}\n`);
    const env = {
      PATH: process.env['PATH'] ?? '',
      LC_ALL: 'C',
      HC_MOUNT: mount,
      HC_DOCKER: docker,
    };
    const done = spawnSync('awk', [program, file], { env, encoding: 'utf8' });
    expect(done.stderr).toBe('');
    return done.stdout.trimEnd().split('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const picked = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('mount ')).map((line) => line.split(' ').at(-1));

describe('the mounts that are looked at', () => {
  it('are local ones by type; network mounts and pseudo file systems are never touched', () => {
    const lines = select([
      ROOT,
      '21 20 0:20 / /proc rw - proc proc rw',
      '22 20 0:31 / /net rw - nfs4 server:/x rw,hard',
      '23 20 0:32 / /win rw - cifs //server/x rw',
      '24 20 0:33 / /s3 rw - fuse.s3fs s3fs rw',
      '25 20 0:34 / /auto rw - autofs systemd-1 rw',
      '26 20 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro',
      '27 20 8:2 / /srv rw - xfs /dev/sda2 rw',
    ]);
    expect(picked(lines)).toEqual(['/', '/srv']);
    expect(
      lines.filter((line) => line.startsWith('skipped')).map((line) => line.split(' ')[1]),
    ).toEqual(['nfs4', 'cifs', 'fuse.s3fs', 'autofs']);
  });

  it('leave out what can be reached only through a network mount', () => {
    expect(
      picked(
        select([
          ROOT,
          '22 20 0:31 / /net rw - nfs server:/x rw',
          '23 22 8:3 / /net/disk rw - ext4 /dev/sdc rw',
        ]),
      ),
    ).toEqual(['/']);
  });

  it('keep a disk that systemd mounted over its automount point', () => {
    expect(
      picked(
        select([
          ROOT,
          '22 20 0:34 / /data rw - autofs systemd-1 rw',
          '23 22 8:3 / /data rw - ext4 /dev/sdc rw',
        ]),
      ),
    ).toEqual(['/', '/data']);
  });

  it('leave out what another mount covers', () => {
    const below = '22 20 8:2 / /a/b rw - ext4 /dev/sdb rw';
    expect(picked(select([ROOT, below, '23 20 8:3 / /a rw - xfs /dev/sdc rw']))).toEqual([
      '/',
      '/a',
    ]);
    expect(picked(select([ROOT, below, '23 22 0:40 / /a/b rw - tmpfs tmpfs rw']))).toEqual([
      '/',
      '/a/b',
    ]);
  });

  it('name a device once, by its whole and shortest mount', () => {
    const lines = select([
      ROOT,
      '22 20 8:2 /sub /bind rw - ext4 /dev/sdb rw',
      '23 20 8:2 / /mnt/long rw - ext4 /dev/sdb rw',
      '24 20 8:2 / /mnt/x rw - ext4 /dev/sdb rw',
    ]);
    expect(picked(lines)).toEqual(['/', '/mnt/x']);
  });

  it('attribute an overlay to the disk of its upper directory, and the root overlay of a container to itself', () => {
    const overlay =
      '30 20 0:50 / /var/lib/docker/overlay2/a/merged rw - overlay overlay rw,lowerdir=/l,upperdir=/var/lib/docker/overlay2/a/diff,workdir=/w';
    expect(picked(select([ROOT, overlay]))).toEqual(['/']);
    expect(select([ROOT, overlay], { mount: '/var/lib/docker/overlay2/a/merged/x' })).toContain(
      'query mount local ext4 8:1 /',
    );
    const own =
      '30 1 0:50 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/var/lib/docker/overlay2/a/diff,workdir=/w';
    expect(picked(select([own, '31 30 0:51 / /proc rw - proc proc rw']))).toEqual(['/']);
  });

  it('are found for a path with blanks and backslashes, by whole names', () => {
    const table = [
      ROOT,
      '22 20 8:2 / /mnt/a\\040b\\134 rw - ext4 /dev/sdb rw',
      '23 20 8:3 / /mnt/a rw - ext4 /dev/sdc rw',
    ];
    expect(select(table, { mount: '/mnt/a b\\/deep' })[0]).toBe(
      'query mount local ext4 8:2 /mnt/a\\040b\\134',
    );
    expect(select(table, { mount: '/mnt/ab' })[0]).toBe('query mount local ext4 8:1 /');
    expect(select(table, { mount: '/mnt/a/x' })[0]).toBe('query mount local ext4 8:3 /mnt/a');
  });
});
