import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { ext4 } from '../support/disk-box.ts';
import {
  CONTAINER,
  containerGroup,
  groupProblem,
  look,
  standIn,
  vitalsBox,
} from '../support/vitals-box.ts';

const ACTOR = fileURLToPath(new URL('../support/vitals-actor.py', import.meta.url));
const problem = boxProblem();
if (problem !== null) console.warn(`vitals with real causes: skipped, ${problem}`);

describe.skipIf(problem !== null)('vitals with real causes', () => {
  describe.each(['dash', 'bash', 'busybox'] as const)('with %s', (shell) => {
    it('names the process that holds all the descriptors it may, and what they are', async () => {
      const box = await vitalsBox();
      await box.start('python3', ACTOR, 'descriptors', '64');
      const { get, result } = look(box, { shell });
      const full = get('descriptors', ({ data }) => data['limit'] === 64);
      expect(full.status).toBe('critical');
      expect(full.title).toMatch(
        /^`python3` \(pid \d+\).* holds all its 64 descriptors, 6\d of them in `\/srv\/d\/`$/,
      );
      expect(full.data).toMatchObject({ what: 'process', process: 'python3' });
      expect(full.data['open']).toBeGreaterThanOrEqual(64);
      expect(result.timedOut).toBe(false);
    });
  });

  it('tells descriptors to everybody where the kernel does', async () => {
    const box = await vitalsBox();
    await box.start('python3', ACTOR, 'descriptors', '64');
    const counted = Number(box.run('stat -c %s /proc/self/fd')) > 0;
    const { find, get } = look(box, { user: 'plain' });
    if (counted) expect(find('descriptors', ({ data }) => data['limit'] === 64)).toBeDefined();
    else expect(get('coverage', ({ subject }) => subject === 'descriptors').status).toBe('unknown');
  });

  it('is not slowed down by 24,000 descriptors, and says nothing of a process far from its limit', async () => {
    const box = await vitalsBox();
    await box.start('python3', ACTOR, 'descriptors', '0', '12000');
    await box.start('python3', ACTOR, 'descriptors', '0', '12000');
    const { find, result } = look(box);
    expect(result.exitCode).toBe(0);
    expect(find('descriptors', ({ data }) => Number(data['open']) > 10_000)).toBeUndefined();
  });

  it('names the socket whose connections nobody accepts, and who should', async () => {
    const box = await vitalsBox();
    await box.start(
      'unshare',
      '--net',
      'sh',
      '-c',
      `ip link set lo up; exec python3 ${ACTOR} listener 4`,
    );
    const { get } = look(box);
    const full = get('backlog', ({ data }) => data['limit'] === 4);
    expect(full.status).toBe('critical');
    expect(full.title).toMatch(
      /^Nobody accepts connections on 127\.0\.0\.1:\d+: 5 connections wait for `python3` \(pid \d+\).*, and no more fit$/,
    );
    expect(Number(full.data['droppedPerSecond'])).toBeGreaterThan(0);
    // Without root neither the queue's length nor its owner is known in a foreign namespace: only what is lost.
    const plain = look(box, { user: 'plain' }).get('backlog');
    expect(plain).toMatchObject({ status: 'warning', data: { address: null } });
  });

  it('says of a process that never accepts because it was stopped that it is stopped', async () => {
    const box = await vitalsBox();
    await box.start(
      'unshare',
      '--net',
      'sh',
      '-c',
      `ip link set lo up; exec python3 ${ACTOR} listener 3`,
    );
    box.run("kill -STOP $(pgrep -f 'listener 3' | head -n 1)");
    expect(look(box).get('backlog', ({ data }) => data['limit'] === 3).title).toContain(
      'which is stopped (SIGSTOP)',
    );
  });

  it('names tasks that hang, where, and on which file system', async () => {
    const box = await vitalsBox();
    ext4(box, '/srv/d');
    await box.start('python3', ACTOR, 'write', '/srv/d/file', '/srv/go');
    box.run('fsfreeze -f /srv/d');
    try {
      box.run('touch /srv/go');
      await expect.poll(() => box.run('ps -eo state,args')).toMatch(/^D .*vitals-actor/m);
      const { get } = look(box);
      const hang = get('blocked-tasks', ({ subject }) => subject === '/srv/d');
      expect(hang.title).toMatch(
        /^`python3` \(pid \d+\) hangs in the kernel .*on `\/srv\/d` \(ext4 from/,
      );
      expect(hang.data).toMatchObject({ count: 1, mount: '/srv/d', mountType: 'ext4' });
      expect(hang.next).toEqual([{ diagnostic: 'disk', params: { mount: '/srv/d' } }]);
      const plain = look(box, { user: 'plain' }).get('blocked-tasks');
      expect(plain.detail).toContain('only root can see');
    } finally {
      box.run('fsfreeze -u /srv/d');
    }
  });

  it('does not take a parent of a vfork, or a frozen container, for a hang', async () => {
    const box = await vitalsBox();
    await box.start('python3', ACTOR, 'vfork');
    if (groupProblem('freezer') === null) {
      const group = containerGroup(box, 'freezer');
      box.run(
        `sleep 3600 >/dev/null 2>&1 & echo $! >${group}/cgroup.procs; echo FROZEN >${group}/freezer.state`,
      );
    }
    expect(box.run("ps -eo state,args | grep '^D' | grep -v grep")).toContain('vfork');
    const { find } = look(box);
    const told = ({ detail }: { detail: string }) => /sleep|kernel_clone/.test(detail);
    expect(find('blocked-tasks', told)).toBeUndefined();
    expect(
      look(box, { user: 'plain' }).find('blocked-tasks', ({ detail }) =>
        detail.includes('`sleep`'),
      ),
    ).toBeUndefined();
  });

  it.skipIf(groupProblem('memory') !== null)(
    'names the container that reached its memory limit and the process that was killed',
    async () => {
      const box = await vitalsBox();
      const group = containerGroup(box, 'memory');
      box.run(`echo 40M >${group}/memory.limit_in_bytes`);
      await box.start('sh', '-c', `echo $$ >${group}/cgroup.procs; exec python3 ${ACTOR} memory`);
      await expect
        .poll(() => box.run(`cat ${group}/memory.oom_control`), { timeout: 20_000 })
        .toContain('oom_kill 1');
      const { get } = look(box);
      const own = (one: { data: Readonly<Record<string, unknown>> }) =>
        one.data['container'] === CONTAINER.slice(0, 12);
      const killed = get('oom', own);
      expect(killed.status).toBe('critical');
      expect(killed.title).toMatch(
        /^Container `c0ffee012345` reached its own memory limit: `python3` \(pid \d+, \d+(\.\d)? MB\) was killed /,
      );
      expect(killed.data).toMatchObject({ scope: 'group', kills: 1, process: 'python3' });
      expect(killed.next).toEqual([
        { diagnostic: 'logs', params: { container: CONTAINER.slice(0, 12) } },
      ]);
      const plain = look(box, { user: 'plain' });
      const restricted = plain.find('coverage', ({ subject }) => subject === 'kernel log');
      if (restricted === undefined) return;
      expect(restricted.title).toContain('kernel.dmesg_restrict=1');
      expect(plain.get('oom', own).title).toBe(
        'Container `c0ffee012345` lost 1 process to the OOM killer since it began',
      );
    },
  );

  it.skipIf(groupProblem('memory') !== null)(
    'tells a container near its memory limit, and page cache that could be given back from use',
    async () => {
      const box = await vitalsBox();
      const group = containerGroup(box, 'memory');
      box.run(`echo 128M >${group}/memory.limit_in_bytes`);
      const disk = `mount -o loop ${box.directory}/disk /srv/d`;
      box.run(
        `truncate -s 200M ${box.directory}/disk; mkfs.ext4 -q ${box.directory}/disk; ${disk}; head -c 150M /dev/zero >/srv/d/big; umount /srv/d; ${disk}`,
      );
      const own = (one: { subject: string }) => one.subject === group;
      box.run(
        `sh -c 'echo $$ >${group}/cgroup.procs; for i in 1 2 3; do cat /srv/d/big >/dev/null; done'`,
      );
      expect(look(box).find('memory', own)).toBeUndefined();
      const hold =
        'import time; held = b"x" * (112 << 20); print("ready", flush=True); time.sleep(3600)';
      await box.start('sh', '-c', `echo $$ >${group}/cgroup.procs; exec python3 -c '${hold}'`);
      const near = look(box).get('memory', own);
      expect(near.title).toMatch(
        /^Container `c0ffee012345` uses 9\d.* % of its own memory limit of 134\.2 MB$/,
      );
      expect(near.data).toMatchObject({ what: 'group', limitBytes: 128 * 1024 * 1024 });
    },
  );

  it.skipIf(groupProblem('memory') !== null)(
    'tells a container whose OOM killer is off and whose processes stand still',
    async () => {
      const box = await vitalsBox();
      const group = containerGroup(box, 'memory');
      box.run(`echo 40M >${group}/memory.limit_in_bytes; echo 1 >${group}/memory.oom_control`);
      await box.start('sh', '-c', `echo $$ >${group}/cgroup.procs; exec python3 ${ACTOR} memory`);
      await expect
        .poll(() => box.run(`cat ${group}/memory.oom_control`), { timeout: 20_000 })
        .toContain('under_oom 1');
      const { get } = look(box);
      expect(get('oom', ({ subject }) => subject === group)).toMatchObject({
        status: 'critical',
        title:
          'Container `c0ffee012345` is out of memory and its processes stand still: its OOM killer is turned off',
      });
    },
  );

  it.skipIf(groupProblem('pids') !== null)(
    'tells a container at its limit of processes',
    async () => {
      const box = await vitalsBox();
      const group = containerGroup(box, 'pids');
      box.run(`echo 20 >${group}/pids.max`);
      await box.start('sh', '-c', `echo $$ >${group}/cgroup.procs; exec python3 ${ACTOR} crowd 40`);
      const full = look(box).get('tasks', ({ subject }) => subject === group);
      expect(full).toMatchObject({
        status: 'critical',
        title:
          'Container `c0ffee012345` runs all the 20 processes and threads that it may (pids.max)',
        data: { what: 'group', tasks: 20, limit: 20 },
      });
      expect(full.detail).toMatch(/denied \d+ times/);
    },
  );

  it('finds the full directory of an ext4 that has room, by its name', async () => {
    const box = await vitalsBox();
    ext4(box, '/srv/d', '-b 1024 -N 60000');
    const fill = `import os
os.mkdir("/srv/d/up loads")
os.chdir("/srv/d/up loads")
try:
    for i in range(40000):
        os.close(os.open(f"{i:05d}" + "n" * 245, os.O_CREAT | os.O_WRONLY))
except OSError as error:
    print(error.errno)`;
    expect(box.run(`python3 -c '${fill}'`).trim()).toBe('28');
    const device = box.run('findmnt -n -o SOURCE /srv/d').trim().replace('/dev/', '');
    const full = look(box).get('kernel', ({ data }) => data['path'] === '/srv/d/up loads');
    expect(full).toMatchObject({ status: 'critical', data: { class: 'directory-full' } });
    expect(full.data['devices']).toContain(device);
    expect(full.title).toMatch(/^A directory is full \(`\/srv\/d\/up loads`\) .* index full/);
    expect(full.next).toEqual([{ diagnostic: 'disk', params: { mount: '/srv/d' } }]);
  });

  it('tells that the kernel made a file system read-only, on which device', async () => {
    const box = await vitalsBox();
    ext4(box, '/srv/d', '-e remount-ro');
    const device = box.run('findmnt -n -o SOURCE /srv/d').trim().replace('/dev/', '');
    box.run(`echo 1 >/sys/fs/ext4/${device}/trigger_fs_error`);
    const lines = look(box).get('kernel', ({ data }) => data['class'] === 'read-only');
    expect(lines.status).toBe('critical');
    expect(lines.data['devices']).toContain(device);
  });

  it('is not fooled by lines that a program wrote into the kernel log', async () => {
    const box = await vitalsBox();
    const uptime = box.run('cut -d " " -f 1 /proc/uptime').trim();
    standIn(
      box,
      '/usr/bin/dmesg',
      `echo '<6>[    0.000000] Linux version 6.1.0'; echo '<12>[${uptime}] EXT4-fs error (device sdz9): made up'; echo '<3>[${uptime}] I/O error, dev sdy, sector 12345 op 0x0:(READ)'; echo '<3>[${uptime}] blk_update_request: I/O error, dev fd0, sector 0'`,
    );
    const { findings, get } = look(box);
    const kernel = findings.filter(({ code }) => code === 'vitals.kernel');
    expect(kernel.map(({ subject }) => subject)).toEqual(['sdy']);
    expect(get('kernel').status).toBe('critical');
  });

  it('reads a log file where the kernel log is closed, and only what follows the last start', async () => {
    const box = await vitalsBox();
    const line = (at: string, text: string) => `Nov 21 11:59:22 web-1 kernel: [${at}] ${text}`;
    const uptime = box.run('cut -d " " -f 1 /proc/uptime').trim();
    const log = [
      line('  900000.000001', 'XFS (old1): Filesystem has been shut down due to log error'),
      line('       0.000000', 'Linux version 6.1.0'),
      'Nov 21 11:59:22 web-1 app: kernel: [    1.000000] Out of memory: Killed process 1 (init)',
      line(uptime, 'watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [dockerd:991]'),
    ];
    box.run(
      `mount -t tmpfs tmpfs /var/log; printf '%s\\n' ${log.map((one) => `'${one}'`).join(' ')} >/var/log/kern.log; chmod 644 /var/log/kern.log`,
    );
    const { get, find } = look(box, { user: 'plain' });
    expect(get('kernel').title).toMatch(
      /^A CPU was stuck in the kernel \(lock-up\) just now|s ago/,
    );
    expect(find('kernel', ({ title }) => title.includes('old1'))).toBeUndefined();
    expect(find('coverage', ({ subject }) => subject === 'kernel log')).toBeUndefined();
  });

  it('says unknown, and why, where the kernel log is closed', async () => {
    const box = await vitalsBox();
    box.run('mount -t tmpfs -o mode=700 tmpfs /var/log; mount -t tmpfs -o mode=700 tmpfs /run');
    const { get, coverage } = look(box, { user: 'plain' });
    if (box.run('cat /proc/sys/kernel/dmesg_restrict').trim() === '0') return;
    expect(get('coverage', ({ subject }) => subject === 'kernel log')).toMatchObject({
      status: 'unknown',
      data: { privilege: 'none', seen: 0, total: 1, what: 'kernel log' },
    });
    expect(coverage.notes.join('\n')).toContain('kernel.dmesg_restrict=1');
  });

  it('knows that hidepid hides the processes of others', async () => {
    const box = await vitalsBox();
    box.run('mount -o remount,hidepid=2 /proc');
    expect(
      look(box, { user: 'plain' }).get('coverage', ({ subject }) => subject === 'processes').title,
    ).toContain('hidden (hidepid)');
    expect(look(box).find('coverage', ({ subject }) => subject === 'processes')).toBeUndefined();
  });

  it('does not hang on a time daemon that does', async () => {
    const box = await vitalsBox();
    standIn(box, '/usr/bin/timedatectl', 'exec sleep 600');
    expect(look(box).result.exitCode).toBe(0);
  });

  it('tells how far the clock is off, beyond what the question took', async () => {
    const box = await vitalsBox();
    expect(look(box).find('clock')).toBeUndefined();
    const ahead = new Date(Date.now() - 90_000).toISOString();
    expect(look(box, {}, { startedAt: ahead }).get('clock')).toMatchObject({
      status: 'critical',
      title: expect.stringMatching(/^The clock is (89|9[0-9])(\.\d)? s ahead of Housecall's$/),
    });
    // Whole seconds only: busybox.
    expect(look(box, { shell: 'busybox' }).find('clock')).toBeUndefined();
  });

  it('lets no name of a process pass for a section or a line of its own', async () => {
    const box = await vitalsBox();
    await box.start(
      'python3',
      '-c',
      `import ctypes,os,time,resource
ctypes.CDLL(None).prctl(15, b"a) D 1\\n@f1x7u\\x1b", 0, 0, 0)
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
held = []
try:
    while True: held.append(os.open("/srv/d/x", os.O_CREAT))
except OSError: pass
print("ready", flush=True); time.sleep(3600)`,
    );
    const full = look(box).get('descriptors', ({ data }) => data['limit'] === 32);
    expect(full.data['process']).toBe('a) D 1\\n@f1x7u\\e');
  });
});
