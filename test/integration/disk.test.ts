import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { disk } from '../../src/diagnostics/disk/index.ts';
import { type Box, boxProblem, createBox, type ProbeOptions } from '../support/box.ts';
import { FIXTURE_NONCE } from '../support/diagnostic-fixture.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`disk on real file systems: skipped, ${problem}`);

const HOLDER = fileURLToPath(new URL('../support/file-holder.py', import.meta.url));
const MIB = 1024 * 1024;

describe.skipIf(problem !== null)('disk on real file systems', () => {
  const open: Box[] = [];
  // Loop devices are seen by every box: each test has the machine for itself.
  afterEach(() => {
    for (const box of open.splice(0)) box.close();
  });

  async function boxed(): Promise<Box> {
    const box = await createBox();
    open.push(box);
    // Somewhere in the test the tmp of the box: an ext4 of 64 MB under a path that names nothing of ours.
    box.run('mount -t tmpfs tmpfs /srv && mkdir /srv/d');
    return box;
  }

  function ext4(box: Box, at: string, options = ''): void {
    const image = `${box.directory}/${at.replaceAll('/', '_')}.img`;
    box.run(
      `truncate -s 64M ${image} && mkfs.ext4 -q ${options} ${image} && mkdir -p ${at} && mount -o loop ${image} ${at} && chmod 755 ${at}`,
    );
  }

  function look(box: Box, params: Record<string, unknown>, options: ProbeOptions = {}) {
    const bound = disk.bind({ sampleSeconds: 0, ...params }, FIXTURE_NONCE);
    const result = box.probe(bound.probe, options);
    expect(result.stderr).toBe('');
    const { coverage, findings } = bound.judge(result);
    const codes = findings.map((one) => one.code.replace('disk.', ''));
    const get = (code: string): Finding => {
      const found = findings.find((one) => one.code === `disk.${code}`);
      if (found === undefined) throw new Error(`no ${code} among ${codes.join(', ')}`);
      return found;
    };
    return { result, coverage, findings, codes, get };
  }

  /** A box with a 64 MB ext4 at /srv/d and somebody who holds files there. */
  async function held(cases: readonly string[], options = ''): Promise<Box> {
    const box = await boxed();
    ext4(box, '/srv/d', options);
    if (cases.length > 0) await box.start('python3', HOLDER, '/srv/d', ...cases);
    return box;
  }

  const paths = (findings: readonly Finding[]) =>
    findings.filter((one) => one.code === 'disk.deleted-open-file').map((one) => one.data['path']);

  describe.each(['dash', 'bash', 'busybox'] as const)('with %s', (shell) => {
    it('names the deleted files of a full disk, and only those, and accounts for every byte', async () => {
      const box = await held([
        ...['log=20', 'hostile=8', 'plainlog=4', 'data=2', 'tmpfile=2', 'sparse'],
        ...['memfd=3', 'shm=3', 'living=2', 'linked=2', 'markers=1', 'fork'],
      ]);
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

  it('is ok about a healthy disk, privileged or not, and says how much it saw', async () => {
    const box = await held(['log=2']);
    const root = look(box, { mount: '/srv/d' });
    expect([root.findings, root.coverage.notes]).toEqual([[], []]);
    const plain = look(box, { mount: '/srv/d' }, { user: 'plain' });
    expect(plain.findings).toEqual([]);
    expect(plain.coverage.notes).toEqual([
      expect.stringMatching(/^\d+ of \d+ processes readable$/),
    ]);
  });

  it('knows that hidepid hides the processes of others', async () => {
    const box = await held(['log=48']);
    box.run('mount -o remount,hidepid=2 /proc');
    const { get, coverage } = look(box, { mount: '/srv/d' }, { user: 'plain' });
    expect(get('coverage').title).toContain('hidden (hidepid)');
    expect(coverage.notes[0]).toContain('hidepid');
    expect(look(box, { mount: '/srv/d' }).codes).not.toContain('coverage');
  });

  it('tells blocks reserved for root from used ones', async () => {
    const box = await held([], '-m 40');
    box.run(
      'mkdir -m 777 /srv/d/w; setpriv --reuid 65534 --clear-groups head -c 60M /dev/zero >/srv/d/w/x || true',
    );
    box.run('chown 65534 /srv/d/w/x');
    const { get } = look(box, { mount: '/srv/d' });
    const { data } = get('filesystem-full');
    expect(Number(data['reservedBytes'])).toBeGreaterThan(20 * MIB);
    expect(Math.abs(Number(data['unexplainedBytes']))).toBeLessThan(64 * MIB * 0.02);
    expect(get('filesystem-full').title).toMatch(/ of it is `\/srv\/d\/w\/x`$/);
  });

  it('counts a file that a container deleted for the disk of its upper directory', async () => {
    const box = await held([]);
    box.run(
      'cd /srv/d; mkdir -p o/lower o/upper o/work /srv/merged; mount -t overlay overlay -o lowerdir=/srv/d/o/lower,upperdir=/srv/d/o/upper,workdir=/srv/d/o/work /srv/merged',
    );
    await box.start('unshare', '--mount', 'python3', HOLDER, '/srv/merged', 'log=48');
    const { get } = look(box, { mount: '/srv/d' });
    expect(get('filesystem-full').data).toMatchObject({
      // One block more for its extents.
      deletedOpenBytes: 48 * MIB + 1024,
    });
    expect(get('deleted-open-file').detail).toContain('inside the container');
    // Asked for the overlay, it is the disk below that can be full.
    expect(look(box, { mount: '/srv/merged' }).get('filesystem-full').subject).toBe('/srv/d');
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

  it('counts a bind mount once', async () => {
    const box = await held([]);
    box.run(
      'mkdir "/srv/d/a [x]*" /srv/d/b /srv/elsewhere; head -c 48M /dev/zero >"/srv/d/a [x]*/x"; mount --bind "/srv/d/a [x]*" /srv/d/b; mount --bind /srv/d /srv/elsewhere; mkdir "/srv/d/c [y]?"; mount --bind "/srv/d/a [x]*" "/srv/d/c [y]?"',
    );
    const { findings, get } = look(box, {});
    expect(findings.filter((one) => one.code === 'disk.filesystem-full')).toHaveLength(1);
    expect(get('filesystem-full').subject).toBe('/srv/d');
    expect(Math.abs(Number(get('filesystem-full').data['unexplainedBytes']))).toBeLessThan(
      64 * MIB * 0.02,
    );
    expect(look(box, { mount: '/srv/elsewhere/b' }).get('filesystem-full').subject).toBe('/srv/d');
  });

  it('reports a file system that the kernel made read-only, not one that is meant to be', async () => {
    const box = await held([], '-e remount-ro');
    ext4(box, '/srv/meant');
    box.run('mount -o remount,ro /srv/meant');
    expect(look(box, {}).codes).toEqual([]);
    box.run(
      'echo x >/srv/d/x; d=$(findmnt -n -o SOURCE /srv/d); echo 1 >/sys/fs/ext4/${d#/dev/}/trigger_fs_error',
    );
    const broken = look(box, {}).get('read-only');
    expect([broken.status, broken.subject]).toEqual(['critical', '/srv/d']);
  });

  it('reports a full tmpfs in words of its own', async () => {
    const box = await held([]);
    box.run(
      'mkdir /srv/t; mount -t tmpfs -o size=8m tmpfs /srv/t; head -c 7900k /dev/zero >/srv/t/x',
    );
    const { get, codes } = look(box, { mount: '/srv/t/x' });
    expect(codes).toEqual(['filesystem-full']);
    expect(get('filesystem-full').detail).toContain('lives in memory');
    expect(get('filesystem-full').data).toMatchObject({ unexplainedBytes: 0 });
  });

  it('sees growth and when the disk will be full', async () => {
    const box = await held(['grow']);
    const { get } = look(box, { mount: '/srv/d', sampleSeconds: 2 });
    const { status, data } = get('filling');
    expect(status).toBe('critical');
    expect(Number(data['bytesPerSecond'])).toBeGreaterThan(MIB / 2);
  });

  it('looks through twenty thousand descriptors', async () => {
    const box = await held(['many=48']);
    const found = look(box, { mount: '/srv/d' }).get('deleted-open-file');
    expect(found.detail).toContain('10,002 descriptors in 2 processes');
  });

  it('names containers with large logs, and which have no limit', async () => {
    const box = await boxed();
    box.run('mount -t tmpfs tmpfs /var/lib');
    ext4(box, '/var/lib/docker');
    const [web, db] = ['a'.repeat(64), 'b'.repeat(64)];
    box.run(`cd /var/lib/docker; mkdir -p containers/${web} containers/${db}
      head -c 20M /dev/zero >containers/${web}/${web}-json.log; head -c 9M /dev/zero >containers/${db}/${db}-json.log
      printf '%s' '{"Name":"/web","Config":{"Env":["X={\\"Name\\":\\"/no\\"}"]}}' >containers/${web}/config.v2.json
      printf '%s' '{"LogConfig":{"Type":"json-file","Config":{}}}' >containers/${web}/hostconfig.json
      printf '%s' '{"Name":"/db"}' >containers/${db}/config.v2.json
      printf '%s' '{"LogConfig":{"Type":"json-file","Config":{"max-file":"3","max-size":"10m"}}}' >containers/${db}/hostconfig.json`);
    const { findings } = look(box, { mount: '/var/lib/docker' });
    const logs = findings.filter((one) => one.code === 'disk.container-log').map((one) => one.data);
    expect(logs).toMatchObject([
      { container: 'web', sizeBytes: 20 * MIB, maxSizeConfigured: null },
      { container: 'db', maxSizeConfigured: '10m' },
    ]);
  });

  it('never touches a network file system whose server is gone', async () => {
    const box = await held(['hung']);
    expect(look(box, {}).findings).toEqual([]);
    const { get, codes } = look(box, { mount: '/srv/d/hung/deep' });
    expect(codes).toEqual(['coverage']);
    expect(get('coverage').title).toContain(
      'is on fuse.sshfs (`/srv/d/hung`), which is never touched',
    );
  });

  it('says of a path that is not there that it is not there', async () => {
    const box = await boxed();
    const { get, codes } = look(box, { mount: '/srv/nowhere' });
    expect(codes).toEqual(['coverage']);
    expect(get('coverage').title).toBe('`/srv/nowhere` does not exist on this host');
    expect(get('coverage').status).toBe('unknown');
  });
});
