import {
  compareStatus,
  type Finding,
  type FixOffer,
  type NextStep,
} from '../../../core/finding.ts';
import { MOST_SHORTAGES, type Params } from '../params.ts';
import type { Namespace, Reading } from '../reading.ts';
import { advice } from './advice.ts';
import { fold } from './fold.ts';
import { moreShortages, type Shortage, unlistedWords } from './more-shortages.ts';
import { type Pressure, pressures } from './pressure.ts';
import { ERROR, title } from './title.ts';
import { atStart, containerOf, count, evidence, fullNameOf, idOf, nameOf } from './words.ts';

/** The same look at every host of the group: what runs here with too few ports runs there, too. */
const WHO_ELSE: NextStep = { diagnostic: 'ports', params: {}, scope: 'group' };

/** Namespaces that run out of local ports: one finding per destination, the worst first, and one for all that is left. */
export function exhausted(reading: Reading, params: Params): readonly Finding[] {
  const all = reading.namespaces
    .flatMap((namespace) => shortages(namespace, reading, params))
    .toSorted(
      ({ finding: a }, { finding: b }) =>
        compareStatus(a.status, b.status) ||
        Number(b.data['usedPercent']) - Number(a.data['usedPercent']),
    );
  const { shown, rest } = fold(
    all,
    ({ finding }) => String(finding.data['namespace']),
    MOST_SHORTAGES,
  );
  return [...shown.map(({ finding }) => finding), ...moreShortages(rest)];
}

function shortages(namespace: Namespace, reading: Reading, params: Params): readonly Shortage[] {
  const { hot = 0, destinations = [] } = namespace.table ?? {};
  return [
    ...nothingLeft(namespace).map((finding) => ({ finding, unlisted: 0 })),
    ...pressures(namespace, reading, params).map((pressure, i) => {
      const unlisted = i === 0 ? Math.max(0, hot - destinations.length) : 0;
      return { finding: describe(pressure, reading, unlisted), unlisted };
    }),
  ];
}

/** Every port of the range is reserved: no connection at all can be opened. */
function nothingLeft(namespace: Namespace): readonly Finding[] {
  const range = namespace.settings?.range;
  if (!range || range.last - range.first + 1 > range.reserved) return [];
  return [
    {
      code: 'ports.ephemeral-exhausted',
      status: 'critical',
      subject: nameOf(namespace),
      title: `${atStart(fullNameOf(namespace))} has no local port at all: all ${count(range.reserved, 'port')} of the range ${range.first}–${range.last} are reserved, so new connections fail with ${ERROR}`,
      detail:
        'Only connections from a port that the program chooses itself still work.\nTake ports out of net.ipv4.ip_local_reserved_ports, or widen net.ipv4.ip_local_port_range.',
      data: {
        ...place(namespace),
        destination: 'any',
        used: 0,
        range: 0,
        usedPercent: 100,
        timeWait: 0,
        established: 0,
        closeWait: 0,
        synSent: 0,
        cause: 'reserved',
        firstPort: range.first,
        lastPort: range.last,
        reserved: range.reserved,
        rangeKnown: 'sysctl',
      },
      evidence: [settingsEvidence(namespace)],
      fixes: [],
      next: [],
    },
  ];
}

function describe(pressure: Pressure, reading: Reading, unlisted: number): Finding {
  const { namespace, destination, range, available } = pressure;
  const mode = namespace.settings?.values['tcp_tw_reuse'];
  const [owner] = destination.owners;
  return {
    code: 'ports.ephemeral-exhausted',
    status: pressure.status,
    subject: `${nameOf(namespace)} → ${destination.name}`,
    title: title(pressure),
    detail: [...advice(pressure, reading), ...unlistedWords(unlisted)].join('\n'),
    data: {
      ...place(namespace),
      destination: destination.name,
      localAddress: destination.local,
      used: pressure.held,
      range: Math.max(0, available),
      usedPercent: Math.round(pressure.percent * 10) / 10,
      timeWait: destination.timeWait,
      established: destination.established,
      closeWait: destination.closeWait,
      synSent: destination.synSent,
      cause: pressure.cause,
      firstPort: range.first,
      lastPort: range.last,
      reserved: range.reserved,
      rangeKnown: pressure.source,
      ...(mode === undefined ? {} : { tcpTwReuse: Number(mode) }),
      ...(owner === undefined ? {} : { holder: owner.process, holderPid: owner.pid }),
    },
    evidence: [tableEvidence(pressure), settingsEvidence(namespace)],
    fixes: fixes(pressure, reading),
    next: [WHO_ELSE],
  };
}

function place(namespace: Namespace): Readonly<Record<string, unknown>> {
  const container = containerOf(namespace);
  return {
    namespace: idOf(namespace),
    pid: namespace.pid,
    process: namespace.process,
    ...(container === null ? {} : { container: container.id }),
    ...(container?.name ? { containerName: container.name } : {}),
    ...(container?.image ? { image: container.image } : {}),
  };
}

/**
 * Only where it helps: what is taken is TIME_WAIT towards a remote destination, the setting was read
 * and is not 1, and timestamps are on. A container is named rather than a process: that outlives a restart.
 */
function fixes(pressure: Pressure, reading: Reading): readonly FixOffer[] {
  const { cause, reuse, destination, namespace, source } = pressure;
  const { tcp_tw_reuse: mode, tcp_timestamps: timestamps } = namespace.settings?.values ?? {};
  if (cause !== 'time-wait' || reuse !== 'no' || destination.loopback) return [];
  if (source !== 'sysctl' || mode === undefined || timestamps === '0') return [];
  if (reading.privilege === 'none' || reading.host.enter === 'none') return [];
  const container = containerOf(namespace);
  return [
    {
      fix: 'reuse-time-wait',
      params: container === null ? { pid: namespace.pid } : { container: container.id },
    },
  ];
}

function tableEvidence({ namespace, destination: one }: Pressure): Finding['evidence'][number] {
  const files = ['tcp', 'tcp6'].map((file) => `/proc/${namespace.pid}/net/${file}`);
  const states = [
    ['TIME_WAIT', one.timeWait],
    ['ESTABLISHED', one.established],
    ['CLOSE_WAIT', one.closeWait],
    ['SYN_SENT', one.synSent],
    ['closing', one.closing],
  ] as const;
  return evidence(
    ['cat', ...files],
    [
      `${one.local} -> ${one.name}: local ports ${one.firstPort} to ${one.lastPort}, ${one.used} of them in use`,
      ...states.filter(([, number]) => number > 0).map(([state, number]) => `${number} ${state}`),
    ].join('\n'),
  );
}

function settingsEvidence(namespace: Namespace): Finding['evidence'][number] {
  const how = namespace.settings?.how ?? 'failed';
  const values = namespace.settings?.values ?? {};
  const enter = how === 'entered' ? ['nsenter', '-t', String(namespace.pid), '-n'] : [];
  const keys = Object.keys(values);
  const lines = keys.map((key) => `${key} = ${values[key] ?? ''}`.trimEnd());
  if (keys.length === 0) {
    return {
      argv: ['nsenter', '-t', String(namespace.pid), '-n', 'sysctl', 'net.ipv4'],
      exitCode: null,
      output: `not readable (${how})`,
      truncated: false,
    };
  }
  return evidence([...enter, 'sysctl', ...keys.map((key) => `net.ipv4.${key}`)], lines.join('\n'));
}
