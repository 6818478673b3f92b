import { inventoryOf } from '../../config/inventory.ts';
import type { Config } from '../../config/load-config.ts';
import { counted } from '../../core/counted.ts';
import { HousecallError } from '../../core/errors.ts';
import { foldNames } from '../../core/fleet/fold-names.ts';
import { groupsOf } from '../../core/fleet/targets.ts';
import { atMost } from './at-most.ts';
import type { CheckLine } from './check-lines.ts';
import { bySameRemedy, errorLine } from './check-lines.ts';
import type { Terminal } from './terminal.ts';

/** What one service says about itself: each text is plain and names its remedy. */
export interface ServiceCheck {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** What it is, when it is good: `team Example, bot housecall`. */
  readonly summary: string;
}

/** A key that a host showed for the first time. */
export interface NewHostKey {
  /** `ssh-ed25519 SHA256:…` */
  readonly fingerprint: string;
  /** Records it in the known-hosts file. */
  accept(): Promise<void>;
}

export interface CheckProbes {
  /** Names in the configuration that the code does not know; throws CONFIG_INVALID. */
  references(config: Config): void;
  /** Files and folders of this machine. */
  files(config: Config): Promise<readonly CheckLine[]>;
  redis(url: string): Promise<ServiceCheck>;
  /** `canvas`: whether `incidents.canvas` is on, which wants scopes of its own. */
  slack(
    slack: NonNullable<Config['slack']> & { botToken: string },
    canvas: boolean,
  ): Promise<ServiceCheck>;
  /** The APIs of alert sources that have a key. */
  sources(config: Config): Promise<readonly CheckLine[]>;
  /** The mail server, where there is one. */
  mail(config: Config): Promise<readonly CheckLine[]>;
  /** Logs in and runs `true`; resolves to what is wrong all the same, throws SSH_UNREACHABLE. */
  host(name: string): Promise<string | null>;
  /** Null: the host has shown this key before, or another one. */
  newHostKey(name: string): Promise<NewHostKey | null>;
}

/** Hosts tried at once. */
const AT_ONCE = 32;

/** Everything that `housecall start` and `housecall diag` rely on, each in a line. */
export async function check(
  config: Config,
  probes: CheckProbes,
  options: { acceptNewHostKeys: boolean; terminal: Terminal },
): Promise<readonly CheckLine[]> {
  const [files, redis, slack, sources, mail] = await Promise.all([
    probes.files(config),
    checkRedis(config, probes),
    checkSlack(config, probes),
    probes.sources(config),
    probes.mail(config),
  ]);
  if (options.acceptNewHostKeys) await acceptKeys(config, probes, options.terminal);
  return [
    ...checkConfig(config, probes),
    ...files,
    ...redis,
    ...slack,
    ...sources,
    ...mail,
    ...(await checkHosts(config, probes)),
  ];
}

function checkConfig(config: Config, probes: CheckProbes): readonly CheckLine[] {
  const inventory = inventoryOf(config);
  const area = 'configuration';
  const warnings = config.origin.warnings.map(
    (text): CheckLine => ({ area, verdict: 'warning', text }),
  );
  const nobody = config.access.operators.length === 0 && config.slack !== undefined;
  if (nobody) {
    const text = 'access.operators is empty: nobody may run diagnostics in Slack';
    warnings.push({ area, verdict: 'warning', text });
  }
  const heard = Object.values(config.alerts.sources).some((source) => source !== undefined);
  if (heard && config.escalation.steps.length === 0) {
    const text = 'escalation.steps is empty: nobody is paged when nobody acknowledges';
    warnings.push({ area, verdict: 'warning', text });
  }
  try {
    probes.references(config);
  } catch (error) {
    return [errorLine(area, error), ...warnings];
  }
  const size = `${counted(inventory.size, 'host')}, ${counted(groupsOf(inventory).length, 'group')}`;
  const text = `${config.origin.file}: ${size}`;
  return [{ area, verdict: 'good', text }, ...warnings];
}

