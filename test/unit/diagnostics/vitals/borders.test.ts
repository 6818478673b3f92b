import { describe, expect, it } from 'vitest';
import { bodyOf, type Draft, fixture } from '../../../support/vitals-reading.ts';

const healthy = fixture('healthy');
const kib = (n: number) => `${n} kB`;

/** Counters of the second sample. */
function second(draft: Draft, change: (body: string) => string): Draft {
  return draft.section('sample', change(bodyOf(draft, 'sample', 1)), 1);
}

function uptime(draft: Draft): number {
  return Number(/^time (\d+) /m.exec(draft.text)?.[1]) / 100;
}

function kernel(draft: Draft, lines: readonly string[]): Draft {
  return draft.section('kernel', `restrict 1\nsource dmesg\nlines 9 0 0.0\n${lines.join('\n')}\n`);
}

const aged = (draft: Draft, seconds: number): string => (uptime(draft) - seconds).toFixed(6);

describe('vitals: memory', () => {
  const total = 10_000_000;
  const short = (available: number): Draft =>
    healthy
      .line('MemTotal:', `MemTotal: ${kib(total)}`)
      .line('MemAvailable:', `MemAvailable: ${kib(available)}`);

  it.each([
    [1_000_001, null],
    [1_000_000, 'warning'],
    [400_001, 'warning'],
    [400_000, 'critical'],
  ])('with %i of 10000000 kB available is %s', (available, status) => {
    expect(
      short(available)
        .titles('memory')
        .map((one) => one.split(' ')[0]),
    ).toEqual(status === null ? [] : [status]);
  });

  it('counts page cache as available where the kernel does not say', () => {
    const old = (free: number, cached: number, shmem: number): Draft =>
      short(0)
        .line('MemAvailable:', `MemFree: ${kib(free)}`)
        .line('Cached:', `Cached: ${kib(cached)}`)
        .line('Buffers:', 'Buffers: 0 kB')
        .line('Shmem:', `Shmem: ${kib(shmem)}`);
    expect(old(100_000, 5_000_000, 0).titles('memory')).toEqual([]);
    expect(old(100_000, 5_000_000, 4_900_000).titles('memory')[0]).toMatch(/^critical Only 204/);
  });

  it.each([
    [3000, 0, null],
    [749, 9000, null],
    [750, 9000, 'warning'],
    [7500, 7500, 'critical'],
  ])('swapping %i in and %i out within three seconds is %s', (came, went, status) => {
    const draft = second(healthy.line('at', 'at 100000'), (body) =>
      body
        .replace(/^at .*/m, 'at 100300')
        .replace(/^pswpin .*/m, `pswpin ${came}`)
        .replace(/^pswpout .*/m, `pswpout ${went}`),
    );
    expect(draft.titles('memory').map((one) => one.split(' ')[0])).toEqual(
      status === null ? [] : [status],
    );
  });

  it('does not mind full swap while memory is free, nor promised memory without strict accounting', () => {
    const full = healthy
      .line('SwapTotal:', 'SwapTotal: 1000 kB')
      .line('SwapFree:', 'SwapFree: 0 kB');
    expect(full.titles('memory')).toEqual([]);
    const promised = healthy.line('Committed_AS:', 'Committed_AS: 99999999999 kB');
    expect(promised.titles('memory')).toEqual([]);
    expect(promised.line('Overcommit:', 'Overcommit: 2').titles('memory')).toHaveLength(1);
  });

  it('says nothing of a group near its limit only by page cache', () => {
    const group = 'group 0 0 1000000 1000000 - - 0 /sys/fs/cgroup/system.slice/db.service';
    const cgroups = (cache: number): Draft =>
      healthy.section(
        'cgroups',
        `walked 3 0\n${group}\ncache ${cache} /sys/fs/cgroup/system.slice/db.service\n`,
      );
    expect(cgroups(100_001).titles('memory')).toEqual([]);
    expect(cgroups(100_000).titles('memory')).toEqual([
      'warning Unit `db.service` uses 90 % of its own memory limit of 1 MB',
    ]);
    expect(cgroups(30_000).titles('memory')[0]).toMatch(/^critical/);
  });
});

