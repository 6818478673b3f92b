import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { ext4 } from '../support/disk-box.ts';
import { CONTAINER, containerGroup, groupProblem, look, vitalsBox } from '../support/vitals-box.ts';

const ACTOR = fileURLToPath(new URL('../support/vitals-actor.py', import.meta.url));
const problem = boxProblem();
if (problem !== null) console.warn(`vitals: skipped, ${problem}`);

/** Of the table itself: the kernel log may tell of one that was full before. */
const isNow = ({ title }: { title: string }) => title.includes('%');

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
    const { find } = look(box, { user: 'plain' });
    const told = find('descriptors', ({ data }) => data['limit'] === 64);
    const blind = find('coverage', ({ subject }) => subject === 'descriptors');
    expect([told !== undefined, blind?.status]).toEqual(
      counted ? [true, undefined] : [false, 'unknown'],
    );
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

  it('tells a table of connections that is nearly full', async ({ skip }) => {
    const tables = '/proc/sys/net/netfilter';
    if (!existsSync(`${tables}/nf_conntrack_max`)) skip('this kernel has no connection tracking');
    const box = await vitalsBox();
    expect(look(box).find('conntrack', isNow)).toBeUndefined();
    box.run(`echo $(($(cat ${tables}/nf_conntrack_max) * 99 / 100)) >/srv/d/count; chmod 644 /srv/d/count
      mount --bind /srv/d/count ${tables}/nf_conntrack_count`);
    for (const user of ['root', 'plain'] as const) {
      expect(look(box, { user }).get('conntrack', isNow).status).toBe('critical');
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
      expect(full.detail).toMatch(/denied (once|\d+ times)/);
    },
  );

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
