import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ssh, SshOptions } from '../../src/adapters/ssh/create-ssh.ts';
import type { Host } from '../../src/core/fleet/host.ts';
import { failureOf, probe, script, sshTo, step } from '../support/ssh-setup.ts';
import {
  createAccount,
  type LocalSshd,
  startLocalSshd,
  type TestAccount,
  whyNoAccounts,
  whyNoSshd,
} from '../support/sshd.ts';

const noSshd = await whyNoSshd();
const root = process.getuid?.() === 0;

/** Pids that run `sleep <seconds>`, by their own arguments. */
async function sleepers(seconds: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words === `sleep\0${seconds}\0`) found.push(pid);
  }
  return found;
}
let drawn = 0;
/** A number of seconds that no other process sleeps. */
const fresh = (): string => `${600 + ++drawn}.${process.pid}`;
const gone = (seconds: string, timeout = 5000) =>
  expect.poll(() => sleepers(seconds), { timeout }).toEqual([]);
const running = (seconds: string, count: number) =>
  expect.poll(async () => (await sleepers(seconds)).length, { timeout: 10_000 }).toBe(count);

const written = (file: string, text: string) =>
  expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 15_000 }).toBe(text);

/** A child, a grandchild, one in a session of its own, one that ignores TERM, and itself. */
const FAMILY = [
  'sleep "$1" &',
  '(sleep "$1" & wait) &',
  'setsid sleep "$1" &',
  '(trap "" TERM; sleep "$1") &',
  'sleep "$1"; wait',
].join('\n');
const MEMBERS = 5;

describe.skipIf(noSshd !== null)('what a command leaves behind', () => {
  let sshd: LocalSshd;
  let account: TestAccount | null = null;
  const hosts: Host[] = [];
  let ssh: Ssh;
  beforeAll(async () => {
    sshd = await startLocalSshd();
    hosts.push(sshd.host('h'));
    if (whyNoAccounts() === null) {
      account = await createAccount({ sudo: 'allowed' });
      hosts.push(sshd.host('sudo', { user: account.name, sudo: true }));
    }
    ssh = sshTo(hosts);
  });
  afterAll(async () => {
    await ssh.close();
    await sshd.stop();
    await account?.remove();
  });

  for (const host of root ? ['h', 'sudo'] : ['h']) {
    it(`nothing at its time limit (${host})`, async () => {
      const seconds = fresh();
      const result = await ssh.read(host, script(FAMILY, [seconds], { timeoutSeconds: 1 }));
      expect(result).toMatchObject({ timedOut: true, exitCode: null });
      await gone(seconds);
    });

    it(`nothing after an abort (${host})`, async () => {
      const seconds = fresh();
      const controller = new AbortController();
      const { signal } = controller;
      const failed = failureOf(ssh.read(host, script(FAMILY, [seconds]), { signal }));
      await running(seconds, MEMBERS);
      controller.abort();
      expect((await failed).code).toBe('CANCELLED');
      await gone(seconds);
    });

    it(`nothing of a change after an abort (${host})`, async () => {
      const seconds = fresh();
      const controller = new AbortController();
      const { signal } = controller;
      const failed = failureOf(
        ssh.change(host, step(['sh', '-c', `sleep ${seconds} & sleep ${seconds}`]), { signal }),
      );
      await running(seconds, 2);
      controller.abort();
      expect((await failed).code).toBe('CANCELLED');
      await gone(seconds);
    });
  }

  it('nothing of a probe when we die', async () => {
    const other = sshTo(hosts);
    const seconds = fresh();
    const failed = failureOf(other.read('h', script(FAMILY, [seconds])));
    await running(seconds, MEMBERS);
    await other.close();
    expect((await failed).code).toBe('SSH_LOST');
    await gone(seconds, 10_000);
  });

  it('a change that was started ends by itself when we die', async () => {
    const other = sshTo(hosts);
    const file = join(tmpdir(), `housecall-change-${fresh()}`);
    const change = step(['sh', '-c', 'echo begun >"$0"; sleep 2; echo done >>"$0"', file]);
    const failed = failureOf(other.change('h', change));
    await written(file, 'begun\n');
    await other.close();
    expect((await failed).code).toBe('SSH_LOST');
    await written(file, 'begun\ndone\n');
    await rm(file);
  });

  it('no waiting reader once the connection is closed', async () => {
    const other = sshTo(hosts);
    const { stdout } = await other.read('h', script('echo "$HOUSECALL_RUN"'));
    expect(stdout).toMatch(/^[0-9a-f]{24}\n$/);
    await other.close();
    // Only the shared connection's own readers are left, one or a few.
    await expect
      .poll(async () => (await sshd.connections()).length, { timeout: 15_000 })
      .toBe(root ? 2 : 1);
  });
});

