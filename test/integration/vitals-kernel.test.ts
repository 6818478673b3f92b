import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { ext4 } from '../support/disk-box.ts';
import { look, standIn, vitalsBox } from '../support/vitals-box.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`vitals: skipped, ${problem}`);

describe.skipIf(problem !== null)('vitals, what the kernel says', () => {
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
    expect(full.title).toMatch(
      /^The directory `\/srv\/d\/up loads` is full: .* in the kernel log, the last (just now|\d+ s ago)$/,
    );
    expect(full.next).toEqual([{ diagnostic: 'disk', params: { mount: '/srv/d' } }]);
  });

  it('does not say that of the next file system on the same device', async () => {
    const box = await vitalsBox();
    ext4(box, '/srv/d');
    const device = box.run('findmnt -n -o SOURCE /srv/d').trim().replace('/dev/', '');
    const before = '100.000000';
    const line = `EXT4-fs warning (device ${device}): ext4_dx_add_entry:2528: Directory (ino: 2) index full, reach max htree level :2`;
    standIn(
      box,
      '/usr/bin/dmesg',
      `echo '<4>[  ${before}] ${line}'; echo '<6>[  200.0] EXT4-fs (${device}): mounted filesystem 1f2e r/w with ordered data mode.'`,
    );
    const { findings } = look(box);
    const full = findings.filter(({ data }) => data['class'] === 'directory-full');
    // Inode 2 is the root directory of whatever is mounted there now, and that is small.
    expect(full).toMatchObject([
      { status: 'warning', detail: expect.stringContaining('Inode 2 on `/srv/d` is `/srv/d` now') },
    ]);
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
      /^A CPU was stuck in the kernel \(lock-up\), (?:just now|\d+ s ago): /,
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
    // What the finding advises: the group of the mount sees them.
    box.run('mount -o remount,hidepid=2,gid=65534 /proc');
    const member = look(box, { user: 'plain' });
    expect(
      member.find('coverage', ({ title }) => title.includes('hidden (hidepid)')),
    ).toBeUndefined();
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

  it('looks with busybox alone and without rights, and says what it could not see', async () => {
    const box = await vitalsBox();
    const { result, findings, coverage } = look(box, { shell: 'busybox', user: 'plain' });
    expect(result.exitCode).toBe(0);
    expect(coverage.notes.join('\n')).not.toContain('lacks');
    const closed = box.run('cat /proc/sys/kernel/dmesg_restrict').trim() !== '0';
    const subjects = findings.filter(({ code }) => code === 'vitals.coverage');
    expect(subjects.map(({ subject }) => subject)).toEqual(closed ? ['kernel log'] : []);
  });
});
