import type { CodeDoc } from '../contract.ts';

/** The pages of the finding codes. */
export const codes: Readonly<Record<string, CodeDoc>> = {
  'disk.filesystem-full': {
    says: 'A file system is (nearly) full, with its biggest holders and a reconciliation of what is used.',
    means:
      'Whatever writes there fails, or will soon: databases stop, containers cannot be created or restarted, logs are lost. Root may still write into its reserve when everybody else cannot.',
    known:
      'From `df` (statfs): used / (used + available), as df itself counts, against `warnPercent` and `criticalPercent`. Used space is then explained: visible files and directories (a bounded walk), deleted files that are still open, deleted files that are only mapped. What remains is named: metadata, not seen, or unexplained, with the mounts that could hide files.',
    act: 'Free the biggest holder that is named: a deleted open file with the fix `truncate-deleted-file`, a log with `truncate-log` (after `logs` told what fills it). Do not restart containers on a full docker disk: they stop and cannot be started again. Never prune before `docker` said that the image store is whole.',
    fixes: ['truncate-log'],
    data: {
      mount: 'mount point',
      device: 'block device or source of the mount',
      sizeBytes: 'size, bytes',
      usedBytes: 'used, bytes',
      availableBytes: 'available to users without privilege, bytes',
      usedPercent: 'used / (used + available), percent',
      deletedOpenBytes: 'held by deleted files that are open, bytes; null when not seen',
      fileSystemType: 'type of the file system',
      holders: 'biggest holders, largest first: path, bytes, kind',
      mappedDeletedBytes: 'held by deleted files that are only mapped, bytes',
      reservedBytes: 'reserved for root, bytes; part of what is free',
      visibleBytes: 'files and directories that were seen, bytes; null when nobody walked',
      unexplainedBytes: 'used and not accounted for, bytes; null when nobody walked',
      walkFinished: 'whether the walk saw everything in time',
    },
  },
  'disk.deleted-open-file': {
    says: 'A deleted file is held open and keeps its space.',
    means:
      'The file has no name any more, so `du` and `ls` cannot see it, but a process still holds it and its blocks stay used until the process closes it or ends.',
    known:
      'From `/proc/<pid>/fd` of every readable process: descriptors with no link left, each inode once, counted in allocated blocks (not in length: a sparse file can be long and hold nothing). Files in memory (memfd, /dev/shm) are left out. Needs root or sudo.',
    act: 'The fix `truncate-deleted-file` copies the content where there is room and empties the file through `/proc/<pid>/fd/<n>` without a restart. Then end the cause: a logrotate stanza that renames the log without `copytruncate`, or a writer that nobody told to open it again.',
    fixes: ['truncate-deleted-file'],
    data: {
      mount: 'mount point whose space is held',
      path: 'name it had',
      pid: 'process that holds it (the writer of the lowest pid)',
      fd: 'descriptor of that process',
      process: 'name of that process',
      'container?': 'id of its container',
      lengthBytes: 'length of the file, bytes',
      append: 'whether it was opened with O_APPEND',
      bootId: 'boot id of the host',
      processStartTicks: 'start of the process, clock ticks after boot',
      processStartedAt: 'start of the process, ISO 8601',
      sizeBytes: 'allocated blocks, bytes',
      inode: 'inode number',
      device: 'device number in decimal',
    },
  },
  'disk.inodes-exhausted': {
    says: 'Inodes run out; names the directory with most entries.',
    means:
      'No new file can be made although there is space: the error is the same "No space left on device". Existing files can still grow.',
    known:
      'From statfs: used inodes against all inodes. The directory is found by a bounded walk that counts entries.',
    act: 'Look at the directory that is named and at who writes there; remove what is not needed, oldest first, with the owner of the data. Enlarging the file system helps only where inodes grow with it.',
    data: {
      mount: 'mount point',
      inodesUsedPercent: 'used inodes, percent',
      inodes: 'inodes in all',
      inodesFree: 'free inodes',
      'directory?': 'directory with most entries',
      'entries?': 'entries in it',
    },
  },
  'disk.filling': {
    says: 'The file system grows: its rate and when it will be full.',
    means: 'There is still time to act before writers fail.',
    known:
      'Two samples of the available space, `sampleSeconds` apart. Changes below the smaller of 2 MiB and 1 % of the size are noise. Told when it would be full within a day; critical within an hour.',
    act: 'Find the writer: `logs` for the log that grows. Stop or slow the source first, then free space; see which other hosts run the same container (`disk.cascade-risk`).',
    data: {
      mount: 'mount point',
      bytesPerSecond: 'growth, bytes per second',
      sampledSeconds: 'time between the two samples, seconds',
      'container?': 'id of the container whose log grows most',
      secondsToFull: 'until nothing is available to users without privilege, seconds',
    },
  },
  'disk.container-log': {
    says: "A container's log is large or has no size limit.",
    means:
      'The json-file driver of docker keeps every line a container prints. Without `max-size` one talkative container fills the disk of all of them.',
    known:
      "From the size of the container's `*-json.log` and its `HostConfig.LogConfig`: told from 1 GB or 10 % of the disk on. Needs root or sudo.",
    act: '`logs` tells what fills it. `truncate-log` frees it and keeps samples. Then set `max-size` and `max-file` for the container or for the daemon: it applies to containers made afterwards.',
    fixes: ['truncate-log'],
    data: {
      container: 'id of the container',
      path: 'its log file',
      sizeBytes: 'allocated, bytes',
      bytesPerSecond: 'growth between two samples, bytes per second',
      maxSizeConfigured: 'the `max-size` it was made with; null: none',
    },
  },
  'disk.read-only': {
    says: 'A file system is read-only although it should be writable.',
    means:
      'The kernel remounted it after an I/O error or found the journal broken (critical), or somebody mounted it so against fstab (warning). Every write fails with "Read-only file system".',
    known:
      'From `/proc/self/mountinfo`: a writable mount over a read-only file system, or read-only against fstab or with `errors=remount-ro`.',
    act: 'Read the kernel log (`vitals`): a disk that dies needs replacing, not a remount. Take data off first, then check the file system unmounted.',
    data: {
      mount: 'mount point',
      device: 'block device or source of the mount',
      certain: 'whether the kernel did it',
    },
  },
  'disk.cascade-risk': {
    says: 'Other hosts run the container or image whose log fills a disk, sorted by time to full.',
    means:
      'What happens on one host is about to happen on the others: the same image answers the same requests there, or is moved there when this host fails.',
    known:
      "Needs several hosts in one run. A host's container is blamed by `disk.container-log` or `disk.filling`; the others are searched for a running container of the same image or name (docker's own files; root or sudo). Time to full = available bytes on the disk of docker / growth of its own log, or of the blamed one while it is quiet.",
    act: 'Stop or slow the source (the requests, the application) before the next host fills; free the first one with `truncate-log`; set `max-size` for the logs of this image everywhere. Do not move the container to another host before that.',
    data: {
      container: 'name of the container that is blamed',
      image: 'its image',
      hosts:
        'the hosts that are next, soonest first: host, container, availableBytes, bytesPerSecond, secondsToFull (null: not known)',
    },
  },
  'disk.coverage': {
    says: 'What could not be seen, where that matters.',
    means:
      'The account may not look at everything on a disk that is full: the real holder may be among what was not seen.',
    known:
      'Counted while looking: processes whose descriptors were closed to us, directories that could not be read, time that ran out.',
    act: 'Give the account sudo for `/bin/sh` (see the security guide), or raise `timeBudgetSeconds`.',
    data: {
      privilege: '`root`, `sudo` or `none`',
      seen: 'how many of it were seen',
      total: 'how many there are',
      what: 'what was counted, in words',
    },
  },
};
