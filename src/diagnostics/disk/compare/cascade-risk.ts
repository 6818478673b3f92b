import type { Finding, Status } from '../../../core/finding.ts';
import { formatBytes, formatDuration, formatRate } from '../../../core/format.ts';
import type { Compared, ComparedFinding } from '../../contract.ts';
import { FILLING } from '../params.ts';
import type { ContainerFacts, DiskFacts } from './facts.ts';

type Host = Compared<DiskFacts>;

/** The container whose log fills a disk. */
interface Flood {
  readonly host: Host;
  readonly container: ContainerFacts;
}

/** Another host that runs the same container or image. */
interface Next {
  readonly host: string;
  readonly container: string;
  /** Null: its disk of docker could not be seen. */
  readonly availableBytes: number | null;
  readonly bytesPerSecond: number;
  /** Null: nothing is known about how fast it would fill. */
  readonly secondsToFull: number | null;
}

/**
 * Which hosts are next: those that run the container or image whose log fills a disk on one of them.
 * Each image is told once, on the host where it is worst.
 */
export function cascadeRisk(hosts: readonly Compared[]): readonly ComparedFinding[] {
  const known = hosts as readonly Host[];
  const floods = known.flatMap(floodsOf).toSorted((a, b) => room(a.host) - room(b.host));
  const worst = new Map<string, Flood>();
  for (const flood of floods) {
    if (!worst.has(flood.container.image)) worst.set(flood.container.image, flood);
  }
  return [...worst.values()].flatMap((flood) => {
    const next = nextHosts(flood, known);
    if (next.length === 0) return [];
    const unseen = known.filter(({ facts }) => facts.containers === null).map(({ host }) => host);
    return [{ host: flood.host.host, finding: describe(flood, next, unseen) }];
  });
}

/** Containers that a finding of their own host names. */
function floodsOf(host: Host): Flood[] {
  const blamed = new Set(
    host.findings
      .filter(({ code }) => code === 'disk.container-log' || code === 'disk.filling')
      .map(({ data }) => data['container']),
  );
  return (host.facts.containers ?? [])
    .filter(({ name }) => blamed.has(name))
    .map((container) => ({ host, container }));
}

function room({ facts }: Host): number {
  return facts.docker?.availableBytes ?? Number.POSITIVE_INFINITY;
}

function nextHosts({ host, container }: Flood, hosts: readonly Host[]): readonly Next[] {
  return hosts
    .filter((other) => other !== host)
    .flatMap((other) => {
      const twin = (other.facts.containers ?? []).find(
        ({ name, image }) => image === container.image || name === container.name,
      );
      if (twin === undefined) return [];
      const availableBytes = other.facts.docker?.availableBytes ?? null;
      // A twin that is quiet as yet is taken to write as fast as this one, once it begins.
      const bytesPerSecond = twin.bytesPerSecond || container.bytesPerSecond;
      return [
        {
          host: other.host,
          container: twin.name,
          availableBytes,
          bytesPerSecond: twin.bytesPerSecond,
          secondsToFull:
            bytesPerSecond === 0 || availableBytes === null
              ? null
              : Math.round(availableBytes / bytesPerSecond),
        },
      ];
    })
    .toSorted((a, b) => order(time(a), time(b)) || order(space(a), space(b)));
}

function time({ secondsToFull }: Next): number {
  return secondsToFull ?? Number.POSITIVE_INFINITY;
}

function space({ availableBytes }: Next): number {
  return availableBytes ?? Number.POSITIVE_INFINITY;
}

/** Infinity minus itself is no order. */
function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function describe(flood: Flood, next: readonly Next[], unseen: readonly string[]): Finding {
  const { container, host } = flood;
  const [first] = next;
  const soon =
    first === undefined || first.secondsToFull === null
      ? ''
      : `: ${first.host} is full in ${formatDuration(first.secondsToFull)}${first.bytesPerSecond === 0 ? ' once it writes as fast' : ''}`;
  const others = next.length === 1 ? '1 other host runs' : `${next.length} other hosts run`;
  return {
    code: 'disk.cascade-risk',
    status: statusOf(next),
    subject: container.image,
    title: `${others} ${container.image}, whose log fills ${host.host}${soon}`,
    detail: [
      ...next.map(line),
      'If the container is moved to another host when this one fails, that host is next.',
      ...(unseen.length === 0
        ? []
        : [`The containers of ${unseen.join(', ')} could not be listed: they may run it too.`]),
    ].join('\n'),
    data: { container: container.name, image: container.image, hosts: next },
    evidence: [],
    fixes: [],
    next: [],
  };
}

/** Critical only where the twin itself fills its disk within the hour. */
function statusOf(next: readonly Next[]): Status {
  const close = next.some((one) => one.bytesPerSecond > 0 && time(one) < FILLING.criticalSeconds);
  return close ? 'critical' : 'warning';
}

function line(one: Next): string {
  const rate =
    one.bytesPerSecond === 0 ? 'quiet as yet' : `writes ${formatRate(one.bytesPerSecond)}`;
  const end =
    one.secondsToFull === null
      ? 'how fast it would fill is not known'
      : `full in ${formatDuration(one.secondsToFull)}${one.bytesPerSecond === 0 ? ' at the rate of the other' : ''}`;
  const available =
    one.availableBytes === null
      ? 'how much is available could not be seen'
      : `${formatBytes(one.availableBytes)} available`;
  return `${one.host}: container ${one.container}, ${rate}, ${available}, ${end}`;
}
