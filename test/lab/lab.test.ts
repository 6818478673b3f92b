import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dockerProblem } from '../support/dockerd.ts';
import { poll } from './frame/poll.ts';
import { type LabState, runningLabs } from './frame/state.ts';
import { type Account, attachHost } from './host/host.ts';
import { createLab, type Lab, labProblem } from './host/lab.ts';

const problem = await labProblem();
if (problem !== null) console.warn(`the lab: skipped, ${problem}`);
const MAIN = join(import.meta.dirname, 'main.ts');

/** What of a lab is still there, by its folder and the namespaces of its hosts. */
function leftOvers(lab: { directory: string; addresses: readonly string[]; pids: string[] }) {
  const { directory, addresses, pids } = lab;
  const tool = (...argv: string[]): string =>
    spawnSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8' }).stdout;
  const links = addresses.map((address) => `hclab${address.split('.')[2]}:`);
  const cgroups = tool('find', '/sys/fs/cgroup', '-maxdepth', '2', '-name', basename(directory));
  return [
    ...(existsSync(directory) ? [directory] : []),
    ...tool('losetup', '-a').split('\n'),
    ...readFileSync('/proc/mounts', 'utf8').split('\n'),
    ...cgroups.split('\n'),
    ...tool('ip', '-o', 'link').split('\n'),
    ...processes(pids, directory),
  ].filter((line) => line.includes(directory) || links.some((link) => line.includes(link)));
}

function processes(namespaces: readonly string[], directory: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const inside = namespaces.includes(readlinkSync(`/proc/${pid}/ns/pid`));
        return inside || line.includes(directory) ? [`process ${pid} ${directory} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

function traces(state: Pick<LabState, 'directory' | 'hosts'>) {
  return {
    directory: state.directory,
    addresses: state.hosts.map(({ address }) => address),
    pids: state.hosts.map(({ pid }) => readlinkSync(`/proc/${pid}/ns/pid`)),
  };
}

async function untilNothingIsLeft(of: ReturnType<typeof traces>): Promise<void> {
  let left: readonly string[] = [];
  const look = (): true | null => {
    left = leftOvers(of);
    return left.length === 0 ? true : null;
  };
  await poll(look, { what: 'nothing is left', seconds: 20, last: () => left.join('\n') });
}

function login(lab: Lab, account: Account, script: string): string {
  const { address } = lab.host('host-1');
  const known = `UserKnownHostsFile=${lab.knownHostsFile}`;
  const options = ['-F', 'none', '-o', known, '-o', 'BatchMode=yes', '-i', lab.identityFile];
  return execFileSync('ssh', [...options, `${account}@${address}`, script], {
    encoding: 'utf8',
  }).trim();
}

describe.skipIf(problem !== null)('a host of the lab', () => {
  it('has its own name, address, accounts, processes and disks, and goes without a trace', async () => {
    const lab = createLab();
    onTestFinished(() => lab.close());
    await lab.boot([
      { name: 'host-1', disks: [{ at: '/srv/data', mib: 32, also: '/var/log' }] },
      { name: 'host-2' },
    ]);
    expect(login(lab, 'plain', 'hostname; id -un; ls /tmp')).toBe('host-1\nplain');
    expect(login(lab, 'sudoer', 'sudo -n id -u')).toBe('0');
    expect(login(lab, 'docker', 'id -Gn')).toContain('docker');
    expect(() => login(lab, 'plain', 'sudo -n true')).toThrow('password is required');
    expect(login(lab, 'root', 'cat /proc/1/comm; ps ax | grep -c "[h]ousecall"; true')).toBe(
      'bash\n0',
    );
    const mounts = login(lab, 'root', 'cut -d" " -f1,2 /proc/mounts | grep ^/dev/loop');
    expect(mounts.replaceAll(/loop\d+/g, 'loop')).toBe(
      '/dev/loop /\n/dev/loop /srv/data\n/dev/loop /var/log',
    );
    expect(() => lab.host('host-1').run('head -c 64M /dev/zero >/srv/data/file')).toThrow(
      'No space left',
    );
    expect(lab.host('host-2').run('hostname; ls /srv')).toBe('host-2');

    const hosts = [...lab.hosts.values()];
    const of = traces({ directory: lab.directory, hosts });
    expect(leftOvers(of).length).toBeGreaterThan(8);
    await lab.close();
    await untilNothingIsLeft(of);
  });
});

describe.skipIf((problem ?? dockerProblem()) !== null)('npm run lab deleted-log', () => {
  /** Starts it in the foreground and waits for the page's address. */
  async function start() {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'deleted-log'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGTERM'));
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    const ended = once(child, 'exit');
    const state = await poll(
      () => {
        if (child.exitCode !== null) throw new Error(said);
        const own = runningLabs('deleted-log').find(({ pid }) => pid === child.pid);
        return said.includes('npm run lab deleted-log down') ? own : null;
      },
      { what: 'the page', seconds: 90, last: () => said },
    );
    return { child, ended, state, of: traces(state), said };
  }

  const lab = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', MAIN, ...args], { encoding: 'utf8' });

  it('lets a person play, tells others how the fault is, and leaves nothing when it is ended', async () => {
    const { ended, state, of, said } = await start();
    expect(said).toContain(`Open     ${state.page}`);
    const page = await fetch(state.page);
    expect(page.status).toBe(200);
    const told = lab('deleted-log', 'status');
    expect(told.stdout).toMatch(/fault {2}host-17: \/var\/lib\/docker is 100 % full/);
    expect(told.status).toBe(0);
    expect(lab('deleted-log', 'down').stdout).toContain('deleted-log is down');
    expect(await ended).toEqual([0, null]);
    await untilNothingIsLeft(of);
    expect(runningLabs().map(({ pid }) => pid)).not.toContain(state.pid);
  });

  it('leaves nothing when it is killed', async () => {
    const { child, ended, state, of } = await start();
    const [host] = state.hosts;
    if (host === undefined) throw new Error('no host');
    expect(attachHost(host).run('pgrep -c dockerd')).not.toBe('0');
    child.kill('SIGKILL');
    await ended;
    await untilNothingIsLeft(of);
  });
});
