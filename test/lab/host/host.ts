import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCgroup, delegate, joinCgroup, joining } from './cgroup.ts';

const BOOT = join(import.meta.dirname, 'boot.sh');

/** Who can log in to a host of the lab, all with the lab's key. */
export type Account = 'root' | 'sudoer' | 'docker' | 'plain';

export interface Disk {
  /** Where it is mounted. */
  readonly at: string;
  readonly mib: number;
  /** A second place on the same disk: `/var/log` is a folder of it that is mounted there, too. */
  readonly also?: string;
  /** More arguments of mkfs.ext4. */
  readonly options?: readonly string[];
}

export interface HostSpec {
  readonly name: string;
  /** Bounded file systems (ext4) besides the host's own 1 GiB. */
  readonly disks?: readonly Disk[];
}

/** A real host, as far as one machine can hold several: only the kernel and the programs are shared. */
export interface LabHost {
  readonly name: string;
  /** Its sshd listens there on port 22. */
  readonly address: string;
  /** This machine, as the host reaches it; nobody else does at that address. */
  readonly outside: string;
  /** Its process 1, seen from here. */
  readonly pid: number;
  /** The command that runs another one inside, as root: as `Box.enter`. */
  readonly enter: readonly string[];
  /** Runs a bash script as root inside and returns what it prints, trimmed. */
  run(script: string, ...args: string[]): string;
  /** A path inside as this process reaches it, for sockets and files. */
  path(inside: string): string;
}

export interface RunningHost extends LabHost {
  readonly hostKey: string;
  stop(): Promise<void>;
}

/** What is needed to reach a host again from another process. */
export type HostHandle = Pick<LabHost, 'name' | 'address' | 'pid' | 'enter'>;

export function attachHost(handle: HostHandle): LabHost {
  const { name, enter, pid } = handle;
  return {
    ...handle,
    outside: handle.address.replace(/\.2$/, '.1'),
    path: (inside) => join('/proc', String(pid), 'root', inside),
    run(script, ...args) {
      const argv = [...enter, 'bash', '-euo', 'pipefail', '-c', script, 'bash', ...args];
      const options = { encoding: 'utf8', cwd: '/', timeout: 60_000, maxBuffer: 2 ** 26 } as const;
      const done = spawnSync(argv[0] ?? '', argv.slice(1), options);
      if (done.status === 0) return done.stdout.trim();
      const why = done.stderr?.trim() || done.error?.message || `exit status ${done.status}`;
      throw new Error(`${name}: ${script.trim().slice(0, 200)}: ${why}`);
    },
  };
}

/** Boots one in about a second. `directory` is the lab's, whose name is also that of its cgroups. */
export async function bootHost(
  spec: HostSpec,
  lab: { readonly directory: string; readonly name: string; readonly publicKey: string },
): Promise<RunningHost> {
  const directory = join(lab.directory, spec.name);
  const cgroup = `${lab.name}/${spec.name}`;
  mkdirSync(join(directory, 'root'), { recursive: true });
  const file = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  file('cgroup', cgroup);
  file('key.pub', lab.publicKey);
  file('disks', (spec.disks ?? []).map(diskLine).join(''));
  const key = ['-q', '-t', 'ed25519', '-N', '', '-C', spec.name, '-f', join(directory, 'host_key')];
  execFileSync('ssh-keygen', key);
  createCgroup(cgroup);
  const init = spawn('sh', ['-c', joining(cgroup), 'sh', ...UNSHARE, BOOT, directory, spec.name], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    // Ctrl-C in the terminal is for who started it.
    detached: true,
  });
  const stop = async (link?: string): Promise<void> => {
    if (link !== undefined) spawnSync('ip', ['link', 'del', link]);
    if (init.exitCode !== null || init.signalCode !== null) return;
    const ended = once(init, 'exit');
    init.kill('SIGKILL');
    await ended;
  };
  try {
    await ready(init, spec.name);
    const children = readFileSync(`/proc/${init.pid}/task/${init.pid}/children`, 'utf8');
    const pid = Number(children.trim());
    joinCgroup(`${cgroup}/init`, init.pid ?? 0);
    delegate(cgroup);
    const { link, address } = plugIn(pid);
    file('enter', enterScript(cgroup, pid));
    await answers(address, spec.name);
    const enter = ['sh', join(directory, 'enter')];
    const hostKey = readFileSync(join(directory, 'host_key.pub'), 'utf8');
    const handle = { name: spec.name, address, pid, enter };
    return { ...attachHost(handle), hostKey, stop: () => stop(link) };
  } catch (error) {
    await stop();
    throw error;
  }
}

const UNSHARE =
  'unshare --mount --uts --ipc --pid --net --cgroup --fork --kill-child --propagation private bash'.split(
    ' ',
  );

function diskLine({ mib, at, also, options = [] }: Disk): string {
  return `${[mib, at, also ?? '-', ...options].join(' ')}\n`;
}

function enterScript(cgroup: string, pid: number): string {
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return `set -- nsenter --target ${pid} --mount --uts --ipc --net --pid --cgroup --root --wdns=/ -- env -i PATH=${path} HOME=/root LANG=C.UTF-8 "$@"
${joining(`${cgroup}/init`)}
`;
}

/**
 * A cable to the host. The name of our end is taken by whoever makes it first: so labs side by side get
 * networks of their own. The addresses are those of benchmarks (RFC 2544), which nobody routes.
 */
function plugIn(pid: number): { link: string; address: string } {
  const first = Math.floor(Math.random() * 250);
  for (let tries = 0; tries < 250; tries += 1) {
    const n = ((first + tries) % 250) + 1;
    const link = `hclab${n}`;
    const peer = ['peer', 'name', 'eth0', 'netns', String(pid)];
    const made = spawnSync('ip', ['link', 'add', link, 'type', 'veth', ...peer], {
      encoding: 'utf8',
    });
    if (made.status !== 0 && made.stderr.includes('File exists')) continue;
    if (made.status !== 0) throw new Error(`no network: ${made.stderr.trim()}`);
    const inside = ['nsenter', '--target', String(pid), '--net', 'ip'];
    run(['ip', 'addr', 'add', `198.18.${n}.1/30`, 'dev', link]);
    run(['ip', 'link', 'set', link, 'up']);
    run([...inside, 'addr', 'add', `198.18.${n}.2/30`, 'dev', 'eth0']);
    run([...inside, 'link', 'set', 'eth0', 'up']);
    return { link, address: `198.18.${n}.2` };
  }
  throw new Error('no network: 250 hosts are there already');
}

function run([program = '', ...args]: readonly string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}

async function ready(init: ChildProcess, name: string): Promise<void> {
  let said = '';
  let complaints = '';
  init.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000);
  });
  await new Promise<void>((resolve, reject) => {
    init.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready')) resolve();
    });
    init.once('error', reject);
    init.once('close', () => reject(new Error(`host ${name} did not boot: ${complaints.trim()}`)));
  });
}

async function answers(address: string, name: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await banner(address)) return;
    await sleep(20);
  }
  throw new Error(`host ${name}: no sshd on ${address}`);
}

function banner(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1000 });
    const end = (ok: boolean): void => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('data', (data) => end(data.toString().startsWith('SSH-')));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
