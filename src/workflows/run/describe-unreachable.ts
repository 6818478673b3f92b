import type { HousecallError } from '../../core/errors.ts';
import type { ConnectReason, ConnectStage, NextStep } from '../../core/finding.ts';

interface StageDoc {
  /** What it means for the host. */
  readonly means: string;
  /** What to do, in order. */
  readonly act: string;
}

/** A stuck host is seldom the only one: what fills it or hangs it may come to its neighbours next. */
const STUCK: StageDoc = {
  means:
    'The kernel still answers TCP, but no program gets on: out of memory, blocked on I/O, or locked up. The host is stuck, not dead, and a dead one would not connect.',
  act: 'Do not wait for SSH: look at its console and its last metrics, and restart it from outside if it does not come back. Look at the other hosts of its group: what filled or blocked this one (a log, a container, a file server) may come to them next.',
};

const DOCS: Readonly<Record<ConnectStage, StageDoc>> = {
  name: {
    means: 'The address does not resolve: nothing was tried, and nothing is said about the host.',
    act: 'Look at the address in the inventory, then at DNS as this machine sees it. If several hosts fail like that, it is the name server.',
  },
  route: {
    means:
      'There is no way to it: a router or this machine says that the network or the host cannot be reached. On the same network that means that the host is off or not plugged in.',
    act: 'Look at the network between here and there (VPN, route, security group), then whether the machine is on.',
  },
  refused: {
    means:
      'Something at that address answers at once, but nothing listens on the port: the host is up and sshd is not running, or a firewall rejects.',
    act: 'Start sshd from the console. Check that the address still belongs to this host, and the port in the inventory.',
  },
  timeout: {
    means:
      'Nothing answers, not even a refusal: the host is down or frozen, or a firewall drops the packets.',
    act: 'Look at whether it is on (console, hypervisor), and whether others reach it: if they do, it is the network from here to there.',
  },
  banner: STUCK,
  'host-key': {
    means:
      'The host key is not the one known: the host was reinstalled, another machine has its address, or somebody is in between. Housecall did not log in.',
    act: 'Ask who reinstalled it. Compare the fingerprint on the console of the host before the new key goes into known hosts; never accept it because it is late.',
  },
  auth: {
    means: 'The host is up and well enough to say no: it does not let this account in.',
    act: 'Look at the user and the key in the configuration, then on the host: authorized_keys and who owns it, whether the account is locked or expired, AllowUsers in sshd_config.',
  },
  sudo: {
    means:
      'Logged in, but `sudo -n` refused: the host is configured with `sudo: true` and asks for a password or forbids it. What an account without rights sees is told.',
    act: 'Allow `/bin/sh` without a password for the account (see the security guide), or configure `sudo: false` to look without rights on purpose.',
  },
};

/** What each stage means to the person on call, and what to do: also the reference. */
export const STAGES: Readonly<Record<ConnectStage, string>> = {
  name: page('name'),
  route: page('route'),
  refused: page('refused'),
  timeout: page('timeout'),
  banner: page('banner'),
  'host-key': page('host-key'),
  auth: page('auth'),
  sudo: page('sudo'),
};

function page(stage: ConnectStage): string {
  return `${DOCS[stage].means} ${DOCS[stage].act}`;
}

interface Case {
  readonly host: string;
  /** `host-17 (10.0.0.17:22)`. */
  readonly place: string;
  readonly said: string;
}

/** The answer in one line, by stage. */
const TITLES: Readonly<Record<ConnectStage, (one: Case) => string>> = {
  name: ({ place, said }) => `The name of ${place} does not resolve: ${said}`,
  route: ({ place, said }) => `There is no way to ${place}: ${said}`,
  refused: ({ place, said }) =>
    `${place} answers, but nothing listens there: sshd is not running (${said})`,
  timeout: ({ place, said }) =>
    `${place} does not answer: ${said}; it is down, or packets are dropped on the way`,
  banner: ({ place, said }) => `${place} lets no SSH connection come about: ${said}`,
  'host-key': ({ place, said }) => `The host key of ${place} is not trusted: ${said}`,
  auth: ({ place, said }) => `${place} is up but does not let us in: ${said}`,
  sudo: ({ place, said }) => `${place} lets us in but not become root: ${said}`,
};

