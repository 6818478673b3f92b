import { TIME_WAIT_SECONDS } from '../params.ts';
import type { Reading } from '../reading.ts';
import type { Pressure } from './pressure.ts';
import { containerOf, count, digits } from './words.ts';

/** What it means, how it is known, and what does and does not help: a few lines. */
export function advice(pressure: Pressure, reading: Reading): readonly string[] {
  return [states(pressure), ...rangeWords(pressure), ...byCause(pressure, reading)];
}

function states({ destination: one }: Pressure): string {
  const parts = [
    [one.timeWait, 'TIME_WAIT'],
    [one.established, 'ESTABLISHED'],
    [one.closeWait, 'CLOSE_WAIT'],
    [one.synSent, 'SYN_SENT'],
    [one.closing, 'FIN_WAIT or LAST_ACK'],
  ] as const;
  const text = parts
    .filter(([number]) => number > 0)
    .map(([number, state]) => `${digits(number)} ${state}`)
    .join(', ');
  return `Local ports in use from ${one.local} towards ${one.name}: ${text}. The limit is per destination: total numbers say nothing.`;
}

function rangeWords({ source, range, table }: Pressure): readonly string[] {
  if (source === 'sysctl') {
    const minus = [
      ...(range.reserved > 0 ? [`${digits(range.reserved)} reserved`] : []),
      ...(table.listening > 0 ? [`${digits(table.listening)} listened on`] : []),
    ];
    const without = minus.length === 0 ? '' : `, without ${minus.join(' and ')}`;
    return [`ip_local_port_range there is ${range.first}–${range.last}${without}.`];
  }
  if (source === 'gapless') {
    return [
      'Its ip_local_port_range could not be read (needs root); that the ports in use have no gap shows that these are all there are.',
    ];
  }
  return [
    `Its ip_local_port_range could not be read (needs root): ${range.first}–${range.last}, the range of the host, is an assumption.`,
  ];
}

function byCause(pressure: Pressure, reading: Reading): readonly string[] {
  switch (pressure.cause) {
    case 'time-wait':
      return timeWait(pressure, reading);
    case 'leak':
      return leak(pressure);
    case 'unanswered':
      return [
        `${pressure.destination.name} does not answer: each attempt keeps its port until it gives up (about two minutes with the default tcp_syn_retries of 6). Look at the destination and the way there (firewall, route, its accept queue). tcp_tw_reuse does not help: nothing of this is TIME_WAIT.`,
      ];
    case 'closing':
      return [
        `This end has closed, ${pressure.destination.name} has not. Look at why the other end keeps its half open. tcp_tw_reuse does not help: nothing of this is TIME_WAIT.`,
      ];
    case 'reserved':
      return [
        `${digits(pressure.range.reserved)} ports of the range are in net.ipv4.ip_local_reserved_ports, which connect() passes over: take out what no program needs, or widen net.ipv4.ip_local_port_range.`,
      ];
  }
}

/** What tcp_tw_reuse does stands in Documentation/networking/ip-sysctl.rst of Linux. */
function timeWait(pressure: Pressure, reading: Reading): readonly string[] {
  return [reuseWords(pressure, reading), ...lasting(pressure), NO_REMEDY];
}

function reuseWords(pressure: Pressure, reading: Reading): string {
  const { namespace, available, reuse, destination } = pressure;
  const values = namespace.settings?.values ?? {};
  const mode = values['tcp_tw_reuse'];
  const delayMs = Number(values['tcp_tw_reuse_delay'] ?? '1000');
  const ceiling = `Without reuse ${count(available, 'port')} allow ${rate(available, TIME_WAIT_SECONDS * 1000, 'new connection')}, because the port of a closed connection rests for ${TIME_WAIT_SECONDS} s (TIME_WAIT)`;
  if (mode === undefined) {
    return `${ceiling}. Its tcp_tw_reuse could not be read (needs root)${reuse === 'no' ? '; its counter TWRecycled is 0, so nothing is reused' : '; if it is 1, ports in TIME_WAIT are reused and this is no shortage'}.`;
  }
  if (values['tcp_timestamps'] === '0') {
    return `${ceiling}. tcp_timestamps is 0 there: without timestamps tcp_tw_reuse has no effect. Turn them on first.`;
  }
  if (reuse === 'yes') {
    return `tcp_tw_reuse is ${mode} there and ports are reused ${delayWords(delayMs)} after their end (tcp_tw_reuse_delay), but more than ${rate(available, delayMs, 'connection')} are opened and closed.`;
  }
  if (destination.loopback) {
    return `${ceiling}. tcp_tw_reuse is ${mode} there: no port is reused. 2, the default since Linux 4.19, is enough for a loopback destination like this one.`;
  }
  const host = reading.namespaces.find(({ own }) => own)?.settings?.values['tcp_tw_reuse'];
  const elsewhere =
    namespace.own || host === undefined || host === mode
      ? ''
      : ` (${host} on the host: every network namespace has its own)`;
  const meaning =
    mode === '2'
      ? '2 (the default since Linux 4.19), which helps loopback destinations only'
      : mode;
  return `${ceiling}. tcp_tw_reuse there is ${meaning}${elsewhere}. With 1 a port may be used again ${delayWords(delayMs)} after its end, for outgoing connections only, and only where the other end sends TCP timestamps (most do): about ${rate(available, delayMs, 'connection')}.`;
}

/** How many a number of ports allows when each rests so long: `470 connections per second`. */
function rate(ports: number, restMs: number, noun: string): string {
  const perSecond = Math.floor((ports * 1000) / Math.max(1, restMs));
  return perSecond > 0
    ? `${count(perSecond, noun)} per second`
    : `${count(Math.floor((ports * 60_000) / Math.max(1, restMs)), noun)} per minute`;
}

/** `1 s`, `1,500 ms`. */
function delayWords(delayMs: number): string {
  return delayMs % 1000 === 0 ? `${digits(delayMs / 1000)} s` : `${digits(delayMs)} ms`;
}

function lasting({ namespace }: Pressure): readonly string[] {
  const restart =
    containerOf(namespace) === null
      ? ''
      : ' What is set in a running container is lost when it restarts: start it with --sysctl net.ipv4.tcp_tw_reuse=1.';
  return [
    `Lasting: keep connections open (a pool, keep-alive) instead of one per request.${restart}`,
  ];
}

/** People look for these first. */
const NO_REMEDY =
  'No remedy: tcp_fin_timeout (it is about FIN_WAIT_2; TIME_WAIT is a constant of 60 s) and tcp_tw_recycle (it broke connections from behind NAT and was removed in Linux 4.12).';

function leak({ destination, namespace }: Pressure): readonly string[] {
  const { owners, uid, closeWait, established, name } = destination;
  const who =
    owners.length === 0
      ? `Who holds them could not be seen${uid === null ? '' : ` (uid ${uid})`}: /proc/<pid>/fd of others needs root${namespace.processes === 1 ? `; ${namespace.process} (pid ${namespace.pid}) is the only process there` : ''}.`
      : `Held by ${owners.map((one) => `${one.process} (pid ${one.pid}): ${digits(one.sockets)}`).join(', ')}.`;
  const what =
    closeWait > established
      ? `CLOSE_WAIT: ${name} has closed, the program has not; that is a bug in the program, and no timeout ends it.`
      : 'ESTABLISHED: connections that are never closed (a leak), or more at once than one destination address allows (then: more addresses or ports of the destination).';
  return [
    what,
    who,
    'tcp_tw_reuse does not help: nothing of this is TIME_WAIT. Restarting the holder frees the ports; then make it reuse or close its connections.',
  ];
}
