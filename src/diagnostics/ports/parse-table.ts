import type { Section } from '../../core/sections.ts';
import { decodeAddress, isLoopback, withPort } from './address.ts';
import { integer, linesOf, unknownLine, unreadable } from './lines.ts';
import type { Destination, Owner, Table } from './reading.ts';

/** The inode of a namespace and what its table of sockets says. */
export function parseTable(
  section: Section,
  bigEndian: boolean,
): readonly [inode: string, table: Table] {
  const destinations: { key: string; found: Destination }[] = [];
  const owners = new Map<string, Owner[]>();
  const counters: Record<string, number> = {};
  let inode: string | null = null;
  let read: readonly string[] = [];
  let [hot, same] = [0, false];
  for (const line of linesOf(section)) {
    const [word, ...fields] = line;
    const key = `${fields[0]} ${fields[1]}`;
    if (word === 'ns') inode = fields[0] ?? '';
    else if (word === 'read') read = fields;
    else if (word === 'hot') hot = integer(fields[0], 'destinations');
    else if (word === 'same') same = true;
    else if (word === 'changed') same = false;
    else if (word === 'counter') counters[fields[0] ?? ''] = integer(fields[1], 'counter');
    else if (word === 'dest')
      destinations.push({ key, found: parseDestination(fields, bigEndian) });
    else if (word === 'owner') owners.set(key, [...(owners.get(key) ?? []), parseOwner(fields)]);
    else throw unknownLine('sockets', line);
  }
  if (inode === null) throw unreadable('a table is of no namespace');
  const [tables, , listening, cut] = read;
  const table: Table = {
    listening: integer(listening, 'listening ports'),
    readable: same && integer(tables, 'tables') > 0,
    cut: cut !== '0',
    hot,
    counters,
    destinations: destinations.map(({ key, found }) => ({
      ...found,
      owners: owners.get(key) ?? [],
    })),
  };
  return [inode, table];
}

function parseDestination(fields: readonly string[], bigEndian: boolean): Destination {
  const [localHex = '', remoteHex = '', used, outside, first, last, ...states] = fields;
  const [address = '', port] = remoteHex.split(':');
  const [timeWait, young, established, closeWait, synSent, closing, uid] = states;
  const local = decodeAddress(localHex, bigEndian);
  const remote = decodeAddress(address, bigEndian);
  return {
    local,
    remote,
    name: withPort(remote, hexPort(port)),
    // The kernel asks for either end (tcp_twsk_unique, net/ipv4/tcp_ipv4.c).
    loopback: isLoopback(local) || isLoopback(remote),
    used: integer(used, 'used ports'),
    outside: integer(outside, 'ports outside of the range'),
    firstPort: hexPort(first),
    lastPort: hexPort(last),
    timeWait: integer(timeWait, 'TIME_WAIT'),
    young: integer(young, 'young TIME_WAIT'),
    established: integer(established, 'ESTABLISHED'),
    closeWait: integer(closeWait, 'CLOSE_WAIT'),
    synSent: integer(synSent, 'SYN_SENT'),
    closing: integer(closing, 'other states'),
    uid: uid === '-' ? null : integer(uid, 'uid of a socket'),
    owners: [],
  };
}

function hexPort(text: string | undefined): number {
  if (text === undefined || !/^[0-9A-F]{4}$/.test(text)) throw unreadable(`port "${text ?? ''}"`);
  return Number.parseInt(text, 16);
}

function parseOwner(fields: readonly string[]): Owner {
  const [, , pid, sockets, process = '?'] = fields;
  return {
    pid: integer(pid, 'process id of a holder'),
    sockets: integer(sockets, 'sockets of a holder'),
    process: process === '' ? '?' : process,
  };
}
