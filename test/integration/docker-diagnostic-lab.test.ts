import { afterAll, describe, expect, it } from 'vitest';
import { type Box, boxProblem, createBox } from '../support/box.ts';
import { busyboxImage, dockerProblem, startDockerd } from '../support/dockerd.ts';

describe.skipIf((boxProblem() ?? dockerProblem()) !== null)('a docker daemon of the lab', () => {
  const open: Box[] = [];
  afterAll(() => {
    for (const box of open) box.close();
  });

  it('runs containers, outlives SIGKILL, and leaves nothing behind', {
    timeout: 60_000,
  }, async () => {
    const box = await createBox();
    open.push(box);
    box.run(`mount -t tmpfs tmpfs /srv; mkdir /srv/d
      truncate -s 128M ${box.directory}/img; mkfs.ext4 -q ${box.directory}/img; mount -o loop ${box.directory}/img /srv/d`);
    const dockerd = await startDockerd({ enter: box.enter, dataRoot: '/srv/d', network: 'bridge' });
    expect(busyboxImage(dockerd)).toMatch(/^sha256:[0-9a-f]{64}$/);
    dockerd.docker(
      'run',
      '-d',
      '--stop-signal',
      'KILL',
      '--name',
      'web',
      'busybox:lab',
      'sh',
      '-c',
      'echo hi; sleep 600',
    );
    expect(dockerd.docker('exec', 'web', 'cat', '/etc/passwd')).toContain('nobody');
    const before = dockerd.pid();
    await dockerd.kill('KILL');
    expect(dockerd.pid()).toBeNull();
    await dockerd.start();
    expect(dockerd.pid()).not.toBe(before);
    expect(dockerd.docker('ps', '-aq')).not.toBe('');
    await dockerd.restart();
    expect(dockerd.docker('logs', 'web')).toBe('hi');
    dockerd.stop();
    const own = dockerd.argv.find((one) => one.startsWith('--cgroup-parent='))?.split('/')[1] ?? '';
    expect(own).toMatch(/^housecall-docker-/);
    expect(box.run('ps ax | grep -c "[h]ousecall-docker" || true').trim()).toBe('0');
    expect(box.run('grep -c " /srv/d/" /proc/self/mountinfo || true').trim()).toBe('0');
    expect(box.run(`find /sys/fs/cgroup -name '${own}'`)).toBe('');
  });
});
