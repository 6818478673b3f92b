import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PROBE = fileURLToPath(new URL('../../src/diagnostics/vitals/probe', import.meta.url));

/** Every awk of this machine: they differ. */
const AWKS = ['mawk', 'gawk', 'original-awk', 'busybox awk'].filter(
  (awk) => spawnSync('sh', ['-c', `command -v ${awk.split(' ')[0]}`]).status === 0,
);

/** Runs functions of the probe over this input, with this awk in the place of the host's. */
function through(awk: string, script: string, input: string): string {
  const parts = ['1-words', '3-tasks', '4-kernel', '5-limits'].map(
    (part) => `. ${PROBE}/${part}.sh`,
  );
  const shell = `awk() { ${awk} "$@"; }\nLC_ALL=C; export LC_ALL\n${parts.join('\n')}\n${script}`;
  return execFileSync('sh', ['-c', shell], { input, encoding: 'utf8' });
}

/** Real lines of kernels 3.10 to 6.18, and what each is. */
const LINES: readonly (readonly [string, string | null])[] = [
  ['Out of memory: Killed process 991 (java) total-vm:20kB, anon-rss:15kB, file-rss:1kB', 'oom'],
  [
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=x,pid=1,uid=0',
    'oom',
  ],
  ['Out of memory: Kill process 812 (java) score 901 or sacrifice child', 'oom'],
  [
    'java invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0',
    null,
  ],
  ['watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [dockerd:991]', 'lockup'],
  ['NMI watchdog: Watchdog detected hard LOCKUP on cpu 5', 'lockup'],
  ['rcu: INFO: rcu_sched self-detected stall on CPU', 'lockup'],
  ['INFO: task jbd2/sda1-8:311 blocked for more than 120 seconds.', 'hung'],
  [
    'EXT4-fs warning (device sda1): ext4_dx_add_entry:2461: Directory (ino: 12) index full, reach max htree level :2',
    'directory-full',
  ],
  [
    'EXT4-fs warning (device sda1): ext4_dx_add_entry:2465: Large directory feature is not enabled on this filesystem',
    null,
  ],
  ['EXT4-fs (sda1): Remounting filesystem read-only', 'read-only'],
  ['EXT4-fs (sda1): re-mounted 1f2e r/w. Quota mode: none.', null],
  ['XFS (dm-0): Filesystem has been shut down due to log error (0x2).', 'read-only'],
  [
    'XFS (sdb1): Log I/O Error (0x2) detected at xlog_ioend_work+0x71/0x80. Shutting down filesystem.',
    'read-only',
  ],
  ['BTRFS info (device sdb): forced readonly', 'read-only'],
  ['Aborting journal on device sda1-8.', 'read-only'],
  ['blk_update_request: I/O error, dev sda, sector 81923 op 0x1:(WRITE)', 'io'],
  ['Buffer I/O error on dev sda1, logical block 9985, lost async page write', 'io'],
  ['blk_update_request: I/O error, dev fd0, sector 0 op 0x0:(READ)', null],
  ['I/O error, dev sr0, sector 0 op 0x0:(READ)', null],
  ['blk_update_request: critical medium error, dev sdb, sector 99112', 'io'],
  ['ata3.00: failed command: READ FPDMA QUEUED', 'io'],
  ['nvme nvme0: I/O 12 QID 3 timeout, aborting', 'io'],
  ['nvme nvme0: controller is down; will reset: CSTS=0x3', 'io'],
  [
    'EXT4-fs error (device sda1): ext4_lookup:1855: inode #2: comm ls: deleted inode referenced: 17',
    'file-system',
  ],
  ['XFS (sda1): Metadata corruption detected at xfs_agf_read_verify+0x7e/0xf0', 'file-system'],
  ['BTRFS error (device sdb): bad tree block start', 'file-system'],
  ['EXT4-fs (sda1): mounted filesystem with ordered data mode. Opts: errors=remount-ro', null],
  ['mce: [Hardware Error]: CPU 3: Machine Check: 0 Bank 7: 8c00004000010093', 'hardware'],
  ['EDAC MC0: 1 CE memory read error on CPU_SrcID#0', 'hardware'],
  ['nf_conntrack: nf_conntrack: table full, dropping packet', 'conntrack'],
  ['nf_conntrack: table full, dropping packet', 'conntrack'],
  ['nf_conntrack version 0.5.0 (65536 buckets, 262144 max)', null],
  ['TCP: out of memory -- consider tuning tcp_mem', 'tcp-memory'],
  ['TCP: too many orphaned sockets', 'tcp-memory'],
  [
    'TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.  Check SNMP counters.',
    'syn-flood',
  ],
  ['neighbour: arp_cache: neighbor table overflow!', 'neighbours'],
  ['Neighbour table overflow.', 'neighbours'],
  ['VFS: file-max limit 100000 reached', 'file-max'],
  ['cgroup: fork rejected by pids controller in /docker/abc', 'pids'],
  ['nfs: server filer not responding, still trying', 'nfs'],
  ['nfs: server filer OK', 'nfs-back'],
  ['BUG: kernel NULL pointer dereference, address: 0000000000000000', 'oops'],
  [
    'kworker/u4:1: page allocation failure: order:4, mode:0x40c40(GFP_NOFS|__GFP_COMP)',
    'allocation',
  ],
  ['unregister_netdevice: waiting for lo to become free. Usage count = 1', 'netdevice'],
  ['CPU2: Core temperature above threshold, cpu clock throttled (total events = 1)', 'thermal'],
  ['traps: python3[9] general protection fault ip:7f sp:7f error:0 in libc.so', null],
  ['systemd[1]: Started Session 3 of user ops.', null],
  ['loop0: detected capacity change from 0 to 131072', null],
];

