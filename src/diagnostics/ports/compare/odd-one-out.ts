import type { Finding } from '../../../core/finding.ts';
import type { Compared, ComparedFinding } from '../../contract.ts';
import { COMPARED, type Difference, isWorse, MEANING, shown } from '../assess/drift.ts';
import { foldDrift } from '../assess/more-drift.ts';
import { count, evidence } from '../assess/words.ts';
import type { PortFacts, SpaceFacts } from './facts.ts';

/** Two hosts that differ do not tell which of them is wrong. */
const LEAST_HOSTS = 3;

interface Placed {
  readonly host: string;
  readonly space: SpaceFacts;
}

/** Namespaces whose sysctls differ from most of their peers: the same image, process, or the hosts themselves. */
export function oddOnesOut(hosts: readonly Compared[]): readonly ComparedFinding[] {
  const known = hosts as readonly Compared<PortFacts>[];
  const peers = new Map<string, Placed[]>();
  for (const { host, facts } of known) {
    for (const space of facts.spaces) {
      peers.set(space.role, [...(peers.get(space.role) ?? []), { host, space }]);
    }
  }
  const all = [...peers].flatMap(([role, placed]) =>
    COMPARED.flatMap((key) => among(role, key, placed)),
  );
  return [...new Set(all.map(({ host }) => host))].flatMap((host) => {
    const own = all.filter((one) => one.host === host).map(({ finding }) => finding);
    return foldDrift(own, 'from most peers').map((finding) => ({ host, finding }));
  });
}

function among(
  role: string,
  key: Difference['key'],
  placed: readonly Placed[],
): readonly ComparedFinding[] {
  const told = placed.filter(({ space }) => space.values[key] !== undefined);
  if (new Set(told.map(({ host }) => host)).size < LEAST_HOSTS) return [];
  const counts = new Map<string, number>();
  for (const { space } of told) {
    const value = space.values[key] ?? '';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const [majority] = [...counts].filter(([, number]) => number * 2 > told.length);
  if (majority === undefined) return [];
  const [expected, agreeing] = majority;
  const odd = new Map<string, Placed[]>();
  for (const one of told.filter(({ space }) => space.values[key] !== expected)) {
    const group = JSON.stringify([one.host, one.space.values[key]]);
    odd.set(group, [...(odd.get(group) ?? []), one]);
  }
  return [...odd.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const difference = { key, value: first.space.values[key] ?? '', expected };
    const peers = { role, agreeing, total: told.length };
    return [{ host: first.host, finding: describe(difference, group, peers) }];
  });
}

function describe(
  difference: Difference,
  group: readonly Placed[],
  peers: { readonly role: string; readonly agreeing: number; readonly total: number },
): Finding {
  const { key, value, expected } = difference;
  const spaces = group.map(({ space }) => space);
  const names = spaces.map(({ name }) => name);
  const listed =
    names.length > 3
      ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
      : names.join(', ');
  const of = peers.role === 'host' ? 'hosts' : `namespaces of ${peers.role}`;
  const [first] = spaces;
  return {
    code: 'ports.sysctl-drift',
    status: isWorse(difference) ? 'warning' : 'ok',
    subject: `${key} of ${names[0] ?? '?'}`,
    title: `${key} is ${shown(key, value)} ${peers.role === 'host' ? 'on this host' : `in ${listed}`}, but ${shown(key, expected)} in ${peers.agreeing} of ${count(peers.total, 'peer')} (${of})`,
    detail: [
      MEANING[key],
      `Compared over the ${of} of this run that could be read; the odd one out is named, which need not be the wrong one.`,
    ].join('\n'),
    data: {
      namespace: first?.namespace ?? '',
      key: `net.ipv4.${key}`,
      value,
      expected,
      against: 'peers',
      namespaces: spaces.slice(0, 20).map(({ namespace }) => namespace),
      peers: peers.total,
      agreeing: peers.agreeing,
      role: peers.role,
    },
    evidence: spaces
      .slice(0, 3)
      .map(({ pid }) =>
        evidence(
          peers.role === 'host'
            ? ['sysctl', `net.ipv4.${key}`]
            : ['nsenter', '-t', String(pid), '-n', 'sysctl', `net.ipv4.${key}`],
          `net.ipv4.${key} = ${value}`.trimEnd(),
        ),
      ),
    fixes: [],
    next: [],
  };
}
