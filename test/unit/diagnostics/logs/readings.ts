import { Params } from '../../../../src/diagnostics/logs/params.ts';
import type {
  FileFacts,
  LogSample,
  OpenLog,
  Reading,
} from '../../../../src/diagnostics/logs/reading.ts';

export const GB = 1_000_000_000;
export const MB = 1_000_000;
const NOW = 1_790_000_000;

/** Root looked at one log, which was asked for; all is well. */
export function reading(of: Partial<Reading> = {}): Reading {
  return {
    privilege: 'root',
    sudoRefused: null,
    host: { uid: 0, now: NOW, dockerGroup: false, pid1Visible: true, missingTools: [] },
    processes: { total: 10, denied: 0 },
    asked: { problem: null, type: 'ext4', mountpoint: '/', real: '/var/log/app.log' },
    search: null,
    open: [],
    logs: [],
    rotation: { files: [], denied: [] },
    cutAt: null,
    ...of,
  };
}

/** Nobody asked for a log: it was picked. */
export const searched: Pick<Reading, 'asked' | 'search'> = {
  asked: null,
  search: {
    candidates: 1,
    deniedDirectories: 0,
    unreadableFiles: 0,
    containersUnreadable: false,
    skipped: false,
  },
};

/** On a file system of 100 GB that is half full. */
export function facts(of: Partial<FileFacts> = {}): FileFacts {
  return {
    device: '8:1',
    inode: 7,
    sizeBytes: 10_000,
    diskBytes: 12_288,
    modified: NOW,
    fs: { sizeBytes: 100 * GB, availableBytes: 50 * GB, usedPercent: 50 },
    mountpoint: '/',
    ...of,
  };
}

export function sample(of: Partial<LogSample> = {}): LogSample {
  return {
    problem: null,
    path: '/var/log/app.log',
    unit: false,
    deleted: false,
    container: null,
    file: facts(),
    writable: true,
    packed: false,
    holeBytes: null,
    plan: { unitBytes: 1_048_576, blocks: 1, mode: 'whole' },
    stamps: [],
    sum: { readBytes: 10_000, countedBytes: 10_000, lines: 100, nulBytes: 0, withinLineBytes: 0 },
    patterns: [
      { bytes: 8000, lines: 80, text: 'job 1 is done' },
      { bytes: 2000, lines: 20, text: 'started' },
    ],
    older: null,
    growth: null,
    ...of,
  };
}

export function openLog(of: Partial<OpenLog> = {}): OpenLog {
  return {
    device: '8:1',
    inode: 7,
    links: 1,
    sizeBytes: 5 * MB,
    diskBytes: 5 * MB,
    modified: NOW,
    pid: 71,
    fd: 4,
    flags: 0o102001,
    type: 'ext4',
    holders: 1,
    path: '/var/log/app.log',
    deleted: false,
    process: 'app',
    containerId: null,
    foreign: false,
    base: null,
    ...of,
  };
}

export const params = (of: Record<string, unknown> = {}): Params => Params.parse(of);
