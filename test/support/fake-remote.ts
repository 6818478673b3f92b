import type { CommandResult, Probe } from '../../src/core/command.ts';
import { sameArgv } from '../../src/core/command.ts';
import { HousecallError } from '../../src/core/errors.ts';
import type { Step } from '../../src/core/plan.ts';
import type { RemoteOptions, RemoteReader, RemoteWriter } from '../../src/ports/remote.ts';

export type FakeAnswer =
  | Partial<CommandResult>
  | HousecallError
  /** Never answers by itself: only the time limit or an abort ends it. */
  | 'hangs'
  | ((command: Probe | Step) => Partial<CommandResult> | Promise<Partial<CommandResult>>);

export interface FakeCall {
  readonly kind: 'read' | 'change';
  readonly host: string;
  readonly command: Probe | Step;
}

export interface FakeRemote extends RemoteReader, RemoteWriter {
  /** Everything that was run, in order. */
  readonly calls: readonly FakeCall[];
  /**
   * The answer for a host (`*`: any) and a command (its argv, or a test of it; default: any). The
   * latest that fits wins. A `HousecallError` is thrown.
   */
  answer(
    host: string,
    answer: FakeAnswer,
    when?: readonly string[] | ((command: Probe | Step, kind: 'read' | 'change') => boolean),
  ): void;
  /** Commands that hang on this host are SSH_LOST. */
  disconnect(host: string): void;
}

const NOTHING: CommandResult = {
  stdout: '',
  stderr: '',
  exitCode: 0,
  signal: null,
  timedOut: false,
  outputTruncated: false,
  durationMs: 1,
  privilege: 'root',
};

/** Hosts that answer by script. Hosts not named are TARGET_UNKNOWN; a command without answer prints nothing and exits 0. */
export function createFakeRemote(hosts: readonly string[]): FakeRemote {
  const calls: FakeCall[] = [];
  const hanging = new Set<{ host: string; lose: () => void }>();
  const answers: {
    host: string;
    answer: FakeAnswer;
    fits: (command: Probe | Step, kind: 'read' | 'change') => boolean;
  }[] = [];

  const run = async (call: FakeCall, { signal }: RemoteOptions): Promise<CommandResult> => {
    const { host, command, kind } = call;
    if (!hosts.includes(host)) {
      throw new HousecallError('TARGET_UNKNOWN', `there is no host "${host}" in the inventory`, {
        context: { host },
      });
    }
    if (signal?.aborted) throw cancelled(host);
    calls.push(call);
    const found = answers.findLast(
      (one) => (one.host === '*' || one.host === host) && one.fits(command, kind),
    )?.answer;
    if (found instanceof HousecallError) throw found;
    if (found === 'hangs') return hang(host, command.timeoutSeconds, signal);
    const result = typeof found === 'function' ? await found(command) : (found ?? {});
    if (signal?.aborted) throw cancelled(host);
    return capped({ ...NOTHING, ...result }, command);
  };

  const hang = (
    host: string,
    timeoutSeconds: number,
    signal: AbortSignal | undefined,
  ): Promise<CommandResult> =>
    new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        clearTimeout(timer);
        hanging.delete(one);
        act();
      };
      const one = { host, lose: () => end(() => reject(lost(host))) };
      const timer = setTimeout(() => {
        const durationMs = timeoutSeconds * 1000;
        const timedOut = { exitCode: null, signal: 'SIGTERM', timedOut: true, durationMs };
        end(() => resolve({ ...NOTHING, ...timedOut }));
      }, timeoutSeconds * 1000);
      signal?.addEventListener('abort', () => end(() => reject(cancelled(host))));
      hanging.add(one);
    });

  return {
    calls,
    answer(host, answer, when = () => true) {
      const fits =
        typeof when === 'function'
          ? when
          : (command: Probe | Step) => sameArgv(command.argv, when as Probe['argv']);
      answers.push({ host, answer, fits });
    },
    disconnect(host) {
      for (const one of hanging) if (one.host === host) one.lose();
    },
    read: (host, command, options = {}) => run({ kind: 'read', host, command }, options),
    change: (host, command, options = {}) => run({ kind: 'change', host, command }, options),
  };
}

function lost(host: string): HousecallError {
  return new HousecallError('SSH_LOST', `${host}: the connection was closed`, {
    context: { host },
  });
}

function cancelled(host: string): HousecallError {
  return new HousecallError('CANCELLED', `${host}: the command was cancelled`, {
    context: { host },
  });
}

/** Head and tail, as the real one keeps them; for text of one byte a character. */
function capped(result: CommandResult, command: Probe | Step): CommandResult {
  const limit = 'outputLimitBytes' in command ? command.outputLimitBytes : 1024 * 1024;
  const cut = (text: string): string =>
    text.length <= limit
      ? text
      : `${text.slice(0, limit / 2)}\n[… ${text.length - limit} bytes dropped …]\n${text.slice(-limit / 2)}`;
  const stdout = cut(result.stdout);
  const stderr = cut(result.stderr);
  const outputTruncated =
    result.outputTruncated || stdout !== result.stdout || stderr !== result.stderr;
  return { ...result, stdout, stderr, outputTruncated };
}
