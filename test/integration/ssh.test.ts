import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ssh } from '../../src/adapters/ssh/create-ssh.ts';
import { findProgram } from '../../src/app/sshd-program.ts';
import { COMMANDS, remoteContract } from '../contract/remote.contract.ts';
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

if (noSshd === null) {
  remoteContract('sshd', async () => {
    const sshd = await startLocalSshd();
    const ssh = sshTo([sshd.host('here'), sshd.host('gone', { port: 1 })]);
    return {
      remote: ssh,
      host: 'here',
      unreachableHost: 'gone',
      unreachableStage: 'refused',
      async breakConnection() {
        await ssh.read('here', probe(['true']));
        for (const pid of await sshd.connections()) process.kill(pid, 'SIGKILL');
      },
      async close() {
        await ssh.close();
        await sshd.stop();
      },
    };
  });
}

/** The remote shells that a host may have as /bin/sh. */
const SHELLS = ['dash', 'bash', 'busybox'];
const root = process.getuid?.() === 0;

describe.skipIf(noSshd !== null)('a command on a host', () => {
  let sshd: LocalSshd;
  let ssh: Ssh;
  beforeAll(async () => {
    sshd = await startLocalSshd();
    ssh = sshTo([sshd.host('h')]);
  });
  afterAll(async () => {
    await ssh.close();
    await sshd.stop();
  });

  const argument = fc.oneof(
    fc.constantFrom(
      '--',
      '-rf',
      '',
      ' ',
      '\n',
      '\\',
      "'",
      '"',
      '$(id)',
      '`id`',
      '*',
      '~',
      '\r\n',
      '!!',
    ),
    fc.string(),
    fc.string({ unit: 'binary' }),
  );
  it('receives its arguments exactly as they were', async () => {
    const echo = 'for one in "$@"; do printf "%s\\0" "$one"; done';
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { maxLength: 20 }), async (drawn) => {
        const args = drawn.map((text) => Buffer.from(text.replaceAll('\0', '')).toString());
        const result = await ssh.read('h', script(echo, args));
        expect(result.stdout).toBe(args.map((one) => `${one}\0`).join(''));
        expect(result.exitCode).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('receives a script of 400 KiB', async () => {
    const filler = `# ${'x'.repeat(78)}\n`.repeat(5000);
    const result = await ssh.read('h', script(`${filler}echo "$1"`, ['end']));
    expect(result.stdout).toBe('end\n');
  });

  it('receives standard input with any bytes of text, NUL too', async () => {
    const stdin = 'a\0b\\n€\n';
    expect((await ssh.read('h', probe(['cat'], { stdin }))).stdout).toBe(stdin);
  });

  it('gets the standard locale and system folders in its path', async () => {
    const { stdout } = await ssh.read('h', script('echo "$LC_ALL"; pwd; echo "$PATH"'));
    expect(stdout).toMatch(/^C\n\/\n.*\/usr\/sbin/);
  });

  it('is not found: 127, as a shell says it', async () => {
    expect((await ssh.read('h', probe(['no-such-program']))).exitCode).toBe(127);
    expect((await ssh.change('h', step(['no-such-program']))).exitCode).toBe(127);
  });

  it('keeps its own exit status above 128 apart from a signal', async () => {
    const result = await ssh.read('h', script('exit 137'));
    expect(result).toMatchObject({ exitCode: 137, signal: null });
  });

  it('runs nice as a probe and not as a change', async () => {
    expect((await ssh.read('h', probe(['nice']))).stdout).toBe('10\n');
    expect((await ssh.change('h', step(['nice']))).stdout).toBe('0\n');
  });

  it('is not stalled by 2 MiB of errors, and both outputs are capped by themselves', async () => {
    const noisy = 'head -c 2097152 /dev/zero | tr "\\0" e >&2; echo done';
    const result = await ssh.read('h', script(noisy, [], { outputLimitBytes: 10_000 }));
    expect(result.stdout).toBe('done\n');
    expect(result.outputTruncated).toBe(true);
    expect(result.stderr.length).toBeLessThan(10_100);
  });

  it('is stopped when it floods, instead of sending it all', async () => {
    const result = await ssh.read('h', probe(['yes'], { outputLimitBytes: 1000 }));
    expect(result).toMatchObject({ outputTruncated: true, timedOut: false, exitCode: null });
    expect(result.stdout.length).toBeLessThan(1100);
  });

  it('may print a lot as a change, and is not stopped for it', async () => {
    const result = await ssh.change('h', step(['head', '-c', '30000000', '/dev/zero']));
    expect(result).toMatchObject({ exitCode: 0, outputTruncated: true });
  });

  it('ends although a child in the background holds its output open', async () => {
    const result = await ssh.read('h', script('sleep 300 & echo started'));
    expect(result).toMatchObject({ stdout: 'started\n', exitCode: 0 });
    const daemon = await ssh.change('h', step(['sh', '-c', 'sleep 300 & echo $!']));
    expect(daemon).toMatchObject({ stdout: expect.stringMatching(/^\d+\n$/), exitCode: 0 });
    // A change may leave a daemon behind: it lives, and did not hold anything up.
    process.kill(Number(daemon.stdout));
  });

  it('runs beside others, a few at a time, all answered', async () => {
    const counted = Array.from({ length: 30 }, (_, i) => `${i}`);
    const results = await Promise.all(counted.map((i) => ssh.read('h', script('echo "$1"', [i]))));
    expect(results.map((result) => result.stdout)).toEqual(counted.map((i) => `${i}\n`));
  });

  it('opens no channel for an argument that cannot be sent', async () => {
    await expect(ssh.read('h', probe(['echo', 'a\0b']))).rejects.toThrow(RangeError);
    await expect(ssh.read('h', probe(['echo', 'fine']))).resolves.toMatchObject({ exitCode: 0 });
  });

  it('tells check what it found', async () => {
    expect(await ssh.check('h')).toMatchObject({
      host: 'h',
      user: sshd.user,
      via: [],
      privilege: root ? 'root' : 'none',
    });
  });
});

const noAccounts = noSshd ?? whyNoAccounts();
describe.skipIf(noAccounts !== null)('rights', () => {
  let sshd: LocalSshd;
  let ssh: Ssh;
  const accounts: TestAccount[] = [];
  const marker = `/tmp/housecall-change-${process.pid}`;
  beforeAll(async () => {
    sshd = await startLocalSshd();
    const made = await Promise.all([
      createAccount({ sudo: 'allowed' }),
      createAccount({ sudo: 'refused' }),
      createAccount({ shell: '/usr/sbin/nologin' }),
    ]);
    accounts.push(...made);
    const [allowed, refused, closed] = made.map((one) => one.name);
    ssh = sshTo([
      sshd.host('allowed', { user: allowed ?? '', sudo: true }),
      sshd.host('refused', { user: refused ?? '', sudo: true }),
      sshd.host('plain', { user: allowed ?? '' }),
      sshd.host('root', { user: 'root', sudo: true }),
      sshd.host('closed', { user: closed ?? '' }),
    ]);
  });
  afterAll(async () => {
    await ssh.close();
    await sshd.stop();
    for (const account of accounts) await account.remove();
  });

  it.each([
    ['allowed', 'sudo', '0\n'],
    ['root', 'root', '0\n'],
    ['plain', 'none', /^[1-9]\d*\n$/],
  ])('are those configured for %s', async (host, privilege, uid) => {
    const result = await ssh.read(host, script('id -u; exit 5'));
    expect(result.privilege).toBe(privilege);
    expect(result.stdout).toMatch(uid);
    expect(result.exitCode).toBe(5);
    expect(result.sudoRefused).toBeUndefined();
  });

  it('refused: the probe looks without them and says why', async () => {
    const result = await ssh.read('refused', script('cat; id -u'));
    expect(result.privilege).toBe('none');
    expect(result.stdout).toMatch(/^[1-9]\d*\n$/);
    expect(result.sudoRefused).toMatch(/^sudo: a password is required/);
  });

  it('refused: a change does not run at all', async () => {
    const error = await failureOf(ssh.change('refused', step(['touch', marker])));
    expect(error.code).toBe('SSH_UNREACHABLE');
    expect(error.context).toMatchObject({ host: 'refused', stage: 'sudo' });
    expect(error.message).toContain('a password is required');
    expect((await ssh.read('plain', probe(['test', '-e', marker]))).exitCode).toBe(1);
  });

  it('with sudo a signal, a time-out and stdin work as without', async () => {
    expect(await ssh.read('allowed', probe(COMMANDS.DIES))).toMatchObject({ signal: 'SIGKILL' });
    const stdin = 'x'.repeat(300_000);
    const echoed = await ssh.read('allowed', probe(['cat'], { stdin }));
    expect(echoed.stdout).toBe(stdin);
    const late = await ssh.read('allowed', probe(COMMANDS.HANGS, { timeoutSeconds: 1 }));
    expect(late).toMatchObject({ timedOut: true });
  });

  it('an account without a shell is named, with what it says', async () => {
    const error = await failureOf(ssh.read('closed', probe(['true'])));
    expect(error.context).toMatchObject({ stage: 'auth' });
    expect(error.message).toMatch(
      /does not run commands: "This account is currently not available/,
    );
  });
});

for (const name of SHELLS) {
  const shell = (await findProgram(name)) ?? '';
  if (shell === '') console.warn(`skipped: there is no ${name} on this machine`);
  describe.skipIf(noAccounts !== null || shell === '')(`a host whose /bin/sh is ${name}`, () => {
    let sshd: LocalSshd;
    let ssh: Ssh;
    beforeAll(async () => {
      const mount = 'mount --bind "$0" "$(readlink -f /bin/sh)" && exec "$@"';
      sshd = await startLocalSshd({ under: ['unshare', '--mount', 'bash', '-c', mount, shell] });
      ssh = sshTo([sshd.host('h')]);
    });
    afterAll(async () => {
      await ssh.close();
      await sshd.stop();
    });

    it('runs scripts with arguments, and kills at the limit with all children', async () => {
      const odd = ["a'b", '$(id)\n', '-x', '', '\\'];
      const result = await ssh.read('h', script('printf "[%s]" "$@"; cat /proc/$$/comm >&2', odd));
      expect(result.stdout).toBe(odd.map((one) => `[${one}]`).join(''));
      const tag = `${7000 + process.pid / 1e7}`;
      const children = script('sleep "$1" & setsid sleep "$1" & sleep "$1"', [tag], {
        timeoutSeconds: 1,
      });
      expect(await ssh.read('h', children)).toMatchObject({ timedOut: true });
      const left = await ssh.read('h', script('ps -ef | grep "[s]leep $1"', [tag]));
      expect(left.stdout).toBe('');
      expect(await ssh.change('h', step(['false']))).toMatchObject({ exitCode: 1 });
    });
  });
}
