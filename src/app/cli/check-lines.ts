import pc from 'picocolors';
import { HousecallError } from '../../core/errors.ts';
import { sanitise } from '../../core/sanitise.ts';

type Verdict = 'good' | 'bad' | 'warning' | 'skipped';

/** One thing that was looked at. */
export interface CheckLine {
  readonly area: 'configuration' | 'files' | 'redis' | 'slack' | 'alerts' | 'mail' | 'hosts';
  readonly verdict: Verdict;
  /** Plain words; what is bad names its remedy. */
  readonly text: string;
}

/** An expected error as a line; anything else is a bug and goes on. */
export function errorLine(area: CheckLine['area'], error: unknown): CheckLine {
  if (!(error instanceof HousecallError)) throw error;
  const { stage } = error.context;
  const known = typeof stage === 'string' && Object.hasOwn(REMEDIES, stage);
  const remedy = known ? REMEDIES[stage] : error.hint;
  return { area, verdict: 'bad', text: `${error.message}\n${remedy}` };
}

/** By how far the connection came. */
const REMEDIES: Readonly<Record<string, string>> = {
  name: 'Set `address` of the host to a name that resolves, or to an IP address.',
  route: 'Look at the network between here and the host; does it need `via`?',
  refused: 'Start sshd there, or set `port` of the host.',
  timeout: 'Is the host up, and does a firewall let this machine in? Does it need `via`?',
  banner: 'The host takes connections and sshd says nothing: look at the host itself.',
  'host-key':
    'Never seen before: `housecall check --accept-new-host-keys`. Changed: find out why before you trust it.',
  auth: 'Add the public key to authorized_keys of that user; look at `user` and `identityFile`.',
  sudo: 'Allow `sudo -n` for that user (sudoers: NOPASSWD), or set `sudo: false`.',
};

/** What one remedy helps with stands together, and the remedy once, below. */
export function bySameRemedy(lines: readonly CheckLine[]): readonly CheckLine[] {
  const groups = new Map<string, CheckLine[]>();
  for (const line of lines) {
    const remedy = line.text.split('\n').slice(1).join('\n');
    groups.set(remedy, [...(groups.get(remedy) ?? []), line]);
  }
  return [...groups.values()].flatMap((group) =>
    group.map((line, n) =>
      n === group.length - 1 ? line : { ...line, text: line.text.split('\n', 1).join('') },
    ),
  );
}

export function checkText(lines: readonly CheckLine[], colours: boolean): string {
  const paint = pc.createColors(colours);
  const colour: Readonly<Record<Verdict, (text: string) => string>> = {
    good: paint.green,
    bad: paint.red,
    warning: paint.yellow,
    skipped: paint.dim,
  };
  const width = 'configuration'.length;
  return lines
    .map(({ area, verdict, text }) => {
      const [first = '', ...more] = sanitise(text).split('\n');
      const head = `${colour[verdict](verdict.padEnd(7))}  ${area.padEnd(width)}  ${first}`;
      return [head, ...more.map((line) => `${' '.repeat(11 + width)}${line}`)].join('\n');
    })
    .map((line) => `${line}\n`)
    .join('');
}

export function isBad(lines: readonly CheckLine[]): boolean {
  return lines.some(({ verdict }) => verdict === 'bad');
}
