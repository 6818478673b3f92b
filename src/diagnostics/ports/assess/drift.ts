import type { Finding } from '../../../core/finding.ts';
import type { Namespace, Reading } from '../reading.ts';
import { foldDrift } from './more-drift.ts';
import { containerOf, count, digits, evidence, fullNameOf, idOf, nameOf } from './words.ts';

/** Sysctls that decide about local ports and are set per network namespace. */
export const COMPARED = [
  'tcp_tw_reuse',
  'tcp_timestamps',
  'ip_local_port_range',
  'ip_local_reserved_ports',
  'tcp_tw_reuse_delay',
] as const;
export type ComparedKey = (typeof COMPARED)[number];

/** Where a namespace differs from the host's own: one finding per sysctl and value, the worst first, and one for the rest. */
export function drift(reading: Reading): readonly Finding[] {
  return foldDrift(differences(reading), 'from the host');
}

function differences(reading: Reading): readonly Finding[] {
  const host = reading.namespaces.find(({ own }) => own);
  if (host === undefined) return [];
  return COMPARED.flatMap((key) => {
    const expected = host.settings?.values[key];
    if (expected === undefined) return [];
    const groups = new Map<string, Namespace[]>();
    for (const one of reading.namespaces.filter(connects)) {
      const value = one.settings?.values[key];
      if (value === undefined || value === expected) continue;
      groups.set(value, [...(groups.get(value) ?? []), one]);
    }
    return [...groups].map(([value, spaces]) => describe({ key, value, expected }, spaces, host));
  });
}

/** A namespace without any socket opens no connections. */
export function connects({ timeWait, open }: Namespace): boolean {
  return (timeWait ?? 0) + (open ?? 0) > 0;
}

export interface Difference {
  readonly key: ComparedKey;
  readonly value: string;
  readonly expected: string;
}

/** Whether it leaves fewer ports, or keeps them longer, than what is expected. */
export function isWorse({ key, value, expected }: Difference): boolean {
  switch (key) {
    case 'tcp_tw_reuse':
      return expected === '1' || (expected === '2' && value === '0');
    case 'tcp_timestamps':
      return value === '0';
    case 'ip_local_port_range':
      return size(value) < size(expected);
    case 'ip_local_reserved_ports':
      return reserved(value) > reserved(expected);
    case 'tcp_tw_reuse_delay':
      return Number(value) > Number(expected);
  }
}

function size(range: string): number {
  const [first, last] = range.split(/\s+/).map(Number);
  return (last ?? 0) - (first ?? 0);
}

function reserved(list: string): number {
  return list
    .split(',')
    .filter((part) => part !== '')
    .reduce((sum, part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return sum + last - first + 1;
    }, 0);
}

/** `32768–60999`, `2`, `none`. */
export function shown(key: ComparedKey, value: string): string {
  if (value === '') return 'none';
  const text = key === 'ip_local_port_range' ? value.replace(/\s+/, '–') : value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export const MEANING: Readonly<Record<ComparedKey, string>> = {
  tcp_tw_reuse:
    'tcp_tw_reuse: 1 lets outgoing connections take ports whose connection has just been closed (TIME_WAIT), 2 (the default since Linux 4.19) does so for loopback destinations only, 0 (the default before) never.',
  tcp_timestamps:
    'tcp_timestamps: with 0 tcp_tw_reuse has no effect, so ports rest for 60 s after each connection.',
  ip_local_port_range: 'ip_local_port_range: a narrower range runs out sooner.',
  ip_local_reserved_ports:
    'ip_local_reserved_ports: reserved ports are never chosen for outgoing connections.',
  tcp_tw_reuse_delay:
    'tcp_tw_reuse_delay: milliseconds in TIME_WAIT before a port may be used again, where tcp_tw_reuse allows it.',
};

function describe(difference: Difference, spaces: readonly Namespace[], host: Namespace): Finding {
  const { key, value, expected } = difference;
  const [first] = spaces;
  const who =
    spaces.length === 1 && first !== undefined
      ? fullNameOf(first)
      : `${count(spaces.length, 'network namespace')} (${names(spaces)})`;
  const container = first === undefined ? null : containerOf(first);
  return {
    code: 'ports.sysctl-drift',
    status: isWorse(difference) ? 'warning' : 'ok',
    subject: `${key} of ${first === undefined ? '?' : nameOf(first)}`,
    title: `${key} is ${shown(key, value)} in ${who}, but ${shown(key, expected)} on the host`,
    detail: [
      MEANING[key],
      'A network namespace (the own network of a container) does not inherit what is set on the host: it begins with the defaults of the kernel, unless started with --sysctl.',
    ].join('\n'),
    data: {
      namespace: first === undefined ? '' : idOf(first),
      key: `net.ipv4.${key}`,
      value,
      expected,
      against: 'host',
      namespaces: spaces.slice(0, 20).map(idOf),
      ...(container?.name ? { containerName: container.name } : {}),
    },
    evidence: [
      evidence(['sysctl', `net.ipv4.${key}`], line(key, host.settings?.values[key] ?? '')),
      ...spaces
        .slice(0, 3)
        .map(({ pid }) =>
          evidence(
            ['nsenter', '-t', String(pid), '-n', 'sysctl', `net.ipv4.${key}`],
            line(key, value),
          ),
        ),
    ],
    fixes: [],
    next: [],
  };
}

function line(key: ComparedKey, value: string): string {
  return `net.ipv4.${key} = ${value}`.trimEnd();
}

function names(spaces: readonly Namespace[]): string {
  const shownNames = spaces.slice(0, 5).map(nameOf).join(', ');
  return spaces.length > 5 ? `${shownNames} and ${digits(spaces.length - 5)} more` : shownNames;
}
