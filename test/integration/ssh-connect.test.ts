import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendKnownHost } from '../../src/adapters/ssh/known-hosts-file.ts';
import type { Host } from '../../src/core/fleet/host.ts';
import { failureOf, probe, sshTo } from '../support/ssh-setup.ts';
import { type LocalSshd, startLocalSshd, whyNoSshd } from '../support/sshd.ts';

const noSshd = await whyNoSshd();
const TRUE = probe(['true']);

/** Runs `true` on one host of an inventory, then closes everything. */
async function tryHost(hosts: readonly Host[], name = hosts[0]?.name ?? '') {
  const ssh = sshTo(hosts);
  try {
    return await ssh.read(name, TRUE);
  } finally {
    await ssh.close();
  }
}
const failure = (hosts: readonly Host[], name?: string) => failureOf(tryHost(hosts, name));

async function listen(onConnection: (socket: Socket) => void): Promise<Server & { port: number }> {
  const server = createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

describe.skipIf(noSshd !== null)('connecting', () => {
  let sshd: LocalSshd;
  beforeAll(async () => {
    sshd = await startLocalSshd({ hostKeys: ['ed25519', 'rsa', 'ecdsa'] });
  });
  afterAll(() => sshd.stop());
  const file = (name: string): string => join(sshd.directory, name);
  const keyLine = async (type: string): Promise<string> => {
    const [kind, key] = (await readFile(file(`host_${type}.pub`), 'utf8')).split(' ');
    return `${kind} ${key}`;
  };
  const withKnown = async (name: string, text: string): Promise<Host> => {
    await writeFile(file(name), text);
    return sshd.host('h', { knownHostsFile: file(name) });
  };

  describe('stages', () => {
    it('name: not found', async () => {
      const error = await failure([sshd.host('h', { address: 'no-such-name.invalid' })]);
      expect(error.code).toBe('SSH_UNREACHABLE');
      expect(error.context['stage']).toBe('name');
      expect(error.message).toMatch(/^ssh h \(no-such-name\.invalid:\d+\): /);
    });

    it('refused: nothing listens', async () => {
      const error = await failure([sshd.host('h', { port: 1 })]);
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
        const error = await failure([sshd.host('h', { port, connectTimeoutSeconds: 1 })]);
        expect(error.context['stage']).toBe('timeout');
        expect(error.message).toBe(`ssh h (127.0.0.1:${port}): no answer in 1 s`);
      } finally {
        for (const socket of fill) socket.destroy();
        stuck.kill('SIGKILL');
      }
    });

    it('banner: TCP connects and nothing is said', async () => {
      const server = await listen(() => {});
      const error = await failure([
        sshd.host('h', { port: server.port, connectTimeoutSeconds: 1 }),
      ]);
      server.close();
      expect(error.context['stage']).toBe('banner');
      expect(error.message).toContain('connected, but no SSH banner in 1 s');
    });

    it('banner: it is not an SSH server', async () => {
      const server = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      const error = await failure([sshd.host('h', { port: server.port })]);
      server.close();
      expect(error.context['stage']).toBe('banner');
      expect(error.message).toContain('HTTP/1.1 400 Bad Request');
    });

    it('timeout: the key exchange hangs', async () => {
      const server = await listen((socket) => socket.write('SSH-2.0-Stuck\r\n'));
      const error = await failure([
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
      const error = await failure([odd.host('h')]);
      await odd.stop();
      expect(error.context['stage']).toBe('banner');
      expect(error.message).toContain('key exchanges');
      expect(error.message).toContain('sntrup761x25519-sha512@openssh.com');
    });

    it('auth: the key is not accepted', async () => {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file('stranger')]);
      const error = await failure([sshd.host('h', { identityFile: file('stranger') })]);
      expect(error.context['stage']).toBe('auth');
      expect(error.message).toMatch(/permission denied for .* with .*stranger ssh-ed25519 SHA256:/);
      expect(error.message).toContain('it accepts publickey');
    });

    it('auth: the account does not exist', async () => {
      const error = await failure([sshd.host('h', { user: 'nobody-knows-me' })]);
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
      const error = await failure([
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

  describe('host keys', () => {
    it('unknown: refused, with the fingerprint and what to do', async () => {
      const error = await failure([await withKnown('empty', '')]);
      expect(error.context['stage']).toBe('host-key');
      expect(error.message).toMatch(/ssh-ed25519 SHA256:\S+ is not in .*--accept-new-host-keys/);
    });

    it('another key than the pinned one: refused', async () => {
      const wrong = (await readFile(`${sshd.identityFile}.pub`, 'utf8')).split(' ').slice(0, 2);
      const error = await failure([await withKnown('wrong', `127.0.0.1 ${wrong.join(' ')}\n`)]);
      expect(error.context['stage']).toBe('host-key');
      expect(error.message).toContain(`${file('wrong')}:1 has ssh-ed25519 SHA256:`);
    });

    it('hashed: accepted', async () => {
      const line = `[127.0.0.1]:${sshd.port} ${await keyLine('ed25519')}\n`;
      const host = await withKnown('hashed', line);
      execFileSync('ssh-keygen', ['-H', '-f', host.knownHostsFile], { stdio: 'ignore' });
      expect(await readFile(host.knownHostsFile, 'utf8')).toMatch(/^\|1\|/);
      expect(await tryHost([host])).toMatchObject({ exitCode: 0 });
    });

    it('under the inventory name instead of the address: accepted', async () => {
      const host = await withKnown('by-name', `h ${await keyLine('ed25519')}\n`);
      expect(await tryHost([host])).toMatchObject({ exitCode: 0 });
    });

    it.each(['rsa', 'ecdsa'])('only the %s key known: that one is asked for', async (type) => {
      const host = await withKnown(type, `127.0.0.1 ${await keyLine(type)}\n`);
      expect(await tryHost([host])).toMatchObject({ exitCode: 0 });
    });

    it('revoked: refused although it is pinned', async () => {
      const key = await keyLine('ed25519');
      const error = await failure([await withKnown('revoked', `h ${key}\n@revoked * ${key}\n`)]);
      expect(error.context['stage']).toBe('host-key');
      expect(error.message).toContain('revoked');
    });

    it('a certificate authority: refused, saying that certificates are not supported', async () => {
      const host = await withKnown('authority', `@cert-authority * ${await keyLine('rsa')}\n`);
      const error = await failure([host]);
      expect(error.context['stage']).toBe('host-key');
      expect(error.message).toContain('certificates are not supported');
    });

    it('a file that cannot be read trusts nobody', async () => {
      const error = await failure([sshd.host('h', { knownHostsFile: sshd.directory })]);
      expect(error.context['stage']).toBe('host-key');
    });

    it('are scanned without trusting, recorded, and then trusted without a restart', async () => {
      const host = sshd.host('h', { knownHostsFile: file('first-sight') });
      const ssh = sshTo([host]);
      expect((await failureOf(ssh.read('h', TRUE))).context['stage']).toBe('host-key');
      const seen = await ssh.scanHostKey('h');
      const printed = execFileSync('ssh-keygen', ['-l', '-f', file('host_ed25519.pub')]).toString();
      expect(printed).toContain(seen.fingerprint);
      expect(seen).toMatchObject({ host: 'h', type: 'ssh-ed25519', verdict: 'unknown' });
      await appendKnownHost(seen.knownHostsFile, seen.line);
      expect((await ssh.scanHostKey('h')).verdict).toBe('trusted');
      expect(await ssh.read('h', TRUE)).toMatchObject({ exitCode: 0 });
      await ssh.close();
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

      const missing = await failure([sshd.host('h', { identityFile })]);
      expect(missing.context['stage']).toBe('auth');
      expect(missing.message).toContain('is encrypted, and no passphrase is configured');
      const wrong = await failure([sshd.host('h', { identityFile, passphrase: 'hunter2' })]);
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
      const error = await failure([
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
      const error = await failure([{ ...bare, agent: file('no-agent') }]);
      expect(error.context['stage']).toBe('auth');
      expect(error.message).toContain('Failed to connect to agent');
      const { agent: _none, ...nothing } = bare;
      expect((await failure([nothing])).message).toContain('neither identityFile nor agent');
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

describe.skipIf(noSshd !== null)('through bastions', () => {
  let bastion: LocalSshd;
  let inner: LocalSshd;
  beforeAll(async () => {
    // No session at all: a bastion forwards and never gets a shell.
    bastion = await startLocalSshd({ config: ['MaxSessions 0'] });
    inner = await startLocalSshd();
  });
  afterAll(async () => {
    await bastion.stop();
    await inner.stop();
  });

  it('runs behind one and behind a chain, without a session on any', async () => {
    const hosts = [
      bastion.host('outer'),
      bastion.host('middle', { via: 'outer' }),
      inner.host('one', { via: 'outer' }),
      inner.host('two', { via: 'middle' }),
    ];
    const ssh = sshTo(hosts);
    for (const name of ['one', 'two']) expect((await ssh.read(name, TRUE)).exitCode).toBe(0);
    expect(await ssh.check('two')).toMatchObject({ via: ['middle', 'outer'] });
    expect((await ssh.scanHostKey('one')).verdict).toBe('trusted');
    await ssh.close();
    expect(await bastion.connections()).toBeDefined();
  });

  it('verifies the key of the bastion and the key behind it', async () => {
    const nobody = { knownHostsFile: '/dev/null' };
    const outside = await failure(
      [inner.host('one', { via: 'outer' }), bastion.host('outer', nobody)],
      'one',
    );
    expect(outside.context).toMatchObject({ host: 'one', bastion: 'outer', stage: 'host-key' });
    const inside = await failure(
      [inner.host('one', { via: 'outer', ...nobody }), bastion.host('outer')],
      'one',
    );
    expect(inside.context).toMatchObject({ host: 'one', stage: 'host-key' });
    expect(inside.context['bastion']).toBeUndefined();
  });

  it('names the bastion when it is the one that fails', async () => {
    const error = await failure(
      [inner.host('one', { via: 'outer' }), bastion.host('outer', { port: 1 })],
      'one',
    );
    expect(error.context).toMatchObject({ host: 'one', bastion: 'outer', stage: 'refused' });
    expect(error.message).toContain('ssh outer (127.0.0.1:1): connection refused');
    expect(error.message).toMatch(/^ssh one /);
  });

  it('says what the bastion says of a host that it does not reach', async () => {
    const error = await failure(
      [inner.host('one', { via: 'outer', port: 1 }), bastion.host('outer')],
      'one',
    );
    expect(error.context).toMatchObject({ host: 'one', stage: 'refused' });
    expect(error.message).toContain('connection refused, says its bastion outer');
    const closed = await startLocalSshd({ config: ['AllowTcpForwarding no'] });
    const forbidden = await failure(
      [inner.host('one', { via: 'outer' }), closed.host('outer')],
      'one',
    );
    await closed.stop();
    expect(forbidden.context['stage']).toBe('route');
    expect(forbidden.message).toContain('forwarding is not allowed');
  });

  it('closes the bastion only when nothing behind it needs it any more', async () => {
    const ssh = sshTo([bastion.host('outer'), inner.host('one', { via: 'outer' })], {
      idleSeconds: 0.3,
    });
    await ssh.read('one', TRUE);
    await sleep(200);
    await ssh.read('one', TRUE);
    await expect
      .poll(() => ssh.lines.filter((line) => line.startsWith('ssh connection ended')), {
        timeout: 5000,
      })
      .toEqual([
        expect.stringContaining('"host":"one"'),
        expect.stringContaining('"host":"outer"'),
      ]);
    await ssh.close();
  });

  it('is connected once for many hosts that are asked at the same time', async () => {
    const names = Array.from({ length: 10 }, (_, i) => `n${i}`);
    const ssh = sshTo([
      bastion.host('outer'),
      ...names.map((name) => inner.host(name, { via: 'outer' })),
    ]);
    await Promise.all(names.map((name) => ssh.read(name, TRUE)));
    const outer = ssh.lines.filter((line) => line.includes('"host":"outer"'));
    expect(outer).toHaveLength(1);
    await ssh.close();
  });
});
