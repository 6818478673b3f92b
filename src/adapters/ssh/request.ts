import { readFileSync } from 'node:fs';
import { type Argv, type Privilege, shellQuote } from '../../core/command.ts';

/** `read` is bounded, nice and expendable; `change` is left to end by itself when we are gone. */
export type Mode = 'read' | 'change';

const BOOT = 'IFS=" " read -r n c || exit 0; c=$(printf %b "$c"); eval "$c"';

/**
 * The only two strings that are ever handed to `exec`. Constant, so nothing can be injected; without
 * line break, backslash and `!`, so that every login shell understands them, csh and fish too.
 */
export const EXEC = {
  plain: `exec /bin/sh -c 'eval "$1"' housecall '${BOOT}' plain`,
  sudo: `exec /bin/sh -c 'eval "$1"' housecall '${BOOT}' sudo`,
} as const;

const SUPERVISE = withoutComments('./supervise.sh');
const STOP = withoutComments('./stop.sh');

/** What is written to a channel as soon as it is open. Under sudo the text is read twice. */
export function openingText(nonce: string, sudo: boolean): string {
  const encoded = SUPERVISE.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `${nonce} ${encoded}\n`.repeat(sudo ? 2 : 1);
}

/** Turns the waiting reader into this command; what follows it on the channel is the command's stdin. */
export function requestText(
  nonce: string,
  request: { readonly mode: Mode; readonly argv: Argv; readonly limitSeconds: number },
): string {
  if (request.argv[0].startsWith('-')) {
    throw new RangeError(`a program cannot begin with a dash: ${request.argv[0]}`);
  }
  const words = request.argv.map(shellQuote).join(' ');
  const limit = Math.max(1, Math.ceil(request.limitSeconds));
  return `mode=${request.mode}\nlimit=${limit}\nset -- ${words}\n@${nonce} go\n`;
}

/** What a reader says of itself when it is ready for its request. */
export interface Ready {
  readonly privilege: Privilege;
  readonly pid: string;
  /** What to kill: `-<group>`, or the pid where there is no group of its own. */
  readonly target: string;
  /** Start time of the process in clock ticks: tells it from another with the same pid. */
  readonly started: string;
  readonly sudoRefused?: string;
}

/** Finds the ready line in the first output; a login shell's start files may have printed before it. */
export function findReady(nonce: string, output: Buffer): { ready: Ready; rest: Buffer } | null {
  const marker = `\n@${nonce} ready `;
  const start = output.indexOf(marker);
  const end = start < 0 ? -1 : output.indexOf('\n', start + 1);
  if (end < 0) return null;
  const words = output.toString('utf8', start + marker.length, end).split(' ');
  const [privilege, pid = '', target = '', started = '', ...refused] = words;
  if (privilege !== 'root' && privilege !== 'sudo' && privilege !== 'none') return null;
  const said = refused.join(' ').trim().slice(0, 300);
  const facts = { privilege, pid, target, started } as const;
  const ready: Ready = said === '' ? facts : { ...facts, sudoRefused: said };
  return { ready, rest: output.subarray(end + 1) };
}

/** Kills what another channel runs, as a request of its own. */
export function stopRequest(
  ready: Ready,
  nonce: string,
  mode: Mode,
): { argv: Argv; stdin: string } {
  const facts = [ready.pid, ready.target, ready.started, nonce, mode];
  return { argv: ['sh', '-s', '--', ...facts], stdin: STOP };
}

function withoutComments(name: string): string {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
}
