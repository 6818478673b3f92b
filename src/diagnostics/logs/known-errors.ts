/** An error that many programs write alike, whatever the program. */
export interface KnownError {
  /** Short name, public as `data.error`. */
  readonly id: string;
  readonly pattern: RegExp;
  /** What it means, for the person on call. */
  readonly means: string;
  /** The diagnostic that looks further. */
  readonly next: string | null;
  /** Of daily life: told only when there is much of it. */
  readonly minor?: true;
  /** The first group of the pattern is the path that `next` needs. */
  readonly path?: true;
}

/** The first that fits a line counts. Texts of the C library, Java, Go, the kernel, docker and HDFS. */
export const KNOWN_ERRORS: readonly KnownError[] = [
  {
    id: 'EADDRNOTAVAIL',
    pattern: /annot assign requested address|EADDRNOTAVAIL/,
    means:
      'The kernel has no local port left for an outgoing connection to this destination: each connection that ended within the last 60 s still holds one (TIME_WAIT), or too many are open. Or the address itself is not there: a bind to a foreign address, ::1 without IPv6. `ports` tells which.',
    next: 'ports',
  },
  {
    id: 'EADDRINUSE',
    pattern: /ddress already in use|EADDRINUSE/,
    means:
      'Somebody else listens on this port already: an old process that did not end, or two services with one port.',
    next: 'ports',
  },
  {
    id: 'layer does not exist',
    pattern:
      /layer does not exist|failed to get diff id|invalid checksum digest format|mount does not exist, not restoring/,
    means:
      "docker's image store holds the record of an image without its data, as a power cut during a load leaves it. The daemon may refuse to start, or hide images and their containers. Prune nothing before `docker` has said what is whole.",
    next: 'docker',
  },
  {
    id: 'docker daemon',
    pattern: /annot connect to the Docker daemon/,
    means: 'The docker daemon is not running or does not answer.',
    next: 'docker',
  },
  {
    id: 'MaxDirectoryItemsExceeded',
    pattern: /irectory item limit of (\S+) is exceeded|MaxDirectoryItemsExceeded/,
    means:
      'A directory of HDFS holds as many entries as it may (1,048,576 unless set otherwise): nothing can be created in it. Quota, fsck and permissions look fine meanwhile. Do not list it: the client runs out of memory.',
    next: 'hdfs',
    path: true,
  },
  {
    id: 'HDFS quota',
    pattern:
      /(?:NameSpace|DiskSpace) quota[^/]{0,60} of (?:directory )?(\S+) is exceeded|[ND]SQuotaExceeded/,
    means: 'A quota of HDFS is used up: nothing can be created below this directory.',
    next: 'hdfs',
    path: true,
  },
  {
    id: 'HDFS safe mode',
    pattern: /[Nn]ame ?node is in safe ?mode/,
    means: 'The name node answers reads only: it starts, misses blocks, or ran out of disk.',
    next: null,
  },
  {
    id: 'EDQUOT',
    pattern: /isk quota exceeded|EDQUOT/,
    means: 'The quota of this user or project on the file system is used up.',
    next: 'disk',
  },
  {
    id: 'ENOSPC',
    pattern: /o space left on device|ENOSPC/,
    means:
      'The file system has no room: no blocks, or no inodes while blocks are free, or one directory of ext4 is full. inotify says the same when its watches are used up.',
    next: 'disk',
  },
  {
    id: 'EROFS',
    pattern: /ead-only file ?system|EROFS/,
    means:
      'The file system is mounted read-only: after an I/O error the kernel does that by itself.',
    next: 'disk',
  },
  {
    id: 'EIO',
    pattern:
      /nput\/output error|(?:Buffer|critical|blk_update_request:) I\/O error|I\/O error, dev |\bEIO\b/,
    means: 'A disk or its connection fails: the kernel log has the device.',
    next: 'vitals',
  },
  {
    id: 'OutOfMemoryError',
    pattern: /OutOfMemoryError|GC overhead limit|heap out of memory/,
    means:
      'The heap of a Java or JavaScript program is full, which is a limit of its own: the host may have memory left.',
    next: 'vitals',
  },
  {
    id: 'OOM',
    pattern:
      /ut of memory: [Kk]ill|oom-kill|OOMKilled|[Mm]emory cgroup out of memory|invoked oom-killer/,
    means: 'The kernel ended a process because memory ran out, of the host or of one container.',
    next: 'vitals',
  },
  {
    id: 'ENOMEM',
    pattern: /annot allocate memory|ENOMEM|ut of memory/,
    means:
      'Memory was refused: the host, a container or a process is at its limit, or may not fork any more.',
    next: 'vitals',
  },
  {
    id: 'ENFILE',
    pattern: /oo many open files in system|ENFILE|file-max limit/,
    means: 'The host as a whole has no file descriptor left (fs.file-max).',
    next: 'vitals',
  },
  {
    id: 'EMFILE',
    pattern: /oo many open files|EMFILE/,
    means:
      'One process has as many files and sockets open as it may (RLIMIT_NOFILE): often a leak of connections.',
    next: 'vitals',
  },
  {
    id: 'conntrack',
    pattern: /conntrack: table full/,
    means: 'The table of tracked connections is full: new connections are dropped without a word.',
    next: 'vitals',
  },
  {
    id: 'certificate',
    pattern:
      /ertificate has expired|x509: certificate|ertificate is not yet valid|CERTIFICATE_VERIFY_FAILED/,
    means:
      'A TLS certificate was refused: expired, not yet valid (is the clock right?), or of an unknown issuer.',
    next: 'vitals',
    minor: true,
  },
  {
    id: 'DNS',
    pattern:
      /emporary failure in name resolution|: no such host|ame or service not known|EAI_AGAIN|ENOTFOUND/,
    means: 'A name could not be resolved: the resolver does not answer, or the name is wrong.',
    next: 'vitals',
    minor: true,
  },
  {
    id: 'ECONNREFUSED',
    pattern: /onnection refused|ECONNREFUSED/,
    means: 'Nobody listens at the other end: the service there is down, restarting, or elsewhere.',
    next: 'vitals',
    minor: true,
  },
  {
    id: 'EHOSTUNREACH',
    pattern: /o route to host|EHOSTUNREACH|etwork is unreachable|ENETUNREACH/,
    means: 'The network does not reach the other end: route, interface or firewall.',
    next: 'vitals',
    minor: true,
  },
  {
    id: 'ETIMEDOUT',
    pattern:
      /onnection timed out|ETIMEDOUT|i\/o timeout|ead timed out|onnect(?:ion)? ?timeout|ontext deadline exceeded/,
    means:
      'The other end does not answer: it is overloaded or gone, or packets are dropped on the way (a full table of connections does that).',
    next: 'vitals',
    minor: true,
  },
  {
    id: 'ECONNRESET',
    pattern: /onnection reset by peer|ECONNRESET|roken pipe|EPIPE/,
    means:
      'The other end closed the connection in the middle: it crashed, restarted, or gave up waiting.',
    next: null,
    minor: true,
  },
  {
    id: 'SIGSEGV',
    pattern: /egmentation fault|segfault at|SIGSEGV/,
    means: 'A program crashed.',
    next: 'vitals',
  },
];

export function recognise(text: string): KnownError | null {
  return KNOWN_ERRORS.find(({ pattern }) => pattern.test(text)) ?? null;
}

/** The path that the message names, when it can be handed on as it is. */
export function pathIn({ pattern, path }: KnownError, text: string): string | null {
  const found = path === true ? (pattern.exec(text)?.[1] ?? '').replace(/[.:,;]+$/, '') : '';
  return /^\/[A-Za-z0-9._\-/+=@]*$/.test(found) && !found.split('/').includes('..') ? found : null;
}
