import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { findProgram, findSshd, installPackage } from '../../../src/app/sshd-program.ts';
import { bootHost, type HostSpec, type LabHost, type RunningHost } from './host.ts';

/** Several hosts on this machine. They end with this process, also when that is killed. */
export interface Lab {
  readonly directory: string;
  readonly hosts: ReadonlyMap<string, LabHost>;
  /** @throws Error when there is no such host. */
  host(name: string): LabHost;
  /** Boots hosts, side by side; they know each other's keys by name only. */
  boot(specs: readonly HostSpec[]): Promise<void>;
  readonly identityFile: string;
  /** OpenSSH format, of all hosts so far. */
  readonly knownHostsFile: string;
  /** Ends a process of this machine with the lab, should this one be killed. */
  keep(pid: number): void;
  /** Ends everything and waits until nothing is left of it. Safe to call twice. */
  close(): Promise<void>;
}

const KEEPER = join(import.meta.dirname, 'keeper.sh');
const PROGRAMS = ['ip', 'mkfs.ext4', 'nsenter', 'unshare', 'losetup', 'ssh-keygen'];

/** Why there can be no lab here, or null. Brings sudo and sshd where this user may install them. */
export async function labProblem(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'the lab needs root, for namespaces and loop devices';
  for (const program of PROGRAMS) {
    if ((await findProgram(program)) === null) return `the lab needs ${program}`;
  }
  try {
    await findSshd();
    if ((await findProgram('sudo')) === null) await installPackage('sudo');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const tried = spawnSync('unshare', ['--mount', '--net', '--pid', '--cgroup', '--fork', 'true'], {
    encoding: 'utf8',
  });
  if (tried.status !== 0) return `no namespaces: ${tried.stderr.trim()}`;
  const loop = spawnSync('losetup', ['-f'], { encoding: 'utf8' });
  return loop.status === 0 ? null : `no loop devices: ${loop.stderr.trim()}`;
}

export function createLab(): Lab {
  const directory = mkdtempSync(join(onDisk(), 'housecall-lab-'));
  const name = basename(directory);
  // The hosts' users read files in it.
  chmodSync(directory, 0o711);
  const keeper = spawn('bash', [KEEPER, directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    detached: true,
  });
  // It may be gone already when the lab ends.
  keeper.stdin.on('error', () => {});
  const identityFile = join(directory, 'id_ed25519');
  const key = ['-q', '-t', 'ed25519', '-N', '', '-C', 'housecall-lab', '-f', identityFile];
  execFileSync('ssh-keygen', key);
  const publicKey = readFileSync(`${identityFile}.pub`, 'utf8');
  const knownHostsFile = join(directory, 'known_hosts');
  writeFileSync(knownHostsFile, '');
  const hosts = new Map<string, RunningHost>();
  return {
    directory,
    hosts,
    identityFile,
    knownHostsFile,
    host(wanted) {
      const found = hosts.get(wanted);
      if (found === undefined) throw new Error(`the lab has no host ${wanted}`);
      return found;
    },
    async boot(specs) {
      const booting = specs.map((spec) => bootHost(spec, { directory, name, publicKey }));
      const booted = await Promise.allSettled(booting);
      for (const one of booted) {
        if (one.status !== 'fulfilled') continue;
        hosts.set(one.value.name, one.value);
        const [type, hostKey] = one.value.hostKey.split(' ');
        writeFileSync(knownHostsFile, `${one.value.address} ${type} ${hostKey}\n`, { flag: 'a' });
      }
      const failed = booted.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    keep: (pid) => void keeper.stdin.write(`${pid} ${startTime(pid)}\n`),
    async close() {
      await Promise.all([...hosts.values()].map((host) => host.stop()));
      await ended(keeper, () => keeper.stdin.end());
    },
  };
}

/** Where images may lie: memory would count as what they hold. */
function onDisk(): string {
  const TMPFS = 0x01021994;
  return statfsSync(tmpdir()).type === TMPFS ? '/var/tmp' : tmpdir();
}

/** Clock ticks after boot: with it a process id means one process only. proc(5), field 22. */
function startTime(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  end();
  await over;
}