const classes = (output: string): readonly string[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('class '))
    .map((line) => line.slice(6));

describe.each(AWKS)('vitals with %s', (awk) => {
  const kernel = (input: readonly string[], file = ''): string =>
    through(awk, `NOW=1000000; filter_kernel '${file}'`, `${input.join('\n')}\n`);

  it('knows the kinds of lines of the kernel log', () => {
    for (const [text, expected] of LINES) {
      const counted = classes(kernel([`<4>[ 9990.000001] ${text}`])).map(
        (one) => one.split(' ')[0],
      );
      expect([text, counted[0] ?? null]).toEqual([text, expected]);
    }
  });

  it('counts what is recent, keeps the last lines, and the time as it was', () => {
    const lines = Array.from(
      { length: 40 },
      (_, i) => `<3>[${i < 30 ? 12 : 9999}.00000${i % 10}] I/O error, dev sda, sector ${i}`,
    );
    const output = kernel(lines);
    expect(output).toContain('class io 40 10\n');
    const kept = output.split('\n').filter((line) => line.startsWith('line '));
    expect(kept).toHaveLength(12);
    expect(kept.at(-1)).toBe('line io 9999.000009 I/O error, dev sda, sector 39');
    expect(kernel(['<3>[12345678.000001] I/O error, dev sda'])).toContain(
      'line io 12345678.000001 I/O',
    );
  });

  it('leaves out what a program wrote, and reads the caller field and other forms', () => {
    expect(kernel(['<12>[    1.000000] I/O error, dev sda'])).toMatch(/^lines 1 1 /);
    expect(classes(kernel(['<3>[    1.000000][  T123] I/O error, dev sda']))).toEqual(['io 1 0']);
    expect(classes(kernel(['[    1.000000] I/O error, dev sda']))).toEqual(['io 1 0']);
    expect(classes(kernel(['[    1.000000] web-1 kernel: I/O error, dev sda']))).toEqual([
      'io 1 0',
    ]);
    expect(kernel(['<3>I/O error, dev sda'])).toContain('line io - I/O error');
  });

  it('reads log files: only the kernel, only since the last start, with their own times', () => {
    const text = (line: string): readonly string[] => classes(kernel([line], '1'));
    expect(text('Nov 21 11:59:22 web-1 app[3]: I/O error, dev sda')).toEqual([]);
    expect(text('Nov 21 11:59:22 web-1 kernel: [ 9999.000001] I/O error, dev sda')).toEqual([
      'io 1 1',
    ]);
    expect(
      kernel(['2026-11-21T11:59:22.123456+01:00 web-1 kernel: I/O error, dev sda'], '1'),
    ).toContain('line io 2026-11-21T11:59:22.123456+01:00 I/O error');
    const boots = [
      'Nov 20 web-1 kernel: [900000.5] I/O error, dev sda',
      'Nov 21 web-1 kernel: [    0.000000] Linux version',
      'Nov 21 web-1 kernel: [   17.0] nfs: server a not responding',
    ];
    expect(classes(kernel(boots, '1'))).toEqual(['nfs 1 0']);
  });

  it('escapes what a line holds', () => {
    expect(kernel(['<3>[1.000000] I/O error, dev s\u001b[2Jd\\a\u0001'])).toContain(
      'dev s\\033[2Jd\\134a\\001',
    );
  });

  const groups = (input: readonly string[]): readonly string[] =>
    through(awk, 'awk "$AWK_ESC$AWK_GROUPS"', `${input.join('\n')}\n`)
      .trimEnd()
      .split('\n');
  const CG = '/sys/fs/cgroup';

  it('takes off what the children of a group explain, where there are sums only', () => {
    expect(
      groups([
        `${CG}/a/memory.events:oom_kill 3`,
        `${CG}/a/b/memory.events:oom_kill 2`,
        `${CG}/a/b/c/memory.events:oom_kill 2`,
        `${CG}/d/memory.events:oom_kill 0`,
        ':0',
      ]),
    ).toEqual(['walked 4 0', `group 1 0 - - - - 0 ${CG}/a`, `group 2 0 - - - - 0 ${CG}/a/b/c`]);
  });

  it('prefers what a group counted itself, and knows limits of both versions', () => {
    expect(
      groups([
        `${CG}/a/memory.events:oom_kill 9`,
        `${CG}/a/memory.events.local:oom_kill 4`,
        `${CG}/b/memory.max:max`,
        `${CG}/b/memory.current:999999`,
        `${CG}/c/memory.max:1000`,
        `${CG}/c/memory.current:900`,
        `${CG}/memory/d/memory.limit_in_bytes:9223372036854771712`,
        `${CG}/memory/d/memory.usage_in_bytes:9999`,
        `${CG}/memory/e/memory.oom_control:under_oom 1`,
        `${CG}/memory/e/memory.oom_control:oom_kill 0`,
        `${CG}/f/pids.max:100`,
        `${CG}/f/pids.current:80`,
        `${CG}/f/pids.events:max 7`,
        `${CG}/g/pids.max:100`,
        `${CG}/g/pids.current:79`,
        ':124',
      ]),
    ).toEqual([
      'walked 7 1',
      `group 4 0 - - - - 0 ${CG}/a`,
      `group 0 0 1000 900 - - 0 ${CG}/c`,
      `group 0 1 - - - - 0 ${CG}/memory/e`,
      `group 0 0 - - 100 80 7 ${CG}/f`,
    ]);
  });

  it('lets no name of a process speak for another', () => {
    const rest = `0 ${Array.from({ length: 49 }, (_, i) => i).join(' ')}`;
    const lines = [`7 (a) D 1`, `9 (x) S) S ${rest}`, `8 (plain) S ${rest}`];
    const output = through(awk, 'awk "$AWK_ESC$AWK_STAT$AWK_PROCESSES"', `${lines.join('\n')}\n`);
    expect(output.split('\n').map((line) => line.split(' ')[1])).toEqual(['7', '8', undefined]);
    expect(output).toContain('a) D 1\\0129 (x) S\n');
  });
});
