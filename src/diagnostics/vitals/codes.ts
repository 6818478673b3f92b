import type { CodeDoc } from '../contract.ts';

const OWNER = {
  'container?': 'container it belongs to: the first 12 digits of its id, or its name under LXC',
  'unit?': 'systemd unit it belongs to',
} as const;

/** The pages of the finding codes. */
export const codes: Readonly<Record<string, CodeDoc>> = {
  'vitals.memory': {
    says: 'Memory is short: of the host, of a container at its own limit, of swap, or of what may be promised.',
    means:
      'First everything gets slow, because the kernel looks for pages to free, then it kills a process. A container at its own limit is killed although the host has memory.',
    known:
      'MemAvailable of `/proc/meminfo` (not MemFree: page cache is given back at once): warning from 10 %, critical from 4 % on. Swapping: pages in and out at once between two samples of `/proc/vmstat`. Promised memory only under `vm.overcommit_memory=2`. Control groups (v1 and v2): usage without inactive page cache against their limit, from 90 % on.',
    act: 'Look at the largest process that is named and what it did lately (`logs`). Restart it only when its owner agrees: it comes back and grows again. Never drop caches: that frees nothing that was not available.',
    data: {
      what: '`host`, `swap`, `commit` or `group`',
      limitBytes: 'how much there is or may be used, bytes',
      usedBytes: 'used of it, bytes',
      usedPercent: 'used of it, percent',
      'availableBytes?': 'available without swapping, bytes',
      'swapInBytesPerSecond?': 'read back from swap, bytes per second',
      'swapOutBytesPerSecond?': 'written to swap, bytes per second',
      'processes?': 'largest processes: pid, name, bytes (resident)',
      'group?': 'path of the control group',
      ...OWNER,
    },
  },
  'vitals.oom': {
    says: 'The kernel killed a process for lack of memory: of the host, or of a container at its own limit.',
    means:
      'Whatever the process served stopped at that moment. If a supervisor started it again, it will be killed again as long as it needs more than there is.',
    known:
      'Kernel log: `Killed process`, and `oom-kill:constraint=…` for the control group. Counters without a time where the log does not reach: `oom_kill` of `/proc/vmstat`, of `memory.events` (v2) and of `memory.oom_control` (v1). Critical within the hour, warning within a day or when the time is not known.',
    act: 'Of a container: compare its limit with what it needs (`logs` shows what it did). Of the host: the process that was killed is the largest, not always the one at fault; look at `vitals.memory` for what grows.',
    data: {
      scope: '`host` or `group`',
      kills: 'processes killed, as far as can be seen',
      'process?': 'name of the last one',
      'pid?': 'its process id',
      'rssBytes?': 'its resident memory when it was killed, bytes',
      'secondsAgo?': 'when that was, seconds before the look',
      'group?': 'control group whose limit was reached',
      ...OWNER,
    },
  },
  'vitals.load': {
    says: 'More work than processors, or processor time that this machine does not get.',
    means:
      'Load counts tasks that run, want to run, and stand in uninterruptible sleep. With idle processors it means waiting for a disk or a file server; with busy ones it means too much work; steal means that the hypervisor gives the time to others.',
    known:
      'The lower of the 1 and 5 minute load average per processor: warning from 2, critical from 5 on. Shares of processor time between two samples of `/proc/stat`: steal from 10 %, soft interrupts of one processor from 80 % on. A container shows the load of its machine.',
    act: 'Waiting: read `vitals.blocked-tasks`, `vitals.kernel` and `disk`. Busy: the process that is named. Steal: nothing on this host helps, move it.',
    data: {
      what: '`load`, `steal` or `softirq`',
      cpus: 'processors',
      'load1?': 'load average of 1 minute',
      'load5?': 'load average of 5 minutes',
      'load15?': 'load average of 15 minutes',
      'running?': 'tasks that run or want to',
      'blocked?': 'tasks in uninterruptible sleep',
      'busyPercent?': 'processor time used, percent',
      'iowaitPercent?': 'processor time idle while I/O was awaited, percent',
      'stealPercent?': 'processor time that the hypervisor kept, percent',
      'softirqPercent?': 'time in soft interrupts, percent',
      'cpu?': 'which processor',
      'processes?': 'busiest processes: pid, name',
    },
  },
  'vitals.pressure': {
    says: 'Tasks stand still for lack of a processor, of memory, or because of a disk.',
    means:
      'PSI measures the time that work really lost, which load and utilisation do not. `some`: at least one task stood still; `full`: all of them, nothing got done.',
    known:
      'The average of one minute in `/proc/pressure` (Linux 4.20 and later, unless turned off by `psi=0`): memory from 20 % some or 5 % full, I/O from 50 % some or 25 % full, processors from 75 % some on; not told when the last ten seconds are quiet.',
    act: 'Memory: `vitals.memory`. I/O: `disk`, and `vitals.kernel` for a disk that fails. Processors: `vitals.load`.',
    data: {
      resource: '`memory`, `io` or `cpu`',
      someAvg10: 'some, last 10 seconds, percent',
      someAvg60: 'some, last minute, percent',
      fullAvg10: 'full, last 10 seconds, percent',
      fullAvg60: 'full, last minute, percent',
    },
  },
  'vitals.blocked-tasks': {
    says: 'Processes hang in the kernel and cannot be killed; what they wait for.',
    means:
      'Uninterruptible sleep (state D) that does not end: a disk, a file server or a lock does not answer. Whatever touches the same thing hangs next, `df` and `ls` too.',
    known:
      'State D in two samples three seconds apart with the same count of context switches: one and the same sleep, not a task that is merely busy with I/O. Frozen containers (`docker pause`) and parents of a vfork look the same and are left out. Where it waits: `wchan`, kernel stack, open file; those need root.',
    act: 'Do not kill, do not touch the mount. Network file system: bring the server or the network back. Disk: `vitals.kernel` and `disk`. If the device is gone for good, only a restart of the host ends the tasks.',
    data: {
      count: 'tasks that hang',
      seconds: 'for at least so long, seconds',
      tasks: 'pid, process, waitsIn (kernel function, when readable)',
      'mount?': 'mount point they wait for',
      'mountType?': 'its type',
      'mountSource?': 'its device or server',
    },
  },
  'vitals.kernel': {
    says: 'The kernel reported trouble: lock-ups, I/O errors, read-only remounts, full directories, hardware errors.',
    means: 'Each kind is told in words, with when it was last said and on which device.',
    known:
      '`dmesg`, else the journal, else `/var/log/kern.log` and its like. Lines that were written into the log by programs are left out. Within the hour it is critical (hardware, heat and allocation failures: warning), within a day a warning; older only where the damage lasts until the next start. A device that was mounted again since is named with it: the lines may be of an earlier file system; a directory is called full only where it is large enough today.',
    act: 'I/O and file system errors: take data off first, then check or replace the disk; never only remount. Lock-ups: storage or hypervisor. A full directory: remove or spread its entries. An NFS server that does not answer: look at the server.',
    data: {
      class: 'kind of trouble',
      lines: 'lines of that kind in the log',
      linesLastHour: 'of these within the last hour',
      'secondsAgo?': 'when the last one was said, seconds before the look',
      devices: 'devices that the lines name',
      'path?': 'directory that is full, where it could be found',
    },
  },
  'vitals.clock': {
    says: 'The clock of the host is wrong, or nobody keeps it right.',
    means:
      'Certificates and tokens are refused, logs of several hosts do not fit together, clusters lose their leader.',
    known:
      "Against Housecall's own clock: what is left after the time that the question took, warning from 1 s, critical from 30 s on. And from chrony, systemd or ntpd themselves. A kernel flag alone is no finding: machines that get their time from a hypervisor have it always.",
    act: 'Restart the time daemon and look why it lost its servers (firewall, name resolution). Do not set a clock by hand under a database: let the daemon slew it. All hosts off by the same time: look at the clock of Housecall.',
    data: {
      'offsetSeconds?': "host's clock minus Housecall's, seconds",
      'uncertaintySeconds?': 'how far that may be off, seconds',
      'source?': 'who said whether it is synchronised',
      'synchronised?': 'what it said',
    },
  },
  'vitals.descriptors': {
    says: 'A process holds (nearly) all descriptors that it may, or the host does.',
    means:
      'Every new file and connection fails with "Too many open files", while the host looks idle. Old connections go on, so it seems to be a network or a client fault.',
    known:
      'Open descriptors of every process against its `Max open files` (`/proc/<pid>/limits`), from 90 % on; `/proc/sys/fs/file-nr` for the host. Linux 6.2 and later tell the number to everybody, older ones to the owner and root only.',
    act: 'Mostly sockets: `ports` tells whether connections pile up in CLOSE_WAIT (the program does not close them). Raising the limit (LimitNOFILE) needs a restart and only buys time against a leak.',
    data: {
      'what?': '`host` or `process`',
      'open?': 'open descriptors',
      'limit?': 'limit of them',
      'usedPercent?': 'used, percent',
      'pid?': 'process',
      'process?': 'its name',
      'kinds?': 'what it holds most: kind, count',
      ...OWNER,
      'class?': '`file-max`: the kernel log said so',
      'lines?': 'lines of that kind in the log',
      'linesLastHour?': 'of these within the last hour',
      'secondsAgo?': 'when the last one was said, seconds before the look',
      'devices?': 'always empty',
    },
  },
  'vitals.tasks': {
    says: 'The limit of processes and threads is (nearly) reached: of the host, or of a container or unit.',
    means:
      'fork fails with "Resource temporarily unavailable". On the host nobody can log in any more.',
    known:
      'Threads of `/proc/loadavg` against `kernel.pid_max` and `kernel.threads-max`; `pids.current` of every control group against its `pids.max`; `fork rejected by pids controller` in the kernel log. From 90 % on.',
    act: 'Find who starts so many: the busiest unit or container is named. Raise TasksMax or `--pids-limit` only if the number is meant.',
    data: {
      'what?': '`host` or `group`',
      'tasks?': 'processes and threads',
      'limit?': 'limit of them',
      'usedPercent?': 'used, percent',
      'sysctl?': 'which limit of the host',
      'group?': 'path of the control group',
      ...OWNER,
      'class?': '`pids`: the kernel log said so',
      'lines?': 'lines of that kind in the log',
      'linesLastHour?': 'of these within the last hour',
      'secondsAgo?': 'when the last one was said, seconds before the look',
      'devices?': 'always empty',
    },
  },
  'vitals.backlog': {
    says: 'A service does not accept its connections: they wait, and further ones are dropped.',
    means:
      'The port is open and the host answers, but clients time out. The process is stuck, overloaded, or out of descriptors.',
    known:
      'Two samples per network namespace: the accept queue of each listening socket (`/proc/<pid>/net/tcp`) against its length (`ss`), and `ListenOverflows`. A counter that is high but does not rise is history and not told.',
    act: 'Look at the process that is named: its log, its descriptors (`vitals.descriptors`), whether it is stopped. A longer backlog only helps against short peaks.',
    data: {
      'address?': 'address and port that nobody serves; null: not caught in the act',
      'waiting?': 'connections that wait',
      'limit?': 'how many may',
      'droppedPerSecond?': 'connections dropped, per second',
      'namespacePid?': 'a process of the network namespace',
      'pid?': 'process that listens',
      'process?': 'its name',
      ...OWNER,
      'class?': '`syn-flood`: the kernel log said so',
      'lines?': 'lines of that kind in the log',
      'linesLastHour?': 'of these within the last hour',
      'secondsAgo?': 'when the last one was said, seconds before the look',
      'devices?': 'always empty',
    },
  },
  'vitals.conntrack': {
    says: 'The connection tracking table is (nearly) full.',
    means:
      'New connections through the host, its containers among them, time out; established ones go on.',
    known:
      '`nf_conntrack_count` against `nf_conntrack_max`, drops between two samples, and `table full, dropping packet` in the kernel log. Without the module there is nothing to be full.',
    act: 'Raise `net.netfilter.nf_conntrack_max`, or find who opens so many connections (`ports`).',
    data: {
      'what?': '`table`: from its counters',
      'used?': 'entries',
      'limit?': 'entries that fit',
      'usedPercent?': 'used, percent',
      'dropped?': 'packets dropped or entries thrown out between the samples',
      'class?': '`conntrack`: the kernel log said so',
      'lines?': 'lines of that kind in the log',
      'linesLastHour?': 'of these within the last hour',
      'secondsAgo?': 'when the last one was said, seconds before the look',
      'devices?': 'always empty',
    },
  },
  'vitals.coverage': {
    says: 'What could not be seen.',
    means: 'Trouble may hide there: the rest of the answer is no all-clear.',
    known:
      'The kernel log refused (`kernel.dmesg_restrict`) or overwritten, processes hidden or closed, a probe that did not finish.',
    act: 'Give the account sudo for `/bin/sh` (see the security guide), or at least the group `adm` or `systemd-journal` for the kernel log.',
    data: {
      privilege: '`root`, `sudo` or `none`',
      seen: 'how many of it were seen',
      total: 'how many there are',
      what: 'what was not seen, in words',
    },
  },
};