describe.skipIf(noSshd !== null)('a server with few sessions', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });
  const serve = async (config: string[], options: Omit<SshOptions, 'inventory' | 'log'> = {}) => {
    const sshd = await startLocalSshd({ config });
    const ssh = sshTo([sshd.host('h')], options);
    stops.push(
      () => sshd.stop(),
      () => ssh.close(),
    );
    return { sshd, ssh };
  };

  for (const sessions of [1, 2]) {
    it(`of ${sessions} answers twenty probes at once`, async () => {
      const { ssh } = await serve([`MaxSessions ${sessions}`]);
      const asked = Array.from({ length: 20 }, (_, i) => `${i}`);
      const answers = await Promise.all(asked.map((i) => ssh.read('h', script('echo "$1"', [i]))));
      expect(answers.map((answer) => answer.stdout)).toEqual(asked.map((i) => `${i}\n`));
      expect(await ssh.change('h', step(['echo', 'changed']))).toMatchObject({
        stdout: 'changed\n',
      });
      expect(await ssh.read('h', probe(['echo', 'after']))).toMatchObject({ stdout: 'after\n' });
    });

    it(`of ${sessions} still has an aborted probe killed`, async () => {
      const { ssh } = await serve([`MaxSessions ${sessions}`]);
      await ssh.read('h', probe(['true']));
      const seconds = fresh();
      const controller = new AbortController();
      const { signal } = controller;
      const failed = failureOf(ssh.read('h', script(FAMILY, [seconds]), { signal }));
      await running(seconds, MEMBERS);
      controller.abort();
      expect((await failed).code).toBe('CANCELLED');
      await gone(seconds, 10_000);
      expect(await ssh.read('h', probe(['echo', 'after']))).toMatchObject({ stdout: 'after\n' });
    });
  }

  it('of none says so', async () => {
    const { ssh } = await serve(['MaxSessions 0']);
    const error = await failureOf(ssh.read('h', probe(['true'])));
    expect(error.context).toMatchObject({ stage: 'auth' });
    expect(error.message).toContain('the server allows no session (MaxSessions?)');
  });
});

describe.skipIf(noSshd !== null)('a connection that breaks', () => {
  let sshd: LocalSshd;
  let ssh: ReturnType<typeof sshTo>;
  beforeAll(async () => {
    sshd = await startLocalSshd();
    ssh = sshTo([sshd.host('h')], { keepaliveSeconds: 0.3 });
  });
  afterAll(async () => {
    await ssh.close();
    await sshd.stop();
  });
  const connects = (): number =>
    ssh.lines.filter((line) => line.startsWith('ssh connect {')).length;

  it('between two probes is replaced without a word', async () => {
    await ssh.read('h', probe(['true']));
    const before = connects();
    await sshd.kill();
    await sshd.start();
    expect(await ssh.read('h', probe(['echo', 'again']))).toMatchObject({ stdout: 'again\n' });
    expect(await ssh.change('h', step(['echo', 'changed']))).toMatchObject({ stdout: 'changed\n' });
    expect(connects()).toBe(before + 1);
  });

  it('in the middle of a probe: the outcome is unknown, and it is not run again', async () => {
    const file = join(tmpdir(), `housecall-runs-${fresh()}`);
    const failed = failureOf(ssh.read('h', script('echo run >>"$1"; sleep 60', [file])));
    await written(file, 'run\n');
    for (const pid of await sshd.connections()) process.kill(pid, 'SIGKILL');
    const error = await failed;
    expect(error.code).toBe('SSH_LOST');
    expect(error.context).toMatchObject({ host: 'h' });
    expect(await ssh.read('h', probe(['echo', 'again']))).toMatchObject({ stdout: 'again\n' });
    expect(await readFile(file, 'utf8')).toBe('run\n');
    await rm(file);
  });

  it('in the middle of a change: the outcome is unknown, and it is not run again', async () => {
    const file = join(tmpdir(), `housecall-runs-${fresh()}`);
    const failed = failureOf(ssh.change('h', step(['sh', '-c', 'echo run >>"$0"; sleep 2', file])));
    await written(file, 'run\n');
    for (const pid of await sshd.connections()) process.kill(pid, 'SIGKILL');
    expect((await failed).code).toBe('SSH_LOST');
    await sleep(300);
    expect(await readFile(file, 'utf8')).toBe('run\n');
    await rm(file);
  });

  it('by freezing is noticed by keep-alive, for probes and waiting ones', async () => {
    await ssh.read('h', probe(['true']));
    const frozen = await sshd.connections();
    expect(frozen.length).toBeGreaterThan(0);
    const failed = [1, 2].map(() => failureOf(ssh.read('h', probe(['sleep', '30']))));
    await sleep(200);
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    try {
      for (const error of await Promise.all(failed)) {
        expect(error.code).toBe('SSH_LOST');
        expect(error.message).toContain('the host stopped answering (keep-alive)');
      }
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGKILL');
    }
    expect(await ssh.read('h', probe(['echo', 'again']))).toMatchObject({ stdout: 'again\n' });
  });

  it('is closed when idle, and made again', async () => {
    const brief = sshTo([sshd.host('h')], { idleSeconds: 0.2 });
    await brief.read('h', probe(['sleep', '0.5']));
    await expect
      .poll(() => brief.lines.at(-1), { timeout: 15_000 })
      .toContain('closed because it was idle');
    expect(await brief.read('h', probe(['true']))).toMatchObject({ exitCode: 0 });
    await brief.close();
  });
});
