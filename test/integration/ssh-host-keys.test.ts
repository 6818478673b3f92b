import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendKnownHost } from '../../src/adapters/ssh/known-hosts-file.ts';
import type { Host } from '../../src/core/fleet/host.ts';
import { failureAt, failureOf, probe, sshTo, tryHost } from '../support/ssh-setup.ts';
import { type LocalSshd, startLocalSshd, whyNoSshd } from '../support/sshd.ts';

const noSshd = await whyNoSshd();
const TRUE = probe(['true']);

describe.skipIf(noSshd !== null)('host keys', () => {
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

  it('unknown: refused, with the fingerprint and what to do', async () => {
    const error = await failureAt([await withKnown('empty', '')]);
    expect(error.context['stage']).toBe('host-key');
    expect(error.message).toMatch(/ssh-ed25519 SHA256:\S+ is not in .*--accept-new-host-keys/);
  });

  it('another key than the pinned one: refused', async () => {
    const wrong = (await readFile(`${sshd.identityFile}.pub`, 'utf8')).split(' ').slice(0, 2);
    const error = await failureAt([await withKnown('wrong', `127.0.0.1 ${wrong.join(' ')}\n`)]);
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
    const error = await failureAt([await withKnown('revoked', `h ${key}\n@revoked * ${key}\n`)]);
    expect(error.context['stage']).toBe('host-key');
    expect(error.message).toContain('revoked');
  });

  it('a certificate authority: refused, saying that certificates are not supported', async () => {
    const host = await withKnown('authority', `@cert-authority * ${await keyLine('rsa')}\n`);
    const error = await failureAt([host]);
    expect(error.context['stage']).toBe('host-key');
    expect(error.message).toContain('certificates are not supported');
  });

  it('a file that cannot be read trusts nobody', async () => {
    const error = await failureAt([sshd.host('h', { knownHostsFile: sshd.directory })]);
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
