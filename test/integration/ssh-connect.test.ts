import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureAt, failureOf, probe, sshTo, tryHost } from '../support/ssh-setup.ts';
import { type LocalSshd, startLocalSshd, whyNoSshd } from '../support/sshd.ts';

const noSshd = await whyNoSshd();
const TRUE = probe(['true']);

async function listen(onConnection: (socket: Socket) => void): Promise<Server & { port: number }> {
  const server = createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

describe.skipIf(noSshd !== null)('connecting', () => {
  let sshd: LocalSshd;
  beforeAll(async () => {
    sshd = await startLocalSshd();
  });
  afterAll(() => sshd.stop());
  const file = (name: string): string => join(sshd.directory, name);

  describe('stages', () => {
    it('name: not found', async () => {
      const error = await failureAt([sshd.host('h', { address: 'no-such-name.invalid' })]);
      expect(error.code).toBe('SSH_UNREACHABLE');
      expect(error.context['stage']).toBe('name');
      expect(error.message).toMatch(/^ssh h \(no-such-name\.invalid:\d+\): /);
    });

    it('refused: nothing listens', async () => {
      const error = await failureAt([sshd.host('h', { port: 1 })]);
      expect(error.context).toMatchObject({ host: 'h', stage: 'refused' });
      expect(error.message).toBe('ssh h (127.0.0.1:1): connection refused');
    });

    it('timeout: packets are dropped', async () => {
      // A listener that is stopped and whose queue is full: the kernel drops every further SYN.
      const code = `const s=require('net').createServer();s.listen({port:0,host:'127.0.0.1',backlog:1},()=>console.log(s.address().port))`;
      const stuck = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
      const [chunk] = await once(stuck.stdout, 'data');
      const port = Number(String(chunk));
      stuck.kill('SIGSTOP');
      const fill = Array.from({ length: 4 }, () =>
        connect(port, '127.0.0.1').on('error', () => {}),
      );
      try {
        await sleep(100);
        const error = await failureAt([sshd.host('h', { port, connectTimeoutSeconds: 1 })]);
        expect(error.context['stage']).toBe('timeout');
        expect(error.message).toBe(`ssh h (127.0.0.1:${port}): no answer in 1 s`);
      } finally {
        for (const socket of fill) socket.destroy();
        stuck.kill('SIGKILL');
      }
    });

    it('banner: TCP connects and nothing is said', async () => {
      const server = await listen(() => {});
      const error = await failureAt([
        sshd.host('h', { port: server.port, connectTimeoutSeconds: 1 }),
      ]);
      server.close();
      expect(error.context['stage']).toBe('banner');
      expect(error.message).toContain('connected, but no SSH banner in 1 s');
    });

    it('banner: it is not an SSH server', async () => {
      const server = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      const error = await failureAt([sshd.host('h', { port: server.port })]);
      server.close();
      expect(error.context['stage']).toBe('banner');
      expect(error.message).toContain('HTTP/1.1 400 Bad Request');
    });

    it('timeout: the key exchange hangs', async () => {
      const server = await listen((socket) => socket.write('SSH-2.0-Stuck\r\n'));
      const error = await failureAt([
        sshd.host('h', { port: server.port, connectTimeoutSeconds: 1 }),
      ]);
      server.close();
      expect(error.context['stage']).toBe('timeout');
      expect(error.message).toContain('the key exchange did not finish in 1 s');
    });

    it('banner: only algorithms that we do not have', async () => {
      const odd = await startLocalSshd({
        config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'],
      });
      const error = await failureAt([odd.host('h')]);
      await odd.stop();
      expect(error.context['stage']).toBe('banner');
      expect(error.message).toContain('key exchanges');
      expect(error.message).toContain('sntrup761x25519-sha512@openssh.com');
    });

    it('auth: the key is not accepted', async () => {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file('stranger')]);
      const error = await failureAt([sshd.host('h', { identityFile: file('stranger') })]);
      expect(error.context['stage']).toBe('auth');
      expect(error.message).toMatch(/permission denied for .* with .*stranger ssh-ed25519 SHA256:/);
      expect(error.message).toContain('it accepts publickey');
    });

    it('auth: the account does not exist', async () => {
      const error = await failureAt([sshd.host('h', { user: 'nobody-knows-me' })]);
      expect(error.context['stage']).toBe('auth');
      expect(error.message).toContain('permission denied for nobody-knows-me');
    });

    it('a server over its MaxStartups is asked again', async () => {
      const busy = await startLocalSshd({ config: ['MaxStartups 1:100:1'] });
      const first = connect(busy.port, '127.0.0.1').on('error', () => {});
      await once(first, 'data');
      setTimeout(() => first.destroy(), 600);
      expect(await tryHost([busy.host('h')])).toMatchObject({ exitCode: 0 });
      await busy.stop();
    });

    it('a server that drops every connection is given up in time', async () => {
      const server = await listen((socket) => socket.end('Exceeded MaxStartups\r\n'));
      const error = await failureAt([
        sshd.host('h', { port: server.port, connectTimeoutSeconds: 1 }),
      ]);
      server.close();
      expect(error.context['stage']).toBe('banner');
      expect(error.message).toMatch(/closed the connection [2-9] times .*Exceeded MaxStartups/);
    });

    it('an abort ends the waiting, a shutdown too', async () => {
      const server = await listen(() => {});
      const ssh = sshTo([sshd.host('h', { port: server.port })]);
      const signal = AbortSignal.timeout(50);
      expect((await failureOf(ssh.read('h', TRUE, { signal }))).code).toBe('CANCELLED');
      const waiting = failureOf(ssh.read('h', TRUE));
      await ssh.close();
      expect((await waiting).code).toBe('CANCELLED');
      expect((await failureOf(ssh.read('h', TRUE))).code).toBe('CANCELLED');
      server.close();
    });
  });

  describe('logins', () => {
    it('with an encrypted key, decrypted once for many connections', async () => {
      const identityFile = file('encrypted');
      const make = ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', identityFile];
      execFileSync('ssh-keygen', make);
      await appendFile(sshd.authorizedKeysFile, await readFile(`${identityFile}.pub`));
      const passphrase = 'open sesame';
      const names = ['a', 'b', 'c', 'd'];
      const ssh = sshTo(names.map((name) => sshd.host(name, { identityFile, passphrase })));
      for (const name of names) expect((await ssh.read(name, TRUE)).exitCode).toBe(0);
      await ssh.close();

      const missing = await failureAt([sshd.host('h', { identityFile })]);
      expect(missing.context['stage']).toBe('auth');
      expect(missing.message).toContain('is encrypted, and no passphrase is configured');
      const wrong = await failureAt([sshd.host('h', { identityFile, passphrase: 'hunter2' })]);
      expect(wrong.context['stage']).toBe('auth');
      expect(wrong.message).toContain('cannot be decrypted with the configured passphrase');
      expect(JSON.stringify([wrong, wrong.message, wrong.context])).not.toContain('hunter2');
    });

    it('with an RSA key', async () => {
      const identityFile = file('rsa-login');
      execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-N', '', '-f', identityFile]);
      await appendFile(sshd.authorizedKeysFile, await readFile(`${identityFile}.pub`));
      expect(await tryHost([sshd.host('h', { identityFile })])).toMatchObject({ exitCode: 0 });
    });

    it.each([
      ['nothing', { identityFile: '/no/such/key' }, 'does not exist'],
      ['a public key', {}, 'holds a public key'],
      ['no key at all', {}, 'is not a private key'],
    ])('%s in the identity file is said', async (what, overrides, words) => {
      await writeFile(file('junk'), 'junk');
      const path = { 'a public key': `${sshd.identityFile}.pub`, 'no key at all': file('junk') }[
        what
      ];
      const error = await failureAt([
        sshd.host('h', { ...overrides, ...(path === undefined ? {} : { identityFile: path }) }),
      ]);
      expect(error.context['stage']).toBe('auth');
      expect(error.message).toContain(words);
    });

    it('with an agent, and says so when it is not there', async () => {
      const agent = file('agent');
      const running = spawn('ssh-agent', ['-D', '-a', agent], { stdio: 'ignore' });
      await copyFile(sshd.identityFile, file('for-agent'));
      await chmod(file('for-agent'), 0o600);
      const env = { ...process.env, SSH_AUTH_SOCK: agent };
      const { identityFile: _dropped, ...bare } = sshd.host('h', { agent });
      try {
        await expect
          .poll(() => {
            execFileSync('ssh-add', ['-q', file('for-agent')], { env, stdio: 'ignore' });
            return true;
          })
          .toBe(true);
        expect(await tryHost([bare])).toMatchObject({ exitCode: 0 });
        const encrypted = { ...bare, identityFile: file('encrypted') };
        expect(await tryHost([encrypted])).toMatchObject({ exitCode: 0 });
      } finally {
        running.kill('SIGKILL');
      }
      const error = await failureAt([{ ...bare, agent: file('no-agent') }]);
      expect(error.context['stage']).toBe('auth');
      expect(error.message).toContain('Failed to connect to agent');
      const { agent: _none, ...nothing } = bare;
      expect((await failureAt([nothing])).message).toContain('neither identityFile nor agent');
    });

    it('puts no secret into the log', async () => {
      const ssh = sshTo([sshd.host('h', { passphrase: 'open sesame' })]);
      await ssh.read('h', TRUE);
      await ssh.close();
      expect(ssh.lines.length).toBeGreaterThan(0);
      expect(ssh.lines.join('\n')).not.toMatch(/sesame|PRIVATE KEY/);
    });
  });
});
