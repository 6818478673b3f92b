import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/core/finding.ts';
import { type LocalSshd, startLocalSshd } from '../support/sshd.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const directory = mkdtempSync(path.join(tmpdir(), 'housecall-cli-'));
const file = path.join(directory, 'housecall.yaml');
const knownHosts = path.join(directory, 'known_hosts');
let sshd: LocalSshd;

beforeAll(async () => {
  sshd = await startLocalSshd();
  writeFileSync(knownHosts, readFileSync(sshd.knownHostsFile));
  writeFileSync(
    file,
    `ssh: { user: ${sshd.user}, identityFile: ${sshd.identityFile}, knownHostsFile: ${knownHosts} }
hosts:
  box-[1-2]: { address: 127.0.0.1, port: ${sshd.port}, groups: [local] }
  gone: { address: 127.0.0.1, port: 1 }
  stranger: { address: localhost, port: ${sshd.port}, knownHostsFile: ${directory}/nobody }
archive: { directory: ${directory}/archive }
`,
  );
});

afterAll(async () => {
  await sshd.stop();
  rmSync(directory, { recursive: true, force: true });
});

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: directory, HOUSECALL_CONFIG: file, ...env },
  });
}

async function finish(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
}

const housecall = (...args: string[]) => finish(start(args));

describe('housecall diag over a real sshd', () => {
  it('prints one JSON document and ends with the status it states', async () => {
    const { status, stdout, stderr } = await housecall(
      'diag',
      'disk',
      'box-1',
      'sampleSeconds=0',
      'mount=/',
      '--json',
    );
    const report = JSON.parse(stdout) as RunReport;
    expect(stderr).toBe('');
    expect(report.diagnostic).toBe('disk');
    expect(report.params).toMatchObject({ mount: '/', sampleSeconds: 0, warnPercent: 75 });
    expect(report.hosts.map(({ host }) => host)).toEqual(['box-1']);
    expect(report.hosts[0]?.findings.map(({ code }) => code)).not.toContain('host.unreachable');
    expect(['ok', 'warning', 'critical', 'unknown'].indexOf(report.status)).toBe(status);
  });

  it('tells the host that is gone beside those that answer, without colours in a pipe', async () => {
    const { status, stdout } = await housecall(
      'diag',
      'disk',
      '@local,gone',
      'sampleSeconds=0',
      'mount=/',
      'warnPercent=98',
      'criticalPercent=99',
    );
    expect([2, 3]).toContain(status);
    expect(stdout).toMatch(/gone: UNKNOWN/);
    expect(stdout).toContain('[host.unreachable]');
    expect(stdout).toMatch(/box-\[1-2\]/);
    expect(stdout).not.toContain('\u001b');
  });

  it('stops at Ctrl-C with 130 and leaves nothing running on the host', async () => {
    const child = start(['diag', 'disk', 'box-1', 'sampleSeconds=57', 'mount=/']);
    const ended = finish(child);
    const running = await until(async () => (await sleepers()).length > 0);
    expect(running).toBe(true);
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    expect(await until(async () => (await sleepers()).length === 0)).toBe(true);
  });

  it.each([
    [['diag', 'dsik', 'box-1'], 64, /did you mean "disk"/],
    [['diag'], 64, /missing required argument/],
    [['diag', 'disk', 'box-1', '--config', '/nowhere.yaml'], 78, /\/nowhere\.yaml: not found/],
  ])('%j ends with %i and says why on standard error alone', async (args, code, message) => {
    const { status, stdout, stderr } = await housecall(...args);
    expect(status).toBe(code);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});

describe('housecall check', () => {
  it('names each host that is not reached, with the remedy', async () => {
    const { status, stdout } = await housecall('check');
    expect(status).toBe(1);
    expect(stdout).toContain('2 of 4 reachable: box-[1-2]');
    expect(stdout).toMatch(/bad +hosts +ssh gone \(127\.0\.0\.1:1\)[^]*Start sshd there/);
    expect(stdout).toMatch(/bad +hosts +ssh stranger[^]*--accept-new-host-keys/);
    expect(stdout).toMatch(/skipped +redis/);
  });

  it('records no host key where nobody can be asked', async () => {
    const { status, stderr } = await housecall('check', '--accept-new-host-keys');
    expect(status).toBe(64);
    expect(stderr).toContain('run it on a terminal');
  });

  it('reports a configuration error as bad', async () => {
    const bad = path.join(directory, 'bad.yaml');
    writeFileSync(bad, 'hosts: {}\nslak: 1\n');
    const { status, stdout } = await housecall('check', '--config', bad);
    expect(status).toBe(1);
    expect(stdout).toMatch(/slak: unknown key; did you mean "slack"/);
  });
});

/** Processes of the server's connections that wait for the second sample. */
async function sleepers(): Promise<readonly number[]> {
  const { stdout } = await finish(
    spawn('ps', ['-eo', 'pid,args', '--no-headers'], { stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  return stdout
    .split('\n')
    .filter((line) => /\bsleep 5[4-7](\.\d)?$/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (await holds()) return true;
    await sleep(100);
  }
  return false;
}
