import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { boxed, ext4, HOLDER, held, look, MIB } from '../support/disk-box.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`disk on real file systems: skipped, ${problem}`);

describe.skipIf(problem !== null)('disk among look-alikes', () => {
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
    // The group of the mount sees the processes, and still not what they hold open.
    box.run('mount -o remount,hidepid=2,gid=65534 /proc');
    const member = look(box, { mount: '/srv/d' }, { user: 'plain' });
    expect(member.get('coverage').title).toMatch(/could not be looked for: \d+ of \d+ processes/);
    expect(member.codes).not.toContain('deleted-open-file');
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

  it('names a big living file, and takes it for no deleted one', async () => {
    const box = await held(['living=50']);
    const { get, codes } = look(box, { mount: '/srv/d' });
    expect(codes).toEqual(['filesystem-full']);
    const full = get('filesystem-full');
    expect(full.title).toMatch(/; 52\.4 MB of it is `\/srv\/d\/living\.log \(deleted\)`$/);
    expect(full.data).toMatchObject({ deletedOpenBytes: 0 });
  });

  it('counts what a container wrote once, although its overlay shows it a second time', async () => {
    const box = await held([]);
    box.run(`cd /srv/d; mkdir -p o/lower o/upper o/work o/merged
      mount -t overlay overlay -o lowerdir=/srv/d/o/lower,upperdir=/srv/d/o/upper,workdir=/srv/d/o/work /srv/d/o/merged
      head -c 48M /dev/zero >o/merged/x`);
    const { findings, get } = look(box, {});
    // The overlay is as full as the disk below, and no second disk.
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'disk.filesystem-full /srv/d',
    ]);
    const { data, title } = get('filesystem-full');
    expect(title).toContain('50.3 MB of it is `/srv/d/o/upper/x`');
    expect(Math.abs(Number(data['unexplainedBytes']))).toBeLessThan(64 * MIB * 0.02);
  });

  it.each(['dash', 'bash', 'busybox'] as const)(
    'finds a disk whose mount point has blanks that the table of mounts leaves as they are, with %s',
    async (shell) => {
      const box = await held([]);
      box.run(
        `at=$(printf '/srv/a\\rb\\vc\\fd e\\tf\\ng'); mkdir "$at"; mount --move /srv/d "$at"; ln -sfn "$at" /srv/link; head -c 50M /dev/zero >"$at/x"`,
      );
      const { codes, get } = look(box, { mount: '/srv/link' }, { shell });
      expect(codes).toEqual(['filesystem-full']);
      expect(get('filesystem-full').subject).toBe('/srv/a\\rb\\u{b}c\\u{c}d e\\tf\\ng');
    },
  );

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
    expect(Number(data['bytesPerSecond'])).toBeGreaterThan(MIB / 8);
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
    // Anybody may call a process dockerd, and give it any words.
    box.run(
      `printf '#!/bin/sh\\necho ready; sleep 600; :\\n' >/srv/dockerd; chmod 755 /srv /srv/dockerd`,
    );
    await box.start(
      'setpriv',
      '--reuid=65534',
      '--clear-groups',
      '/srv/dockerd',
      '--data-root=/srv',
    );
    const { findings } = look(box, { mount: '/var/lib/docker' });
    const logs = findings.filter((one) => one.code === 'disk.container-log').map((one) => one.data);
    expect(logs).toMatchObject([
      { container: 'web', sizeBytes: 20 * MIB, maxSizeConfigured: null },
      { container: 'db', maxSizeConfigured: '10m' },
    ]);
  });

  it.each(['dash', 'bash', 'busybox'] as const)(
    'never touches a network file system whose server is gone, not even to walk past it, with %s',
    async (shell) => {
      const box = await held(['hung']);
      box.run(`cd /srv/d; mkdir -p "deep *" "de*p" .hidden empty deep/er; touch deep-x
        head -c 40M /dev/zero >"deep *"/x; head -c 4M /dev/zero >deep/y; head -c 2M /dev/zero >.hidden/z; head -c 2M /dev/zero >deep/er/w`);
      const full = look(box, {}, { shell }).get('filesystem-full');
      expect(full.subject).toBe('/srv/d');
      expect(full.data).toMatchObject({ walkFinished: true });
      expect(Math.abs(Number(full.data['unexplainedBytes']))).toBeLessThan(64 * MIB * 0.02);
      const inside = look(box, { mount: '/srv/d/deep/hung/x' }, { shell });
      expect(inside.codes).toEqual(['coverage']);
      expect(inside.get('coverage').title).toContain(
        'is on fuse.sshfs (`/srv/d/deep/hung`), which is never touched',
      );
    },
  );

  it('says of a path that is not there that it is not there', async () => {
    const box = await boxed();
    const { get, codes } = look(box, { mount: '/srv/nowhere' });
    expect(codes).toEqual(['coverage']);
    expect(get('coverage').title).toBe('`/srv/nowhere` does not exist on this host');
    expect(get('coverage').status).toBe('unknown');
  });

  it('stops its walk at the time budget, and then does not know', async () => {
    const box = await held([]);
    box.run('cd /srv/d; mkdir a; head -c 48M /dev/zero >a/x; mkdir 1; cd 1; seq 20 | xargs touch');
    // A find that stalls after a few names stands for a dying disk.
    box.run(`cp /usr/bin/find /srv/real; cat >/srv/stall <<'EOF'
#!/bin/sh
case "$*" in */dev/null*) exec /srv/real "$@" ;; esac
/srv/real "$@" | head -n 2
exec sleep 60
EOF
chmod 755 /srv/stall; mount --bind /srv/stall /usr/bin/find`);
    const { get, coverage } = look(box, { mount: '/srv/d', timeBudgetSeconds: 2 });
    expect(get('filesystem-full').detail).toMatch(
      /The walk stopped after \d s; sizes are lower bounds/,
    );
    expect(get('coverage').status).toBe('unknown');
    expect(coverage.notes).toEqual([
      expect.stringMatching(/^walk of `\/srv\/d` stopped after \d s$/),
    ]);
  });
});
