import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KNOWN_ERRORS, pathIn, recognise } from '../../../../src/diagnostics/logs/known-errors.ts';

/** As programs print them. */
const LINES: readonly (readonly [line: string, id: string, next: string | null])[] = [
  ['PHP Warning: connect() failed: Cannot assign requested address', 'EADDRNOTAVAIL', 'ports'],
  ['Error: connect EADDRNOTAVAIL 10.0.0.1:6379', 'EADDRNOTAVAIL', 'ports'],
  ['bind: Address already in use', 'EADDRINUSE', 'ports'],
  ['listen tcp :80: bind: address already in use', 'EADDRINUSE', 'ports'],
  [
    'level=fatal msg="Error starting daemon: layer does not exist"',
    'layer does not exist',
    'docker',
  ],
  ['failed to get diff id: invalid checksum digest format', 'layer does not exist', 'docker'],
  ['level=error msg="mount does not exist, not restoring image"', 'layer does not exist', 'docker'],
  ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock', 'docker daemon', 'docker'],
  [
    'put: The directory item limit of /p is exceeded: limit=1048576 items=1048576',
    'MaxDirectoryItemsExceeded',
    'hdfs',
  ],
  [
    'org.apache.hadoop.hdfs.protocol.FSLimitException$MaxDirectoryItemsExceededException',
    'MaxDirectoryItemsExceeded',
    'hdfs',
  ],
  [
    'The NameSpace quota (directories and files) of directory /p is exceeded: quota=1',
    'HDFS quota',
    'hdfs',
  ],
  ['DSQuotaExceededException: The DiskSpace quota of /p is exceeded', 'HDFS quota', 'hdfs'],
  ['Cannot create file. Name node is in safe mode.', 'HDFS safe mode', null],
  ['write: Disk quota exceeded', 'EDQUOT', 'disk'],
  ['write /var/lib/x: no space left on device', 'ENOSPC', 'disk'],
  ['OSError: [Errno 28] No space left on device', 'ENOSPC', 'disk'],
  ['Error: ENOSPC: System limit for number of file watchers reached', 'ENOSPC', 'disk'],
  ['touch: Read-only file system', 'EROFS', 'disk'],
  ['mkdir /data: read-only file system', 'EROFS', 'disk'],
  ['read error: Input/output error', 'EIO', 'vitals'],
  ['blk_update_request: I/O error, dev sda, sector 1', 'EIO', 'vitals'],
  ['Buffer I/O error on dev dm-0', 'EIO', 'vitals'],
  ['java.lang.OutOfMemoryError: Java heap space', 'OutOfMemoryError', 'vitals'],
  ['OutOfMemoryError: GC overhead limit exceeded', 'OutOfMemoryError', 'vitals'],
  ['FATAL ERROR: JavaScript heap out of memory', 'OutOfMemoryError', 'vitals'],
  ['Out of memory: Killed process 71 (java)', 'OOM', 'vitals'],
  ['Memory cgroup out of memory: Killed process 71', 'OOM', 'vitals'],
  ['java invoked oom-killer: gfp_mask=0x1', 'OOM', 'vitals'],
  ['oom-kill:constraint=CONSTRAINT_MEMCG', 'OOM', 'vitals'],
  ['fork: Cannot allocate memory', 'ENOMEM', 'vitals'],
  ['virtual memory exhausted: out of memory', 'ENOMEM', 'vitals'],
  ['accept4: Too many open files in system', 'ENFILE', 'vitals'],
  ['VFS: file-max limit 100 reached', 'ENFILE', 'vitals'],
  ['accept: too many open files', 'EMFILE', 'vitals'],
  ['nf_conntrack: nf_conntrack: table full, dropping packet', 'conntrack', 'vitals'],
  ['x509: certificate has expired or is not yet valid', 'certificate', 'vitals'],
  ['getaddrinfo: Temporary failure in name resolution', 'DNS', 'vitals'],
  ['dial tcp: lookup redis: no such host', 'DNS', 'vitals'],
  ['connect to 10.0.0.1 port 22: Connection refused', 'ECONNREFUSED', 'vitals'],
  ['connect: no route to host', 'EHOSTUNREACH', 'vitals'],
  ['connect: Network is unreachable', 'EHOSTUNREACH', 'vitals'],
  ['Connection timed out after 30 s', 'ETIMEDOUT', 'vitals'],
  ['dial tcp 10.0.0.1:443: i/o timeout', 'ETIMEDOUT', 'vitals'],
  ['java.net.SocketTimeoutException: Read timed out', 'ETIMEDOUT', 'vitals'],
  ['connect timeout', 'ETIMEDOUT', 'vitals'],
  ['context deadline exceeded', 'ETIMEDOUT', 'vitals'],
  ['read: Connection reset by peer', 'ECONNRESET', null],
  ['write: Broken pipe', 'ECONNRESET', null],
  ['Segmentation fault (core dumped)', 'SIGSEGV', 'vitals'],
  ['app[71]: segfault at 0 ip 00', 'SIGSEGV', 'vitals'],
];

describe('a known error', () => {
  it.each(LINES)('%s', (line, id, next) => {
    const found = recognise(line);
    expect([found?.id, found?.next]).toEqual([id, next]);
  });

  it('is none in lines of every day', () => {
    for (const line of [
      'GET /timeouts 200',
      'user leioa logged in',
      'EIOX started',
      'safely modern',
      'the certificate was renewed',
      'memory is fine',
      '',
    ])
      expect(recognise(line)).toBeNull();
  });

  it('has a line here that shows it, and words for the person on call', () => {
    expect(KNOWN_ERRORS.map(({ id }) => id).toSorted()).toEqual(
      [...new Set(LINES.map(([, id]) => id))].toSorted(),
    );
    for (const { means } of KNOWN_ERRORS) expect(means).toMatch(/^[\s\S]{15,}\.$/);
  });

  it('is kept by the host however rare it is, in whatever awk', () => {
    const script = readFileSync(
      new URL('../../../../src/diagnostics/logs/probe/4-sample.sh', import.meta.url),
      'utf8',
    );
    const pattern = /^KNOWN_ERRORS='(.*)'$/m.exec(script)?.[1] ?? '';
    const input = LINES.map(([line]) => `${line}\n`).join('');
    for (const awk of [['awk'], ['busybox', 'awk']]) {
      const [program = '', ...args] = awk;
      const done = spawnSync(program, [...args, `!/${pattern}/`], { input, encoding: 'utf8' });
      expect(done.stdout).toBe('');
      expect(done.status).toBe(0);
    }
  });
});

describe('the path in a message', () => {
  const [limit, quota] = ['MaxDirectoryItemsExceeded', 'HDFS quota'].map((id) =>
    KNOWN_ERRORS.find((one) => one.id === id),
  );
  it.each([
    ['The directory item limit of /infra/_uploads is exceeded: limit=1', '/infra/_uploads'],
    ['The directory item limit of /a/../b is exceeded', null],
    ['The directory item limit of relative is exceeded', null],
    ['The directory item limit of /a$(x) is exceeded', null],
    ['MaxDirectoryItemsExceededException', null],
  ])('%s', (line, path) => {
    expect(limit && pathIn(limit, line)).toBe(path);
  });

  it('is that of a quota, too, and none of an error without', () => {
    expect(quota && pathIn(quota, 'The DiskSpace quota of /p/q is exceeded')).toBe('/p/q');
    expect(
      KNOWN_ERRORS[0] && pathIn(KNOWN_ERRORS[0], 'Cannot assign requested address /x'),
    ).toBeNull();
  });
});
