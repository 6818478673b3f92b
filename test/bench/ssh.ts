import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalSshd, startLocalSshd } from '../../src/app/local-sshd.ts';
import { probe, sshTo } from '../support/ssh-setup.ts';
import { openDelayLink } from './delay-link.ts';

const RTT_MS = 50;
const RUNS = 60;
/** Probes of an incident come one after the other, not back to back. */
const PAUSE_MS = 200;

interface Row {
  readonly name: string;
  readonly times: readonly number[];
}

/**
 * One warm probe (`true`) against OpenSSH over a ControlMaster, on this machine and over a link of
 * 50 ms. Goal: 1.3 round trips and the probe's own time.
 */
export async function benchSsh(): Promise<void> {
  const sshd = await startLocalSshd();
  try {
    const near = await compare(sshd, sshd.port, 0, []);
    const link = await openDelayLink(sshd.port, RTT_MS / 2);
    await knowPort(sshd, link.port);
    await compare(sshd, link.port, RTT_MS, near).finally(() => link.close());
  } finally {
    await sshd.stop();
  }
}

/** Prints one table and returns its medians; `near`: those without delay, the probe's own time. */
async function compare(
  sshd: LocalSshd,
  port: number,
  rttMs: number,
  near: readonly number[],
): Promise<readonly number[]> {
  console.log(`\nwarm \`true\`, ${rttMs} ms round trip, ${RUNS} runs each`);
  const rows: Row[] = [
    { name: 'housecall', times: await housecall(sshd, port, PAUSE_MS) },
    { name: 'housecall, back to back', times: await housecall(sshd, port, 0) },
    { name: 'ssh over ControlMaster', times: await controlMaster(sshd, port) },
  ];
  const medians = rows.map(({ times }) => percentile(times, 50));
  const peer = medians.at(-1) ?? NaN;
  for (const [i, { name, times }] of rows.entries()) {
    const p50 = medians[i] ?? NaN;
    const trips = ((p50 - (near[i] ?? 0)) / rttMs).toFixed(2);
    const words = [
      `p50 ${p50.toFixed(1)} ms`,
      `p99 ${percentile(times, 99).toFixed(1)} ms`,
      `${(p50 / peer).toFixed(2)} of ControlMaster`,
      ...(rttMs === 0 ? [] : [`${trips} round trips beside its own time (goal 1.3)`]),
    ];
    console.log(`  ${name.padEnd(24)} ${words.join(', ')}`);
  }
  return medians;
}

async function housecall(
  sshd: LocalSshd,
  port: number,
  pauseMs: number,
): Promise<readonly number[]> {
  const ssh = sshTo([sshd.host('h', { port })]);
  try {
    await ssh.check('h');
    await sleep(500);
    return await measure(pauseMs, () => ssh.read('h', probe(['true'])));
  } finally {
    await ssh.close();
  }
}

async function controlMaster(sshd: LocalSshd, port: number): Promise<readonly number[]> {
  const socket = join(sshd.directory, `cm-${port}`);
  const common = ['-F', 'none', '-S', socket, '-p', `${port}`, '-i', sshd.identityFile];
  const strict = ['-o', `UserKnownHostsFile=${sshd.knownHostsFile}`, '-o', 'BatchMode=yes'];
  const target = `${sshd.user}@127.0.0.1`;
  const run = async (args: readonly string[]): Promise<void> => {
    const child = spawn('ssh', [...common, ...strict, ...args], { stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`ssh ${args.join(' ')} ended with ${code}`);
  };
  const master = spawn('ssh', [...common, ...strict, '-M', '-N', target], { stdio: 'ignore' });
  try {
    for (let tries = 0; tries < 100; tries++) {
      const up = await run(['-O', 'check', target])
        .then(() => true)
        .catch(() => false);
      if (up) break;
      await sleep(50);
    }
    return await measure(PAUSE_MS, () => run([target, 'true']));
  } finally {
    master.kill('SIGTERM');
  }
}

async function measure(pauseMs: number, act: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const began = performance.now();
    await act();
    times.push(performance.now() - began);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  return times;
}

function percentile(times: readonly number[], percent: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? NaN;
}

/** The same host keys under another port. */
async function knowPort(sshd: LocalSshd, port: number): Promise<void> {
  const known = await readFile(sshd.knownHostsFile, 'utf8');
  await appendFile(sshd.knownHostsFile, known.replaceAll(`:${sshd.port} `, `:${port} `));
}