describe('vitals: OOM kills', () => {
  const killed =
    'Out of memory: Killed process 7 (a) b) total-vm:9kB, anon-rss:2kB, file-rss:1kB, shmem-rss:1kB';
  const at = (seconds: number): readonly string[] => {
    const old = older();
    return kernel(old, ['class oom 1 1', `line oom ${aged(old, seconds)} ${killed}`]).titles('oom');
  };
  const older = (): Draft => healthy.line('time', 'time 20000000 1795263527.25');

  it.each([
    [3600, 'critical'],
    [3601, 'warning'],
    [86_400, 'warning'],
    [86_401, undefined],
  ])('%i seconds ago is %s', (seconds, status) => {
    expect(at(seconds)[0]?.split(' ')[0]).toBe(status);
  });

  it('names a process whose name holds a bracket, and its resident memory', () => {
    expect(at(60)[0]).toContain('`a) b` (pid 7, 4.1 kB) was killed 1 min ago');
  });

  it('reads the words of old kernels', () => {
    const lines = [
      'class oom 2 2',
      `line oom - Out of memory: Kill process 7 (java) score 9 or sacrifice child`,
      'line oom - Killed process 7 (java) total-vm:9kB, anon-rss:2kB, file-rss:1kB',
    ];
    expect(kernel(healthy, lines).titles('oom')).toEqual([
      'warning The host ran out of memory: `java` (pid 7, 3.1 kB) was killed at an unknown time',
    ]);
  });

  it('does not let a container at its limit look like a host without memory', () => {
    const lines = [
      'class oom 1 1',
      `line oom ${aged(healthy, 5)} Memory cgroup out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:2kB`,
    ];
    expect(kernel(healthy, lines).titles('oom')[0]).toMatch(/reached its own memory limit/);
  });

  it('tells a kill between the samples although the log has none', () => {
    const draft = second(healthy, (body) => body.replace(/^oom_kill .*/m, 'oom_kill 1'));
    expect(draft.titles('oom')).toEqual([
      'critical 1 process killed for lack of memory while we looked',
    ]);
  });

  it('lets a counter speak only where the log does not reach', () => {
    const counted = older().line('oom_kill', 'oom_kill 3');
    expect(counted.titles('oom')).toEqual([]);
    const closed = counted.section('kernel', 'restrict 1\nrefused no\n');
    expect(closed.titles('oom')[0]).toMatch(
      /^warning 3 processes killed .* since the host started/,
    );
    const fresh = closed.line('time', 'time 300000 1795263527.25');
    expect(fresh.titles('oom')[0]).toMatch(/^critical/);
    const overwritten = counted.section('kernel', 'restrict 1\nsource dmesg\nlines 9 0 199000.0\n');
    expect(overwritten.judge().findings.find(({ code }) => code === 'vitals.oom')?.detail).toMatch(
      /reaches back 16 min 40 s only/,
    );
  });
});

describe('vitals: the kernel log', () => {
  const one = (
    seconds: number,
    name = 'io',
    text = 'I/O error, dev sda, sector 1',
  ): readonly string[] => {
    const old = healthy.line('time', 'time 99999999 1795263527.25');
    return kernel(old, [`class ${name} 1 0`, `line ${name} ${aged(old, seconds)} ${text}`]).titles(
      'kernel',
    );
  };

  it.each([
    ['io', 3600, 'critical'],
    ['io', 3601, 'warning'],
    ['io', 90_000, 'warning'],
    ['lockup', 86_400, 'warning'],
    ['lockup', 86_401, undefined],
    ['neighbours', 3601, undefined],
    ['thermal', 60, 'warning'],
  ])('%s %i seconds ago is %s', (name, seconds, status) => {
    expect(one(seconds, name)[0]?.split(' ')[0]).toBe(status);
  });

  it.each([
    ['I/O error, dev sda, sector 1', '`sda`'],
    ['Aborting journal on device sda1-8.', '`sda1`'],
    ['Aborting journal on device dm-3-8.', '`dm-3`'],
    ['XFS (dm-0): Metadata I/O error', '`dm-0`'],
    ['EXT4-fs error (device nvme0n1p1): x', '`nvme0n1p1`'],
    ['ata3.00: failed command: READ', '`ata3`'],
  ])('finds the device of %s', (text, device) => {
    expect(one(5, 'io', text)[0]).toContain(`(${device})`);
  });

  it('lets a file server that came back be, and names one that did not', () => {
    const lines = (back: boolean): readonly string[] => [
      'class nfs 2 2',
      `line nfs ${aged(healthy, 50)} nfs: server a not responding, still trying`,
      `line nfs ${aged(healthy, 40)} nfs: server b not responding, timed out`,
      'class nfs-back 1 1',
      `line nfs-back ${aged(healthy, back ? 30 : 60)} nfs: server a OK`,
    ];
    expect(kernel(healthy, lines(true)).titles('kernel')).toEqual([
      'critical The NFS server `b` stopped answering 40 s ago and has not come back',
    ]);
    expect(kernel(healthy, lines(false)).titles('kernel')).toHaveLength(2);
  });
});
