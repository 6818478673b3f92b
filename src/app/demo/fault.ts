import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A bounded, real fault: a process that still writes to a log which was deleted under it. */
export interface Fault {
  /** The file system (or folder) that it fills. */
  readonly mount: string;
  /** It is a small file system of its own, so it is really full. */
  readonly ownFileSystem: boolean;
  readonly pid: number;
  stop(): void;
}

const SIZE_MIB = 96;
const LOG_MIB = 80;
const MIB = 1024 * 1024;
/** statfs(2): TMPFS_MAGIC. What is in memory fills no disk. */
const TMPFS = 0x01021994;

/** Where the demo lives: on a disk. */
export function demoFolder(): string {
  return statfsSync(tmpdir()).type === TMPFS ? '/var/tmp' : tmpdir();
}

/**
 * How much the log must hold to be worth a finding: on a file system that is not full, 5 % of it or 1 GB.
 * @throws Error when that would be too much for it.
 */
function logMib(mount: string, ownFileSystem: boolean): number {
  if (ownFileSystem) return LOG_MIB;
  const { blocks, bavail, bsize } = statfsSync(mount);
  const bytes = Math.max(LOG_MIB * MIB, Math.min(blocks * bsize * 0.05, 1e9) * 1.1);
  if (bavail * bsize > 3 * bytes) return Math.ceil(bytes / MIB);
  throw new Error(
    `demo: without root and a loop device it needs ${Math.ceil((3 * bytes) / MIB)} MiB free in ${path.dirname(mount)}; free some, set TMPDIR, or run it as root`,
  );
}

/**
 * What an application with a log does: opens it for appending, and goes on when logrotate has renamed,
 * compressed and removed it. A constant; the folder and the size are arguments.
 */
const WRITER = `
process.title = 'orders-api';
const fs = require('node:fs');
const [folder, mib, parent] = process.argv.slice(1);
const log = folder + '/orders-api.log';
const fd = fs.openSync(log, 'a');
const line = (n) => new Date().toISOString() + ' ERROR checkout request=' + n + ' upstream timed out after 3000 ms '
  + 'at com.example.orders.Checkout.pay(Checkout.java:117) '.repeat(17) + '\\n';
let n = 0;
const write = (text) => {
  try {
    return fs.writeSync(fd, text);
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
    return 0;
  }
};
for (let written = 0, last = 1; last > 0 && written < mib * 1048576; written += last) {
  let block = '';
  while (block.length < 262144) block += line(n++);
  last = write(block);
}
fs.renameSync(log, log + '-20261120');
fs.unlinkSync(log + '-20261120');
process.stdout.write('ready\\n');
// It never outlives who started it.
setInterval(() => (process.ppid === Number(parent) ? write(line(n++)) : process.exit()), 1000);
`;

/** Makes the fault under `directory`: on a loop-mounted ext4 of its own where root allows, else in the folder. */
export async function makeFault(directory: string): Promise<Fault> {
  const mount = path.join(directory, 'orders');
  mkdirSync(mount, { recursive: true });
  let writer: ChildProcess | undefined;
  let ownFileSystem = false;
  const stop = (): void => {
    process.off('exit', stop);
    writer?.kill('SIGKILL');
    if (ownFileSystem) unmount(mount);
    rmSync(mount, { recursive: true, force: true });
    rmSync(path.join(directory, 'disk.img'), { force: true });
  };
  // However this process ends (but for SIGKILL), and before folders are removed: no mount stays behind.
  process.prependOnceListener('exit', stop);
  try {
    ownFileSystem = mountSmallFileSystem(directory, mount);
    writeFileSync(path.join(mount, 'orders.db'), Buffer.alloc(4 * 1024 * 1024, 7));
    const size = logMib(mount, ownFileSystem);
    const args = ['-e', WRITER, mount, String(size), String(process.pid)];
    // In a process group of its own: Ctrl-C in the terminal is for who started it.
    const stdio: StdioOptions = ['ignore', 'pipe', 'inherit'];
    writer = spawn(process.execPath, args, { stdio, detached: true });
    await ready(writer);
  } catch (error) {
    stop();
    throw error;
  }
  return { mount, ownFileSystem, pid: writer.pid ?? 0, stop };
}

function mountSmallFileSystem(directory: string, mount: string): boolean {
  if (process.getuid?.() !== 0) return false;
  const image = path.join(directory, 'disk.img');
  try {
    writeFileSync(image, '');
    truncateSync(image, SIZE_MIB * 1024 * 1024);
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '1', image], { stdio: 'pipe' });
    execFileSync('mount', ['-o', 'loop', image, mount], { stdio: 'pipe' });
    return true;
  } catch {
    // A container without loop devices: the fault is then made in the folder itself, and said so.
    rmSync(image, { force: true });
    return false;
  }
}

function unmount(mount: string): void {
  for (const args of [[mount], ['-l', mount]]) {
    try {
      execFileSync('umount', args, { stdio: 'pipe' });
      return;
    } catch {
      // The killed writer may hold it for an instant; the lazy form always lets go.
    }
  }
}

function ready(writer: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the demo fault was not ready in 60 s')),
      60_000,
    );
    writer.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the demo fault ended with ${code}`));
    });
    writer.stdout?.once('data', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
