import type { NextStep, Status } from '../../../core/finding.ts';

/** A kind of trouble in the kernel log. */
export interface KernelTrouble {
  readonly code: string;
  /** What it is, as the beginning of a title. */
  readonly title: string;
  readonly means: string;
  /** Within the last hour. */
  readonly recent: Status;
  /** Within the last day; null: over. */
  readonly day: Status | null;
  /** What it did stays until the next start: told however old it is. */
  readonly lasting: boolean;
  /** Of the file system, not of the device below it: over when another one is mounted there. */
  readonly ofFileSystem: boolean;
  readonly next: readonly NextStep[];
}

const DISK: readonly NextStep[] = [{ diagnostic: 'disk', params: {} }];
const PORTS: readonly NextStep[] = [{ diagnostic: 'ports', params: {} }];

const trouble = (
  title: string,
  means: string,
  more: Partial<Omit<KernelTrouble, 'title' | 'means'>> = {},
): KernelTrouble => ({
  code: 'vitals.kernel',
  title,
  means,
  recent: 'critical',
  day: 'warning',
  lasting: false,
  ofFileSystem: false,
  next: [],
  ...more,
});

/** By the class that the probe gives to a line. `oom`, `nfs`, `nfs-back` and `directory-full` are judged elsewhere. */
export const KERNEL_CLASSES: Readonly<Record<string, KernelTrouble>> = {
  lockup: trouble(
    'A CPU was stuck in the kernel (lock-up)',
    'A processor ran in the kernel for many seconds and did nothing else: storage that does not answer, a driver, or a hypervisor that gave it no time.',
    { next: DISK },
  ),
  hung: trouble(
    'Tasks hung for minutes',
    'The kernel saw tasks in uninterruptible sleep for longer than its limit (120 s): a disk or a file server did not answer.',
    { next: DISK },
  ),
  io: trouble(
    'I/O errors',
    'A disk or the way to it failed: data may be lost and file systems may turn read-only. Take data off first; a disk that begins to fail goes on failing.',
    { lasting: true, next: DISK },
  ),
  'file-system': trouble(
    'File system errors',
    'The file system found its own structure damaged, mostly after I/O errors or a power cut. Take data off, then check it unmounted.',
    { lasting: true, ofFileSystem: true, next: DISK },
  ),
  'read-only': trouble(
    'A file system was shut down or made read-only',
    'The kernel stopped all writing to protect the data. A remount hides the cause: read the lines before it.',
    { lasting: true, ofFileSystem: true, next: DISK },
  ),
  hardware: trouble(
    'Hardware errors',
    'Memory, a processor or a bus reported errors: plan to take the machine out.',
    { recent: 'warning', lasting: true },
  ),
  oops: trouble(
    'The kernel itself failed (oops)',
    'A bug or broken hardware: from here on nothing on this host is certain. Move what runs there, then restart it.',
    { lasting: true },
  ),
  'tcp-memory': trouble(
    'TCP ran out of memory',
    'net.ipv4.tcp_mem or tcp_max_orphans is reached: connections are reset and stall although the host has memory.',
    { day: null, next: PORTS },
  ),
  neighbours: trouble(
    'The neighbour (ARP) table overflowed',
    'More neighbours than gc_thresh3 of net.ipv4.neigh.default allows (of net.ipv6 where the line says ndisc_cache; 1,024 unless set): packets to new addresses are dropped. Raise it, or find out why so many addresses of the own network are talked to.',
    { day: null },
  ),
  allocation: trouble(
    'The kernel could not get memory pages',
    'Memory was short or in pieces: packets and I/O may have failed.',
    { recent: 'warning', day: null },
  ),
  netdevice: trouble(
    'A network device is not let go',
    'A container that ended leaves its network behind ("unregister_netdevice: waiting for"): new ones may hang until the host restarts.',
    { recent: 'warning', day: null, next: [{ diagnostic: 'docker', params: {} }] },
  ),
  thermal: trouble(
    'A CPU is too hot and slowed down',
    'Look at the cooling: the processor runs slower than it could.',
    { recent: 'warning', day: null },
  ),
  conntrack: trouble(
    'The connection tracking table was full and packets were dropped',
    'New connections through this host time out, established ones go on. Raise net.netfilter.nf_conntrack_max, or find who opens so many.',
    { code: 'vitals.conntrack', day: 'warning', next: PORTS },
  ),
  'syn-flood': trouble(
    'The queue of new connections of a port was full',
    'The kernel says "possible SYN flooding" also when a service simply accepts too slowly.',
    { code: 'vitals.backlog', recent: 'warning', day: null, next: PORTS },
  ),
  'file-max': trouble(
    'The host ran out of file descriptors (fs.file-max)',
    'Nobody but root could open a file or a connection. Find who holds most, or raise it: sysctl -w fs.file-max=…',
    { code: 'vitals.descriptors', day: 'warning' },
  ),
  pids: trouble(
    'A container or unit ran into its limit of processes',
    'fork failed there with "Resource temporarily unavailable" (pids.max). Find what starts so many, or raise the limit: TasksMax= of the unit, --pids-limit of the container.',
    { code: 'vitals.tasks', day: 'warning' },
  ),
};
