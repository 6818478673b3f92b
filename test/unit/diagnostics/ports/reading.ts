import type {
  Destination,
  Namespace,
  Reading,
  Settings,
  Table,
} from '../../../../src/diagnostics/ports/reading.ts';

/** 100 ports towards one remote destination, all in TIME_WAIT; change what a test is about. */
export function destination(more: Partial<Destination> = {}): Destination {
  return {
    local: '10.0.0.1',
    remote: '10.0.0.5',
    name: '10.0.0.5:6379',
    loopback: false,
    used: 100,
    outside: 0,
    firstPort: 40_000,
    lastPort: 40_199,
    timeWait: 100,
    young: 0,
    established: 0,
    closeWait: 0,
    synSent: 0,
    closing: 0,
    uid: null,
    owners: [],
    ...more,
  };
}

export function settings(
  values: Readonly<Record<string, string>> = {},
  more: Partial<Settings> = {},
): Settings {
  return {
    how: 'entered',
    values: { tcp_tw_reuse: '2', tcp_timestamps: '1', tcp_tw_reuse_delay: '1000', ...values },
    range: { first: 40_000, last: 40_099, reserved: 0 },
    ...more,
  };
}

export const DENIED: Settings = { how: 'denied', values: {}, range: null };

export function table(
  destinations: readonly Destination[] = [destination()],
  more: Partial<Table> = {},
): Table {
  return {
    listening: 0,
    readable: true,
    cut: false,
    hot: destinations.length,
    destinations,
    counters: { TWRecycled: 0 },
    ...more,
  };
}

export function namespace(more: Partial<Namespace> = {}): Namespace {
  return {
    inode: '4026532591',
    pid: 261,
    processes: 2,
    process: 'php',
    own: false,
    containers: [],
    timeWait: 100,
    open: 1,
    settings: settings(),
    table: table(),
    ...more,
  };
}

export const HOST = namespace({
  inode: '4026532221',
  pid: 1,
  process: 'systemd',
  own: true,
  timeWait: 0,
  open: 4,
  settings: settings({}, { how: 'own', range: { first: 32_768, last: 60_999, reserved: 0 } }),
  table: null,
});

export function reading(namespaces: readonly Namespace[], more: Partial<Reading> = {}): Reading {
  return {
    privilege: 'root',
    sudoRefused: null,
    host: {
      uid: 0,
      kernel: '6.1.0',
      dockerGroup: false,
      pid1Visible: true,
      enter: 'nsenter',
      missingTools: [],
    },
    processes: { total: 10, denied: 0 },
    found: namespaces.length,
    namespaces,
    unread: 0,
    cutAt: null,
    ...more,
  };
}
