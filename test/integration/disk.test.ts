import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { held, look, MIB, paths } from '../support/disk-box.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`disk on real file systems: skipped, ${problem}`);

describe.skipIf(problem !== null)('disk on real file systems', () => {
  describe.each(['dash', 'bash', 'busybox'] as const)('with %s', (shell) => {
    it('names the deleted files of a full disk, and only those, and accounts for every byte', async () => {
      const deleted = ['log=20', 'hostile=8', 'plainlog=4', 'data=2', 'tmpfile=2', 'sparse'];
      const others = ['memfd=3', 'shm=3', 'living=2', 'linked=2', 'markers=1', 'fork'];
      const box = await held([...deleted, ...others]);
      box.run('head -c 7M /dev/zero >/srv/d/live.bin && ln /srv/d/live.bin /srv/d/again');
      const { get, findings, coverage } = look(box, { mount: '/srv/d' }, { shell });
      const full = get('filesystem-full');
      expect(full.status).toBe('critical');
      expect(full.title).toMatch(
        /^`\/srv\/d` is 9\d(\.\d)? % full; 37\.7 MB of it is held by \d deleted files that are still open$/,
      );
      expect(full.data).toMatchObject({ deletedOpenBytes: 36 * MIB, walkFinished: true });
      expect(Math.abs(Number(full.data['unexplainedBytes']))).toBeLessThan(64 * MIB * 0.02);
      expect(coverage.notes).toEqual([]);
      expect(paths(findings)).toEqual([
        '/srv/d/app.log',
        '/srv/d/a\\nb\\tc $(reboot) "\'\\e[31m\\xff\\u{202e}\\x60x\\x60\\\\.log',
        '/srv/d/plain.log',
        '/srv/d/table.ibd',
        expect.stringMatching(/^\/srv\/d\/#\d+$/),
      ]);
      const [log, , plain, table, unnamed] = findings.filter((one) => one.code.includes('deleted'));
      expect(log?.data).toMatchObject({
        fd: expect.any(Number),
        process: 'python3',
        sizeBytes: 20 * MIB,
      });
      expect(log?.detail).toContain('4 descriptors in 2 processes');
      expect(log?.fixes[0]?.params).toMatchObject({
        inode: log?.data['inode'],
        device: log?.data['device'],
      });
      expect(plain?.detail).toContain('without O_APPEND');
      expect(table?.fixes).toEqual([]);
      expect(unnamed?.title).toContain('O_TMPFILE');
      expect(unnamed?.fixes).toEqual([]);
    });

    it('sees without privilege that the disk is full, and says what it cannot see', async () => {
      const box = await held(['log=48']);
      const { get, codes } = look(box, { mount: '/srv/d' }, { shell, user: 'plain' });
      expect(codes).toEqual(['filesystem-full', 'coverage']);
      expect(get('filesystem-full').status).toBe('critical');
      const blind = get('coverage');
      expect(blind.status).toBe('unknown');
      expect(blind.title).toMatch(
        /^Deleted files that fill `\/srv\/d` could not be looked for: \d+ of \d+ processes readable; 50\.3 MB/,
      );
      expect(blind.data).toMatchObject({ privilege: 'none' });
    });

    it('finds the directory that eats the inodes', async () => {
      const box = await held([], '-N 1024');
      box.run('mkdir -p /srv/d/spool/in; cd /srv/d/spool/in; seq 990 | xargs touch');
      const { get } = look(box, { mount: '/srv/d' }, { shell });
      expect(get('inodes-exhausted').status).toBe('critical');
      expect(get('inodes-exhausted').data).toMatchObject({
        directory: '/srv/d/spool/in',
        entries: 990,
      });
    });

    it('names what is deleted but only mapped, and the deleted image below a loop device', async () => {
      const box = await held(['mapped=20']);
      box.run(
        'truncate -s 20M /srv/d/inner.img; mkfs.ext4 -q /srv/d/inner.img; mkdir /srv/inner; mount -o loop /srv/d/inner.img /srv/inner; head -c 14M /dev/urandom >/srv/inner/x; sync; rm /srv/d/inner.img',
      );
      const { get } = look(
        box,
        { mount: '/srv/d', warnPercent: 40, criticalPercent: 50 },
        { shell },
      );
      const full = get('filesystem-full');
      expect(full.title).toContain('21 MB of it is held by deleted files that are still mapped');
      expect(full.data).toMatchObject({ mappedDeletedBytes: 20 * MIB });
      expect(full.detail).toMatch(/The image `\/srv\/d\/inner\.img` below `loop\d+` is deleted/);
    });
  });

  it('says where files may hide below a mount', async () => {
    const box = await held([]);
    box.run(
      'mkdir /srv/d/sub; head -c 48M /dev/zero >/srv/d/sub/x; mount -t tmpfs tmpfs /srv/d/sub',
    );
    const full = look(box, { mount: '/srv/d' }).get('filesystem-full');
    expect(full.title).toContain('50.3 MB of it is in no file that could be seen');
    expect(full.detail).toContain('Files could be hidden below `/srv/d/sub`');
  });
});