async function checkRedis(config: Config, probes: CheckProbes): Promise<readonly CheckLine[]> {
  const { url } = config.redis;
  if (url === undefined) return [notConfigured(config, 'redis', 'redis.url')];
  return serviceLines('redis', () => probes.redis(url));
}

async function checkSlack(config: Config, probes: CheckProbes): Promise<readonly CheckLine[]> {
  const { slack } = config;
  if (slack?.botToken === undefined) return [notConfigured(config, 'slack', 'slack.botToken')];
  const { botToken, appToken, signingSecret } = slack;
  const lines = await serviceLines('slack', () =>
    probes.slack({ ...slack, botToken }, config.incidents.canvas),
  );
  if (appToken !== undefined || signingSecret !== undefined) return lines;
  const text =
    'neither slack.appToken (Socket Mode) nor slack.signingSecret (HTTP) is set: Slack cannot reach Housecall';
  return [...lines, { area: 'slack', verdict: 'bad', text }];
}

function notConfigured(config: Config, area: 'redis' | 'slack', key: string): CheckLine {
  const variable = config.origin.unset.find((entry) => entry.key === key)?.variable;
  return variable === undefined
    ? { area, verdict: 'skipped', text: `${key} is not set: enough for diag, not for start` }
    : { area, verdict: 'bad', text: `${key}: the environment variable ${variable} is not set` };
}

async function serviceLines(
  area: 'redis' | 'slack',
  look: () => Promise<ServiceCheck>,
): Promise<readonly CheckLine[]> {
  try {
    const { problems, warnings, summary } = await look();
    const good: CheckLine = { area, verdict: 'good', text: summary };
    return [
      ...problems.map((text): CheckLine => ({ area, verdict: 'bad', text })),
      ...(problems.length === 0 ? [good] : []),
      ...warnings.map((text): CheckLine => ({ area, verdict: 'warning', text })),
    ];
  } catch (error) {
    return [errorLine(area, error)];
  }
}

async function checkHosts(config: Config, probes: CheckProbes): Promise<readonly CheckLine[]> {
  const names = [...inventoryOf(config).keys()];
  const results = await atMost(AT_ONCE, names, async (name) => {
    try {
      const problem = await probes.host(name);
      return { name, line: problem === null ? null : hostProblem(name, problem) };
    } catch (error) {
      return { name, line: errorLine('hosts', error) };
    }
  });
  const good = results.filter(({ line }) => line === null).map(({ name }) => name);
  const summary: CheckLine = {
    area: 'hosts',
    verdict: 'good',
    text: `${good.length} of ${names.length} reachable: ${foldNames(good)}`,
  };
  const bad = results.flatMap(({ line }) => line ?? []);
  return [...(good.length > 0 ? [summary] : []), ...bySameRemedy(bad)];
}

function hostProblem(name: string, problem: string): CheckLine {
  return { area: 'hosts', verdict: 'bad', text: `${name}: ${problem}` };
}

/** One host after the other: each key is for a person to compare. */
async function acceptKeys(config: Config, probes: CheckProbes, terminal: Terminal): Promise<void> {
  for (const name of inventoryOf(config).keys()) {
    const key = await newKey(probes, name);
    if (key === null) continue;
    const answer = await terminal.ask(
      `${name} shows the key ${key.fingerprint} for the first time.\nIs this its key? Compare with the host, then type yes: `,
    );
    if (answer === null) {
      throw new HousecallError(
        'USAGE',
        'check --accept-new-host-keys asks for each host: run it on a terminal',
      );
    }
    if (answer.trim().toLowerCase() === 'yes') await key.accept();
    else terminal.err(`${name}: not recorded\n`);
  }
}

/** A host that cannot be reached has no key to show; the check of hosts tells why. */
async function newKey(probes: CheckProbes, name: string): Promise<NewHostKey | null> {
  try {
    return await probes.newHostKey(name);
  } catch (error) {
    if (error instanceof HousecallError) return null;
    throw error;
  }
}
