import type { Status } from '../../../core/finding.ts';
import { GAPLESS, type Params } from '../params.ts';
import type { Destination, Namespace, Range, Reading, Settings, Table } from '../reading.ts';

/** Why there are no local ports left. */
export type Cause =
  /** Closed connections wait for their 60 s. */
  | 'time-wait'
  /** Open connections: nothing frees them but who holds them. */
  | 'leak'
  /** The destination does not answer. */
  | 'unanswered'
  /** The destination does not finish closing. */
  | 'closing'
  /** Without reserved ports there would be enough. */
  | 'reserved';

/** Whether a new connection may take a port that is in TIME_WAIT. */
export type Reuse = 'yes' | 'no' | 'unknown';

/** How the number of ports that may be chosen is known. */
export type RangeSource =
  | 'sysctl'
  /** Not readable: the ports in use have no gap, so they are all there are. */
  | 'gapless'
  /** Not readable: the host's own range is assumed. */
  | 'host';

/** One destination that takes (nearly) all the local ports there are towards it. */
export interface Pressure {
  readonly namespace: Namespace;
  readonly table: Table;
  readonly destination: Destination;
  readonly range: Range;
  readonly source: RangeSource;
  /** Ports that may be chosen: the range without reserved ports and those that somebody listens on. */
  readonly available: number;
  /** In use and of no use for a new connection: without what may be reused. */
  readonly held: number;
  readonly percent: number;
  readonly cause: Cause;
  readonly reuse: Reuse;
  /** False: something that could not be read was assumed. */
  readonly sure: boolean;
  readonly status: Status;
}

/** The destinations of a namespace that are short of local ports, the fullest first. */
export function pressures(
  namespace: Namespace,
  reading: Reading,
  params: Params,
): readonly Pressure[] {
  const { table } = namespace;
  if (table === null || !table.readable) return [];
  return table.destinations
    .flatMap((destination) => {
      const found = pressure({ namespace, table, destination }, reading, params);
      return found === null ? [] : [found];
    })
    .toSorted((a, b) => b.percent - a.percent);
}

function pressure(
  place: Pick<Pressure, 'namespace' | 'table' | 'destination'>,
  reading: Reading,
  params: Params,
): Pressure | null {
  const { namespace, table, destination } = place;
  const { range, source } = rangeOf(namespace, destination, reading);
  const size = range.last - range.first + 1;
  const available = size - range.reserved - (source === 'sysctl' ? table.listening : 0);
  const reuse = reuseOf(namespace.settings, destination, table);
  const reusable = reuse === 'yes' ? destination.timeWait - destination.young : 0;
  const held = destination.used - reusable;
  const percent = available <= 0 ? 100 : Math.min(100, (held * 100) / available);
  if (percent < params.warnPercent) return null;
  const cause = causeOf(destination, { held, size, available }, params);
  const level = percent >= params.criticalPercent ? 'critical' : 'warning';
  // An assumption alone wakes nobody; that there is no gap is more than that, unless ports are reused.
  const sure =
    source === 'sysctl' || (source === 'gapless' && (cause !== 'time-wait' || reuse !== 'unknown'));
  return {
    ...place,
    range,
    source,
    available,
    held,
    percent,
    cause,
    reuse,
    sure,
    status: sure ? level : 'warning',
  };
}

function rangeOf(
  { settings }: Namespace,
  { used, firstPort, lastPort }: Destination,
  reading: Reading,
): Pick<Pressure, 'range' | 'source'> {
  if (settings?.range) return { range: settings.range, source: 'sysctl' };
  if (used >= GAPLESS.ports && used >= GAPLESS.share * (lastPort - firstPort + 1)) {
    return { range: { first: firstPort, last: lastPort, reserved: 0 }, source: 'gapless' };
  }
  const host = reading.namespaces.find(({ own }) => own)?.settings?.range;
  const { first, last } = host ?? { first: 32_768, last: 60_999 };
  return {
    range: { first: Math.min(first, firstPort), last: Math.max(last, lastPort), reserved: 0 },
    source: 'host',
  };
}

/**
 * `tcp_tw_reuse`: 0 never, 1 always, 2 (the default since 4.19) for loopback; and never without
 * timestamps (tcp_twsk_unique, net/ipv4/tcp_ipv4.c).
 */
export function reuseOf(settings: Settings | null, destination: Destination, table: Table): Reuse {
  const mode = settings?.values['tcp_tw_reuse'];
  if (mode === undefined) {
    // Nobody but the counter tells: what was never reused in this namespace is not reused.
    return table.counters['TWRecycled'] === 0 ? 'no' : 'unknown';
  }
  if (settings?.values['tcp_timestamps'] === '0') return 'no';
  return mode === '1' || (mode === '2' && destination.loopback) ? 'yes' : 'no';
}

function causeOf(
  destination: Destination,
  room: { readonly held: number; readonly size: number; readonly available: number },
  { warnPercent }: Params,
): Cause {
  if ((room.held * 100) / room.size < warnPercent) return 'reserved';
  const { established, closeWait, synSent, closing } = destination;
  const open = established + closeWait;
  if ((open + synSent + closing) * 100 < warnPercent * room.available) return 'time-wait';
  if (synSent > open && synSent > closing) return 'unanswered';
  return closing > open ? 'closing' : 'leak';
}
