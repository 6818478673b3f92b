import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/app/sshd-program.ts';
import type { RunReport } from '../../src/core/finding.ts';
import { type CliSite, startCliSite, startSilentServer } from '../support/cli-site.ts';
import { finish, startHousecall } from '../support/housecall.ts';

let site: CliSite;
beforeAll(async () => {
  site = await startCliSite();
});
afterAll(() => site.stop());

const start = (...args: string[]) =>
  startHousecall(args, { HOUSECALL_CONFIG: site.configFile, HOME: site.directory });
const housecall = (...args: string[]) => finish(start(...args));
/** The quickest look there is. */
const QUICK = ['sampleSeconds=0', 'mount=/', 'warnPercent=98', 'criticalPercent=99'];

const noScript = (await findProgram('script')) === null;
if (noScript) console.warn('skipped: colours on a terminal, because there is no script(1)');

describe('housecall diag over a real sshd', () => {
  it('prints one JSON document and ends with the status it states', async () => {
    const { status, stdout, stderr } = await housecall('diag', 'disk', 'box-1', ...QUICK, '--json');
    const report = JSON.parse(stdout) as RunReport;
    expect(stderr).toBe('');
    expect(report.diagnostic).toBe('disk');
    expect(report.params).toMatchObject({ mount: '/', sampleSeconds: 0, warnPercent: 98 });
    expect(report.hosts.map(({ host }) => host)).toEqual(['box-1']);
    expect(report.hosts[0]?.findings.map(({ code }) => code)).not.toContain('host.unreachable');
    expect(['ok', 'warning', 'critical', 'unknown'].indexOf(report.status)).toBe(status);
  });

  it('tells the host that is gone beside those that answer, without colours in a pipe', async () => {
    const { status, stdout, stderr } = await housecall('diag', 'disk', '@local,gone', ...QUICK);
    expect([2, 3]).toContain(status);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/gone: UNKNOWN/);
    expect(stdout).toContain('[host.unreachable]');
    expect(stdout).toMatch(/box-\[1-2\]/);
    expect(stdout).not.toContain('\u001b');
  });

  it('says how far it came at each host that it could not look at, with 3', async () => {
    const targets = 'gone,stranger,imposter';
    const { status, stdout, stderr } = await housecall('diag', 'disk', targets, '--json');
    const report = JSON.parse(stdout) as RunReport;
    expect(stderr).toBe('');
    expect(status).toBe(3);
    expect(report.status).toBe('unknown');
    const stages = report.hosts.map(({ host, findings: [only] }) => [host, only?.data['stage']]);
    expect(Object.fromEntries(stages)).toEqual({
      gone: 'refused',
      imposter: 'host-key',
      stranger: 'host-key',
    });
    expect(report.hosts.map(({ findings: [only] }) => only?.code)).toEqual(
      Array.from(stages, () => 'host.unreachable'),
    );
    const details = report.hosts.map(({ host, findings }) => `${host}: ${findings[0]?.title}`);
    expect(details.join('\n')).toMatch(/imposter \(.*but .*wrong_hosts:1 has ssh-ed25519/);
    // Nothing was learned by looking.
    expect(() => readFileSync(path.join(site.directory, 'nobody'))).toThrow('ENOENT');
  });

  it('stops at Ctrl-C with 130 and leaves nothing running on the host', async () => {
    const child = start('diag', 'disk', 'box-1', 'sampleSeconds=57', 'mount=/', '--json');
    const ended = finish(child);
    await expect.poll(sleepers, { timeout: 20_000 }).not.toEqual([]);
    child.kill('SIGINT');
    const { status, stdout, stderr } = await ended;
    expect(status).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^\s+at /m);
    await expect.poll(sleepers, { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => site.sshd.connections(), { timeout: 10_000 }).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('stops at %s while it still connects', async (signal) => {
    const silent = await startSilentServer();
    try {
      const file = path.join(site.directory, 'silent.yaml');
      const { user, identityFile, knownHostsFile } = site.sshd;
      writeFileSync(
        file,
        `ssh: { user: ${user}, identityFile: ${identityFile}, knownHostsFile: ${knownHostsFile} }
hosts: { silent: { address: 127.0.0.1, port: ${silent.port}, connectTimeoutSeconds: 60 } }
`,
      );
      const child = start('-c', file, 'diag', 'disk', 'silent');
      const ended = finish(child);
      await expect.poll(() => silent.waiting(), { timeout: 20_000 }).toBe(1);
      child.kill(signal);
      const { status, stdout, stderr } = await ended;
      expect([status, stdout]).toEqual([130, '']);
      expect(stderr).toContain('ssh silent (127.0.0.1');
    } finally {
      silent.stop();
    }
  });

  it('prints no stack when nobody reads on: | head -1', async () => {
    const command = `"$0" --import tsx src/main.ts diag disk box-1,gone ${QUICK.join(' ')} -e | head -1`;
    const child = spawn('sh', ['-c', command, process.execPath], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOUSECALL_CONFIG: site.configFile },
    });
    const { stdout, stderr } = await finish(child);
    expect(stdout).toMatch(/^disk on gone,box-1: \w+ \(\d+ s\)\n$|^disk on box-1,gone: .*\n$/);
    expect(stderr).toBe('');
  });

  it.skipIf(noScript)(
    'shows colours and progress on a terminal, and none with NO_COLOR',
    async () => {
      const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`);
      const [plain, option, coloured] = await Promise.all([
        onTerminal({ NO_COLOR: '1' }),
        onTerminal({}, '--no-color'),
        onTerminal({}),
      ]);
      for (const text of [plain, option, coloured]) {
        expect(text).toContain('0 of 1 hosts');
        expect(text).toContain('[host.unreachable]');
      }
      expect(coloured).toMatch(colour);
      expect(plain).not.toMatch(colour);
      expect(option).not.toMatch(colour);
    },
  );
});

/** `diag disk gone` on a terminal made by script(1). */
async function onTerminal(env: Record<string, string>, ...options: string[]): Promise<string> {
  const words = [process.execPath, '--import', 'tsx', 'src/main.ts', ...options];
  const command = [...words, 'diag', 'disk', 'gone'].join(' ');
  const { stdout } = await finish(
    spawn('script', ['-qc', command, '/dev/null'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        TERM: 'xterm',
        HOUSECALL_CONFIG: site.configFile,
        ...env,
      },
    }),
  );
  return stdout;
}

/** Processes of the server's connections that wait for the second sample. */
async function sleepers(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid,args', '--no-headers']);
  return stdout.split('\n').filter((line) => /\bsleep 5[4-7](\.\d)?$/.test(line));
}