/** What is more exact than its stage. */
const EXACT: Readonly<
  Record<ConnectReason, StageDoc & { readonly title: (one: Case) => string; readonly stuck?: true }>
> = {
  silent: {
    ...STUCK,
    stuck: true,
    title: ({ place, said }) =>
      `${place} answers TCP but sshd says nothing${limitOf(said)}: the host is probably stuck`,
  },
  stuck: {
    ...STUCK,
    means: `sshd answered and then got no further. ${STUCK.means}`,
    stuck: true,
    title: ({ place, said }) => `${place} is probably stuck: ${said}`,
  },
  busy: {
    means:
      'sshd takes the connection and closes it before it says a word: more logins at once than MaxStartups allows (scanners, a loop of logins), or it cannot start a process (no memory, no process ids).',
    act: 'Ask again in a minute. If it stays like that, look from the console who connects (ss -tn) and whether fork fails.',
    title: ({ place, said }) => `${place} turns every SSH connection away: it ${said}`,
  },
  reset: {
    means:
      'The connection was made and thrown away at once: a firewall, a proxy, or a load balancer without a living host behind it.',
    act: 'Find what stands between here and the host; the host itself may be well.',
    title: ({ place, said }) => `${place} throws the connection away at once: ${said}`,
  },
  unknown: {
    means:
      'Its host key was never recorded, so nobody knows whether it is the right machine. Housecall did not log in.',
    act: 'Compare the fingerprint with the one on the console of the host, then run `housecall check --accept-new-host-keys`, which asks.',
    title: ({ place, said }) => `The host key of ${place} is not known yet: ${said}`,
  },
  changed: {
    ...DOCS['host-key'],
    title: ({ place, said }) =>
      `${place} shows another host key than the one known, so nobody logged in: ${said}`,
  },
};

const REASONS: readonly string[] = Object.keys(EXACT);

const NEIGHBOURS: readonly NextStep[] = [
  { diagnostic: 'disk', params: {}, scope: 'group' },
  { diagnostic: 'vitals', params: {}, scope: 'group' },
];

export interface Unreachable {
  readonly stage: ConnectStage;
  /** What the library or the host said. */
  readonly said: string;
  readonly title: string;
  readonly detail: string;
  readonly next: readonly NextStep[];
}

/** What a failed connection says about the host. */
export function describeUnreachable(host: string, error: HousecallError): Unreachable {
  const { context } = error;
  const stage = isStage(context['stage']) ? context['stage'] : 'timeout';
  const said = text(context['detail']) ?? error.message;
  const address = text(context['address']);
  const bastion = text(context['bastion']);
  const place = address === null ? host : `${host} (${address})`;
  const reason = context['reason'];
  const exact = isReason(reason) ? EXACT[reason] : null;
  const { means, act } = exact ?? DOCS[stage];
  // The failure is that of the hop: what it says is about the bastion and not about the host.
  const title =
    bastion === null
      ? (exact?.title ?? TITLES[stage])({ host, place, said })
      : `${host} was not tried: its bastion ${bastion} could not be reached (${said.replace(`bastion ${bastion}: `, '')})`;
  return {
    stage,
    said,
    title,
    detail: [
      ...(bastion === null ? [] : [`This is about the bastion ${bastion}.`]),
      means,
      act,
      error.message,
    ].join('\n'),
    next: exact?.stuck === true && bastion === null ? NEIGHBOURS : [],
  };
}

/** `connected, but no SSH banner in 8 s` → ` for 8 s`. */
function limitOf(said: string): string {
  const [, seconds] = / in (\d+(?:\.\d+)?) s\b/.exec(said) ?? [];
  return seconds === undefined ? '' : ` for ${seconds} s`;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isStage(value: unknown): value is ConnectStage {
  return typeof value === 'string' && Object.hasOwn(DOCS, value);
}

function isReason(value: unknown): value is ConnectReason {
  return typeof value === 'string' && REASONS.includes(value);
}
