/** A program and its arguments. Never a shell string, so nothing can be injected. */
export type Argv = readonly [program: string, ...args: string[]];

/** With which rights a command ran on the host. */
export type Privilege = 'root' | 'sudo' | 'none';

/** One look at a host: one round trip, read-only, always bounded. */
export interface Probe {
  /** For scripts: `['sh', '-s', '--', ...args]`; the script itself is `stdin`. */
  readonly argv: Argv;
  /** A constant POSIX script. Values reach it as positional arguments, never by templating. */
  readonly stdin?: string;
  readonly timeoutSeconds: number;
  /** Cap for stdout and stderr each; head and tail are kept, the middle is dropped. */
  readonly outputLimitBytes: number;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** `null`: it never reported one (killed by a signal, or the connection broke). */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly outputTruncated: boolean;
  readonly durationMs: number;
  /** Housecall's own clock when the command was sent, ISO 8601: what a host's clock is compared with. */
  readonly startedAt?: string;
  readonly privilege: Privilege;
  /** Set when the host is configured for sudo and `sudo -n` refused: its message. The command then ran without. */
  readonly sudoRefused?: string;
}

export function sameArgv(a: Argv, b: Argv): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

/**
 * The one quoting function. POSIX sh: inside single quotes nothing is special but the quote itself
 * (POSIX.1-2017 XCU 2.2.2). NUL cannot be part of an argument and is refused.
 */
export function shellQuote(argument: string): string {
  if (argument.includes('\0')) throw new RangeError('a command argument cannot contain NUL');
  return /^[A-Za-z0-9_/:=.,@%+-]+$/.test(argument)
    ? argument
    : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** An argv as a person reads it (and could paste it). */
export function argvText(argv: readonly string[]): string {
  return argv.map(shellQuote).join(' ');
}
