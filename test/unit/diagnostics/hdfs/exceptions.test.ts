import { describe, expect, it } from 'vitest';
import { failureWords, remedyOf } from '../../../../src/diagnostics/hdfs/assess/failure-words.ts';
import { recognise } from '../../../../src/diagnostics/hdfs/exceptions.ts';

const REMOTE = 'org.apache.hadoop.ipc.RemoteException';

/** Words of Hadoop 3.3.6, but the last, which is of 2.7. */
const SAID: readonly (readonly [kind: string, text: string])[] = [
  [
    'items',
    'touchz: The directory item limit of /infra/reg/_uploads is exceeded: limit=64 items=64',
  ],
  [
    'items',
    `${REMOTE}(org.apache.hadoop.hdfs.protocol.FSLimitException$MaxDirectoryItemsExceededException): The directory item limit of /infra/reg/_uploads is exceeded: limit=64 items=64`,
  ],
  [
    'names',
    'touchz: The NameSpace quota (directories and files) of directory /a b is exceeded: quota=3 file count=4',
  ],
  [
    'space',
    'put: The DiskSpace quota of /a is exceeded: quota = 1048576 B = 1 MB but diskspace consumed = 2097152 B = 2 MB',
  ],
  ['safe-mode', 'mkdir: Cannot create directory /infra/z. Name node is in safe mode.'],
  [
    'safe-mode',
    `${REMOTE}(org.apache.hadoop.hdfs.server.namenode.SafeModeException): Cannot delete /x`,
  ],
  [
    'standby',
    'ls: Operation category READ is not supported in state standby. Visit https://s.apache.org/sbnn-error',
  ],
  [
    'out-of-memory',
    'Exception in thread "main" java.lang.OutOfMemoryError: GC overhead limit exceeded',
  ],
  [
    'no-ticket',
    'GSSException: No valid credentials provided (Mechanism level: Failed to find any Kerberos tgt)',
  ],
  ['no-ticket', 'AccessControlException: Client cannot authenticate via:[TOKEN, KERBEROS]'],
  ['no-java', 'ERROR: JAVA_HOME is not set and could not be found.'],
  ['superuser', 'report: Access denied for user diag. Superuser privilege is required'],
  [
    'denied',
    'count: Permission denied: user=ops, access=READ_EXECUTE, inode="/infra/near":root:supergroup:drwx------',
  ],
  ['missing', "count: `/nope': No such file or directory"],
  [
    'no-configuration',
    'FileSystem file:/// is not an HDFS file system. The fs class is: org.apache.hadoop.fs.LocalFileSystem',
  ],
  [
    'unreachable',
    'count: Call From gateway-1/10.0.0.22 to nn-1:8020 failed on connection exception: java.net.ConnectException: Connection refused',
  ],
  ['unreachable', 'count: java.net.UnknownHostException: nn-1'],
];

describe('what the client of HDFS says when it fails', () => {
  it.each(SAID)('is recognised as %s: %s', (kind, text) => {
    expect(recognise(`WARN util.NativeCodeLoader: x\n${text}\n`)?.kind).toBe(kind);
    expect(failureWords({ output: text, exitCode: 1 })).not.toBe('');
  });

  it('keeps path and numbers', () => {
    const [names, space] = ['names', 'space'].map(
      (kind) => SAID.find(([one]) => one === kind)?.[1] ?? '',
    );
    expect(recognise(SAID[0]?.[1] ?? '')).toEqual({
      kind: 'items',
      path: '/infra/reg/_uploads',
      limit: 64,
      items: 64,
    });
    expect(recognise(names ?? '')).toEqual({ kind: 'names', path: '/a b', limit: 3, used: 4 });
    expect(recognise(space ?? '')).toEqual({
      kind: 'space',
      path: '/a',
      limit: 1_048_576,
      used: 2_097_152,
    });
    expect(recognise(SAID[12]?.[1] ?? '')).toEqual({
      kind: 'denied',
      user: 'ops',
      access: 'READ_EXECUTE',
      path: '/infra/near',
    });
  });

  it('is not guessed: other words stay what they are', () => {
    for (const text of ['', 'No space left on device', 'EXT4-fs warning: Directory index full!']) {
      expect(recognise(text)).toBeNull();
    }
    expect(failureWords({ output: '', exitCode: 3 })).toBe('exit status 3');
    expect(failureWords({ output: 'one\ntwo', exitCode: 3 })).toBe('two');
    expect(failureWords({ output: 'x\njava.lang.FooException: bar\n\tat y', exitCode: 1 })).toBe(
      'java.lang.FooException: bar',
    );
    for (const exitCode of [124, 137, 143]) {
      expect(failureWords({ output: '', exitCode })).toBe('it did not answer in time');
    }
  });

  it.each([
    ['no-ticket', /kinit/],
    ['out-of-memory', /HADOOP_CLIENT_OPTS=-Xmx4g/],
    ['standby', /haadmin/],
    ['no-java', /JAVA_HOME/],
    ['unreachable', /NameNode process/],
    ['denied', /account that HDFS lets read/],
    ['superuser', /account that HDFS lets read/],
    ['no-configuration', /HADOOP_CONF_DIR/],
    ['missing', /^$/],
  ])('has a remedy for %s', (kind, words) => {
    const [, output = ''] = SAID.find(([one]) => one === kind) ?? [];
    expect(remedyOf({ output, exitCode: 1 })).toMatch(words);
  });
});
