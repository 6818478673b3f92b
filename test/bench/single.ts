import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '../../src/adapters/telemetry/create-log.ts';
import { startLocalRedis } from '../../src/app/local-redis.ts';
import { type LocalSshd, startLocalSshd } from '../../src/app/local-sshd.ts';
import { startRoles } from '../../src/app/start-roles.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { requireForStart } from '../../src/config/require-for-start.ts';
import { argvText } from '../../src/core/command.ts';
import { disk } from '../../src/diagnostics/disk/index.ts';
import { createWorkspace } from '../../src/workspace/create-workspace.ts';
import { percentile, table } from './figures.ts';

const ROUNDS = 60;
const WARM_UP = 5;
const USER = 'UADA00001';

/**
 * Warm `/diag disk` from the slash command's arrival to the finding posted, against the same probe over a
 * warm OpenSSH ControlMaster connection, in turns, in one run. The difference is what Housecall adds:
 * Slack's envelope, Redis (AOF, fsync always), the queue, SSH, judging, the outbox, the post.
 */
export async function benchSingle(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'housecall-bench-'));
  const log = createLog({ level: 'error' });
  const undo: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const workspace = await createWorkspace({
      users: [{ id: USER, name: 'ada' }],
      rateLimits: 'off',
    });
    undo.push(() => workspace.close());
    const redis = await startLocalRedis({ directory: path.join(directory, 'redis'), log });
    undo.push(() => redis.stop());
    const sshd = await startLocalSshd();
    undo.push(() => sshd.stop());
    const file = path.join(directory, 'housecall.yaml');
    writeFileSync(
      file,
      JSON.stringify(settings({ workspace, redisUrl: redis.url, sshd, directory })),
    );
    const config = requireForStart(loadConfig({ path: file, env: {} }), 'all');
    const running = await startRoles(config, ['web', 'worker'], log);
    undo.push(() => running.stop());
    const master = await openMaster(sshd, directory);
    undo.push(() => master.close());

    const ours: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < ROUNDS + WARM_UP; round++) {
      const bare = await master.run();
      const whole = await askInSlack(workspace.control);
      if (round < WARM_UP) continue;
      peer.push(bare);
      ours.push(whole);
    }
    report(ours, peer);
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

type Control = Awaited<ReturnType<typeof createWorkspace>>['control'];

async function askInSlack(control: Control): Promise<number> {
  const known = control.messages('#general').length;
  const start = performance.now();
  const asked = control.slash(USER, '#general', '/diag', 'disk host-17 mount=/ sampleSeconds=0');
  await control.waitFor(
    () =>
      control
        .messages('#general')
        .slice(known)
        .find((m) => m.edited !== undefined && !m.text.includes('looking')),
    30_000,
    'the verdict',
  );
  const took = performance.now() - start;
  await asked;
  return took;
}

/** The probe as `ssh -S` runs it: one process of the client, the script on stdin. */
async function openMaster(
  sshd: LocalSshd,
  directory: string,
): Promise<{ run(): Promise<number>; close(): Promise<number> }> {
  const socket = path.join(directory, 'cm');
  const base = [
    '-F',
    'none',
    '-S',
    socket,
    '-p',
    String(sshd.port),
    '-i',
    sshd.identityFile,
    '-o',
    'BatchMode=yes',
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'LogLevel=ERROR',
    '-o',
    `UserKnownHostsFile=${sshd.knownHostsFile}`,
    '-o',
    'StrictHostKeyChecking=yes',
  ];
  const to = `${sshd.user}@127.0.0.1`;
  await ssh([...base, '-M', '-f', '-N', to]);
  return {
    run() {
      const { probe } = disk.bind({ mount: '/', sampleSeconds: 0 }, 'bench0000bench00');
      return ssh([...base, to, argvText(probe.argv)], probe.stdin);
    },
    close: () => ssh([...base, '-O', 'exit', to]),
  };
}

function ssh(args: readonly string[], stdin = ''): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', args, { stdio: ['pipe', 'ignore', 'ignore'] });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(performance.now() - start) : reject(new Error(`ssh: exit ${code}`)),
    );
    child.stdin.end(stdin);
  });
}

function report(ours: readonly number[], peer: readonly number[]): void {
  const overhead = ours.map((whole, n) => whole - (peer[n] ?? 0));
  table(`single: /diag disk, warm, 0 ms RTT, ${ours.length} rounds in turns (ms)`, [
    { name: 'slash command to finding posted', values: ours },
    { name: 'bare probe over ControlMaster', values: peer },
    { name: 'overhead', values: overhead },
  ]);
  const p50 = percentile(overhead, 50);
  const verdict = p50 < 60 ? 'met' : 'NOT met';
  process.stdout.write(`goal: overhead p50 under 60 ms: ${verdict} (${p50.toFixed(1)} ms)\n`);
}

function settings(parts: {
  workspace: Awaited<ReturnType<typeof createWorkspace>>;
  redisUrl: string;
  sshd: LocalSshd;
  directory: string;
}): unknown {
  const { workspace, sshd, directory } = parts;
  const { botToken, appToken, apiUrl } = workspace;
  return {
    slack: { botToken, appToken, apiUrl },
    redis: { url: parts.redisUrl },
    http: { port: 0 },
    ssh: {
      user: sshd.user,
      identityFile: sshd.identityFile,
      knownHostsFile: sshd.knownHostsFile,
    },
    hosts: { 'host-17': { address: '127.0.0.1', port: sshd.port } },
    access: { operators: [USER] },
    security: { approvalKeyFile: path.join(directory, 'approval.key') },
    archive: { directory: path.join(directory, 'archive') },
  };
}
