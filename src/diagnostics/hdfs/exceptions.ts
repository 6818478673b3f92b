/** What the client of HDFS says when it fails, recognised by its exact words. */
export type Failure =
  | {
      readonly kind: 'items';
      readonly path: string;
      readonly limit: number;
      readonly items: number;
    }
  | { readonly kind: 'names'; readonly path: string; readonly limit: number; readonly used: number }
  | { readonly kind: 'space'; readonly path: string; readonly limit: number; readonly used: number }
  | {
      readonly kind: 'denied';
      readonly user: string;
      readonly access: string;
      readonly path: string;
    }
  | { readonly kind: Plain };

type Plain =
  | 'safe-mode'
  | 'standby'
  | 'out-of-memory'
  | 'no-ticket'
  | 'no-java'
  | 'no-configuration'
  | 'unreachable'
  | 'superuser'
  | 'missing';

const PATH = String.raw`(?<path>/.*?)`;
/** FSLimitException, NSQuotaExceededException, DSQuotaExceededException, FSPermissionChecker of apache/hadoop. */
const WITH_VALUES = {
  items: new RegExp(
    `The directory item limit of ${PATH} is exceeded: limit=(?<limit>\\d+) items=(?<used>\\d+)`,
  ),
  names: new RegExp(
    `The NameSpace quota \\(directories and files\\) of directory ${PATH} is exceeded: quota=(?<limit>\\d+) file count=(?<used>\\d+)`,
  ),
  space: new RegExp(
    `The DiskSpace quota of ${PATH} is exceeded: quota = (?<limit>\\d+) B = .* but diskspace consumed = (?<used>\\d+) B`,
  ),
} as const;
const DENIED =
  /Permission denied: user=(?<user>[^,]*), access=(?<access>\w+), inode="(?<path>.*?)":/;

const PLAIN: readonly (readonly [Plain, RegExp])[] = [
  ['safe-mode', /SafeModeException|Name node is in safe mode/],
  ['standby', /StandbyException|is not supported in state (?:standby|observer)/],
  ['out-of-memory', /java\.lang\.OutOfMemoryError|GC overhead limit exceeded/],
  [
    'no-ticket',
    /No valid credentials provided|Client cannot authenticate via:|SIMPLE authentication is not enabled|Failed to find any Kerberos tgt/,
  ],
  ['no-java', /JAVA_HOME is not set|java: (?:command )?not found|java: No such file/],
  ['superuser', /Access denied for user .*Superuser privilege is required/],
  ['missing', /: No such file or directory|File does not exist: |Path '.*' does not exist/],
  [
    'no-configuration',
    /is not an HDFS file system|does not provide a host|Incomplete HDFS URI|No FileSystem for scheme/,
  ],
  [
    'unreachable',
    /Connection refused|ConnectException|UnknownHostException|NoRouteToHostException|No route to host|ConnectTimeoutException|SocketTimeoutException|Retrying connect to server|failed on connection exception|failed on socket timeout exception/,
  ],
];

/** Null: nothing that is known. */
export function recognise(text: string): Failure | null {
  for (const kind of ['items', 'names', 'space'] as const) {
    const { path = '', limit, used } = WITH_VALUES[kind].exec(text)?.groups ?? {};
    if (limit === undefined) continue;
    const values = { path, limit: Number(limit), used: Number(used) };
    return kind === 'items'
      ? { kind, path, limit: values.limit, items: values.used }
      : { kind, ...values };
  }
  // A missing path last: a command that failed for another reason may say that as well.
  const plain = PLAIN.find(([kind, words]) => kind !== 'missing' && words.test(text))?.[0];
  if (plain !== undefined) return { kind: plain };
  const { user, access = '', path = '' } = DENIED.exec(text)?.groups ?? {};
  if (user !== undefined) return { kind: 'denied', user, access, path };
  return PLAIN.some(([kind, words]) => kind === 'missing' && words.test(text))
    ? { kind: 'missing' }
    : null;
}
