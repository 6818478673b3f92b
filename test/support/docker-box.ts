import { spawnSync } from 'node:child_process';
import type { CommandResult, Probe } from '../../src/core/command.ts';
import type { Finding } from '../../src/core/finding.ts';
import { docker } from '../../src/diagnostics/docker/index.ts';
import { type Box, createBox, type ProbeOptions } from './box.ts';
import { FIXTURE_NONCE, resultOf } from './diagnostic-fixture.ts';
import { busyboxImage, type Dockerd, type DockerdOptions, prepareDockerd } from './dockerd.ts';

/** Where the box keeps its images, as dockerd does by default. */
export const DATA_ROOT = '/var/lib/docker';

/** A host of its own with a docker daemon on a 160 MB ext4, everything at its usual place. */
export interface DockerBox {
  readonly box: Box;
  readonly dockerd: Dockerd;
  look(options?: LookOptions): Look;
  close(): void;
}

export interface LookOptions {
  readonly user?: 'root' | 'plain' | 'docker';
  readonly shell?: ProbeOptions['shell'];
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface Look {
  readonly result: CommandResult;
  readonly findings: readonly Finding[];
  readonly codes: readonly string[];
  readonly notes: readonly string[];
  readonly get: (code: string) => Finding;
}

/** The daemon is not started yet. */
export async function createDockerBox(options: Partial<DockerdOptions> = {}): Promise<DockerBox> {
  const box = await createBox();
  let dockerd: Dockerd | undefined;
  const close = (): void => {
    dockerd?.stop();
    box.close();
  };
  try {
    box.run(`
      mkdir ${box.directory}/log
      cp -a /etc ${box.directory}/etc
      rm -rf ${box.directory}/etc/docker/*
      mount --bind ${box.directory}/etc /etc
      mount --bind ${box.directory}/log /var/log
      mount -t tmpfs tmpfs /run
      mount -t tmpfs tmpfs /var/lib
      truncate -s 160M ${box.directory}/img
      mkfs.ext4 -q -m 0 -N 4096 ${box.directory}/img
      mkdir -m 710 ${DATA_ROOT}
      mount -o loop ${box.directory}/img ${DATA_ROOT}
      chmod 710 ${DATA_ROOT}`);
    const made = prepareDockerd({
      enter: box.enter,
      dataRoot: DATA_ROOT,
      socket: '/run/docker.sock',
      logFile: '/var/log/docker.log',
      ...options,
    });
    dockerd = made;
    return { box, dockerd: made, look: (how = {}) => look(box, how), close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Three images and two containers: `lab/app:1` has a layer of its own on `lab/base:1`, and `victim` runs on
 * it; `lab/healthy:1` shares nothing, and `keep` runs on it.
 */
export function furnish({ dockerd }: DockerBox): void {
  busyboxImage(dockerd, 'lab/base:1');
  busyboxImage(dockerd, 'lab/healthy:1', { '/etc/motd': 'healthy' });
  const make =
    'mkdir /app; dd if=/dev/zero of=/app/data bs=1000 count=500 2>/dev/null; ln /app/data /app/hard';
  dockerd.docker(
    'run',
    '--name',
    'build',
    'lab/base:1',
    'sh',
    '-c',
    `${make}; ln -s x /app/link; rm /etc/group`,
  );
  dockerd.docker('commit', 'build', 'lab/app:1');
  dockerd.docker('rm', 'build');
  const run = ['run', '-d', '--stop-signal', 'KILL', '--name'];
  dockerd.docker(...run, 'victim', 'lab/app:1', 'sleep', '3600');
  dockerd.docker(...run, 'keep', '--log-opt', 'max-size=1m', 'lab/healthy:1', 'sleep', '3600');
}

function look(box: Box, { user = 'root', shell = 'sh', params = {} }: LookOptions): Look {
  const bound = docker.bind(params, FIXTURE_NONCE);
  const result =
    user === 'docker' ? asDockerGroup(box, bound.probe) : box.probe(bound.probe, { user, shell });
  if (result.stderr !== '') throw new Error(result.stderr);
  const { findings, coverage } = bound.judge(result);
  return {
    result,
    findings,
    codes: findings.map((one) => one.code.replace('docker.', '')),
    notes: coverage.notes,
    get(code) {
      const found = findings.find((one) => one.code === `docker.${code}`);
      if (found === undefined)
        throw new Error(`no ${code} among ${findings.map((one) => one.code).join(', ')}`);
      return found;
    },
  };
}

/** A user without any right but the group that may use the socket. */
function asDockerGroup(box: Box, probe: Probe): CommandResult {
  const as = ['setpriv', '--reuid', '65534', '--regid', '65534', '--groups', 'docker'];
  const [program = '', ...args] = [
    ...box.enter,
    ...as,
    'env',
    '-i',
    'PATH=/usr/bin:/bin',
    ...probe.argv,
  ];
  const done = spawnSync(program, args, {
    input: probe.stdin ?? '',
    encoding: 'utf8',
    cwd: '/',
    maxBuffer: probe.outputLimitBytes,
  });
  const { stderr, status: exitCode } = done;
  return resultOf(done.stdout, { stderr, exitCode, privilege: 'none' });
}
