import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult, Probe } from '../../src/core/command.ts';
import { resultOf } from './diagnostic-fixture.ts';

/** Nobody in particular: a user without any right. */
const PLAIN_USER = 65534;

/**
 * A host-like place on this machine: own process ids and own mounts. Everything in it ends with it:
 * closing kills its processes, and with them go its mounts and loop devices.
 */
export interface Box {
  /** Outside the box, for images. Inside under the same path. */
  readonly directory: string;
  /** The command that runs another one inside, as root. */
  readonly enter: readonly string[];
  /** Runs a bash script as root inside and returns what it prints. */
  run(script: string): string;
  /** Starts a script inside that goes on until the box is closed; returns when it printed `ready`. */
  start(program: string, ...args: string[]): Promise<void>;
  /** Runs a probe as the ssh adapter would. */
  probe(probe: Probe, options?: ProbeOptions): CommandResult;
  close(): void;
}

export interface ProbeOptions {
  readonly user?: 'root' | 'plain';
  /** Default `sh`. `busybox`: its shell and nothing but its applets first in PATH. */
  readonly shell?: 'sh' | 'dash' | 'bash' | 'busybox';
}

/** Why there can be no box here, or null. */
export function boxProblem(): string | null {
  if (process.getuid?.() !== 0) return 'needs root for namespaces and loop mounts';
  const tried = spawnSync(
    'unshare',
    ['--mount', '--pid', '--fork', '--mount-proc', 'losetup', '-f'],
    {
      encoding: 'utf8',
    },
  );
  return tried.status === 0 ? null : `no namespaces or loop devices: ${tried.stderr.trim()}`;
}

export async function createBox(): Promise<Box> {
  const directory = mkdtempSync(join(tmpdir(), 'housecall-box-'));
  // `cat` ends when our end of its input closes: the box cannot outlive the test run.
  // The shell stays as process 1: it reaps orphans, as the first process of a host does.
  const init = spawn(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      '--propagation',
      'private',
      'sh',
      '-c',
      'echo ready; cat; exit',
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  await said(init, 'ready');
  const inner = readFileSync(`/proc/${init.pid}/task/${init.pid}/children`, 'utf8').trim();
  const enter = ['nsenter', '--target', inner, '--mount', '--pid', '--'];
  const background: ChildProcess[] = [];
  execFileSync('sh', [
    '-c',
    `mkdir ${directory}/applets && busybox --install -s ${directory}/applets`,
  ]);
  execFileSync('chmod', ['-R', 'a+rX', directory]);

  return {
    directory,
    enter,
    run: (script) =>
      execFileSync(enter[0] ?? '', [...enter.slice(1), 'bash', '-euo', 'pipefail', '-c', script], {
        encoding: 'utf8',
        cwd: '/',
      }),
    async start(...argv) {
      const child = spawn(enter[0] ?? '', [...enter.slice(1), ...argv], {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: '/',
      });
      background.push(child);
      await said(child, 'ready');
    },
    probe: (probe, options = {}) => runProbe(probe, options, { enter, directory }),
    close() {
      init.kill('SIGKILL');
      for (const child of background) child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function runProbe(
  probe: Probe,
  { user = 'root', shell = 'sh' }: ProbeOptions,
  { enter, directory }: { enter: readonly string[]; directory: string },
): CommandResult {
  const as =
    user === 'root'
      ? []
      : ['setpriv', '--reuid', `${PLAIN_USER}`, '--regid', `${PLAIN_USER}`, '--clear-groups'];
  const path = shell === 'busybox' ? `${directory}/applets` : '/usr/bin:/bin:/usr/sbin:/sbin';
  const sh = shell === 'busybox' ? ['/bin/busybox', 'sh'] : [shell];
  const argv = [...enter, ...as, 'env', '-i', `PATH=${path}`, ...sh, ...probe.argv.slice(1)];
  const started = Date.now();
  const done = spawnSync(argv[0] ?? '', argv.slice(1), {
    input: probe.stdin ?? '',
    encoding: 'utf8',
    timeout: probe.timeoutSeconds * 1000,
    maxBuffer: probe.outputLimitBytes,
    cwd: '/',
  });
  if (done.error !== undefined) throw done.error;
  return resultOf(done.stdout, {
    stderr: done.stderr,
    exitCode: done.status,
    durationMs: Date.now() - started,
    privilege: user === 'root' ? 'root' : 'none',
  });
}

async function said(child: ChildProcess, word: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(word)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the box ended with ${code}: ${text}`)));
  });
}
