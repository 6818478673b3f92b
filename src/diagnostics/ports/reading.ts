import type { Privilege } from '../../core/command.ts';

/** What the probe saw. Names hold plain letters only. */
export interface Reading {
  readonly privilege: Privilege;
  readonly sudoRefused: string | null;
  readonly host: HostFacts;
  readonly processes: { readonly total: number; readonly denied: number };
  /** Network namespaces that were found; more than `namespaces` when there are too many. */
  readonly found: number;
  /** The one of the probe itself first, then by number of sockets. */
  readonly namespaces: readonly Namespace[];
  /** Namespaces that time or the limit of tables did not allow to look at. */
  readonly unread: number;
  /** Null when the probe ran to its end; else where it stopped. */
  readonly cutAt: string | null;
}

export interface HostFacts {
  readonly uid: number;
  readonly kernel: string;
  /** Not root, but in the group docker: as good as root. */
  readonly dockerGroup: boolean;
  readonly pid1Visible: boolean;
  /** What can enter other namespaces; `none` without root, or without the program. */
  readonly enter: string;
  readonly missingTools: readonly string[];
}

export interface Namespace {
  /** Inode of `/proc/PID/net/tcp`: the same for all processes of a namespace, and only for them. */
  readonly inode: string;
  /** Lowest process id in it. */
  readonly pid: number;
  readonly processes: number;
  /** Name of that process. */
  readonly process: string;
  /** The probe's own: on a host, the host's. */
  readonly own: boolean;
  readonly containers: readonly Container[];
  /** Sockets in TIME_WAIT, and all others; null: it ended meanwhile. */
  readonly timeWait: number | null;
  readonly open: number | null;
  /** Null: not looked at. */
  readonly settings: Settings | null;
  /** Null: there were too few sockets to read their table, or it was not read. */
  readonly table: Table | null;
}

export interface Container {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
}

export interface Settings {
  readonly how: 'own' | 'entered' | 'denied' | 'failed';
  /** net.ipv4 sysctls by name; at most 400 characters each. Empty when they could not be read. */
  readonly values: Readonly<Record<string, string>>;
  readonly range: Range | null;
}

export interface Range {
  readonly first: number;
  readonly last: number;
  /** Ports within that are reserved. */
  readonly reserved: number;
}

export interface Table {
  /** Ports of the range that somebody listens on: connect() passes them over. */
  readonly listening: number;
  /** False: it could not be read, or the process became another one meanwhile. */
  readonly readable: boolean;
  /** So many sockets that the rest was left out. */
  readonly cut: boolean;
  /** Destinations that take enough ports to matter; at most 20 of them are in `destinations`. */
  readonly hot: number;
  readonly destinations: readonly Destination[];
  /** TcpExt counters since the namespace began. */
  readonly counters: Readonly<Record<string, number>>;
}

/** Sockets of one local address, remote address and remote port: what is limited. */
export interface Destination {
  readonly local: string;
  readonly remote: string;
  /** `10.0.0.5:6379`, `[fd00::5]:6379`. */
  readonly name: string;
  readonly loopback: boolean;
  /** Distinct local ports of the range that may be chosen; of all, when the range is not known. */
  readonly used: number;
  /** Distinct local ports outside of the (known or assumed) range or reserved. */
  readonly outside: number;
  readonly firstPort: number;
  readonly lastPort: number;
  readonly timeWait: number;
  /** Of these, too young to be reused. */
  readonly young: number;
  readonly established: number;
  readonly closeWait: number;
  readonly synSent: number;
  /** FIN_WAIT, LAST_ACK, CLOSING. */
  readonly closing: number;
  /** User of the last socket that is not in TIME_WAIT. */
  readonly uid: number | null;
  /** Processes that hold sockets towards it, most first. */
  readonly owners: readonly Owner[];
}

export interface Owner {
  readonly pid: number;
  readonly process: string;
  readonly sockets: number;
}
