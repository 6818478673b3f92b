import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  fingerprint,
  judgeHostKey,
  keyType,
  knownTypes,
  lookupNames,
  parseKnownHosts,
} from '../../../src/adapters/ssh/known-hosts.ts';
import {
  appendKnownHost,
  createKnownHostsReader,
} from '../../../src/adapters/ssh/known-hosts-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'housecall-known-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A key blob of a type, as it stands in the file. */
function blob(type: string, filler: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from(filler)]);
}
const ED = blob('ssh-ed25519', 'right key');
const OTHER = blob('ssh-ed25519', 'other key');
const RSA = blob('ssh-rsa', 'rsa key');
const line = (names: string, key: Buffer): string =>
  `${names} ${keyType(key)} ${key.toString('base64')}`;

function verdict(text: string, names: readonly string[], key = ED): string {
  const judged = judgeHostKey(parseKnownHosts('known_hosts', text), names, key);
  return judged.trusted ? 'trusted' : judged.reason;
}

describe('known hosts', () => {
  it.each([
    ['a plain name', 'host-17', ['host-17'], 'trusted'],
    ['one of a comma list', 'web,host-17,10.0.0.17', ['10.0.0.17'], 'trusted'],
    ['a name in other letters', 'Host-17', ['host-17'], 'trusted'],
    ['a wildcard', '*.example.org', ['a.example.org'], 'trusted'],
    ['a wildcard that does not reach', '*.example.org', ['example.org'], 'unknown'],
    ['one character', 'host-1?', ['host-17'], 'trusted'],
    ['two for one character', 'host-1?', ['host-171'], 'unknown'],
    ['a negated name', '*.example.org,!bad.example.org', ['bad.example.org'], 'unknown'],
    ['a negation before', '!bad.example.org,*.example.org', ['bad.example.org'], 'unknown'],
    ['only a negation', '!bad', ['good'], 'unknown'],
    ['a port', '[host-17]:2222', ['[host-17]:2222'], 'trusted'],
    ['another port', '[host-17]:2223', ['[host-17]:2222'], 'unknown'],
    ['a part of a name', 'host-1', ['host-17'], 'unknown'],
    ['regular expression signs', 'host.17', ['host-17'], 'unknown'],
  ])('matches %s', (_what, names, wanted, expected) => {
    expect(verdict(line(names, ED), wanted)).toBe(expected);
  });

  it('asks for the address and the name, and falls back to the entry without a port', () => {
    expect(lookupNames({ name: 'host-17', address: '10.0.0.17', port: 22 })).toEqual([
      '10.0.0.17',
      'host-17',
    ]);
    expect(lookupNames({ name: 'h', address: 'h', port: 2222 })).toEqual(['[h]:2222', 'h']);
  });

  it('accepts any of several keys of a host', () => {
    const text = `${line('h', OTHER)}\n${line('h', RSA)}\n${line('h', ED)}\n`;
    expect(verdict(text, ['h'])).toBe('trusted');
    expect(verdict(text, ['h'], RSA)).toBe('trusted');
    expect(knownTypes(parseKnownHosts('f', text), ['h'])).toEqual([
      'ssh-ed25519',
      'ssh-rsa',
      'ssh-ed25519',
    ]);
  });

  it('says changed, with both fingerprints and the line, when another key is pinned', () => {
    const known = parseKnownHosts('/k', `\n${line('h', OTHER)}`);
    const judged = judgeHostKey(known, ['h'], ED);
    expect(judged).toMatchObject({ trusted: false, reason: 'changed' });
    const detail = judged.trusted ? '' : judged.detail;
    expect(detail).toContain(fingerprint(ED));
    expect(detail).toContain(fingerprint(OTHER));
    expect(detail).toContain('/k:2');
  });

  it('refuses a revoked key even when it is pinned too', () => {
    const text = `${line('h', ED)}\n@revoked ${line('*', ED)}`;
    expect(verdict(text, ['h'])).toBe('revoked');
    expect(verdict(text.replace('@revoked *', '@revoked other'), ['h'])).toBe('trusted');
  });

  it('does not take a certificate authority for a host key', () => {
    const text = `@cert-authority ${line('*.example.org', ED)}`;
    expect(verdict(text, ['a.example.org'])).toBe('certificate');
    expect(verdict(`${text}\n${line('a.example.org', ED)}`, ['a.example.org'])).toBe('trusted');
  });

  it('trusts nobody while a line with a marker cannot be understood', () => {
    const pinned = line('h', ED);
    expect(verdict(`${pinned}\n@revoked h ssh-ed25519 damaged!`, ['h'])).toBe('unreadable');
    expect(verdict(`${pinned}\n@future ${line('h', OTHER)}`, ['h'])).toBe('unreadable');
  });

  it('passes over comments, blank and damaged lines', () => {
    const text = ['# comment', '', 'h ssh-ed25519', `h ssh-rsa ${ED.toString('base64')}`, 'x'];
    expect(verdict([...text, line('h', ED), ''].join('\r\n'), ['h'])).toBe('trusted');
    expect(verdict(text.join('\n'), ['h'])).toBe('unknown');
  });

  it('reads what ssh-keygen has hashed, and no other name in it', () => {
    const file = join(folder, 'hashed');
    writeFileSync(file, `${line('host-17', ED)}\n${line('[host-18]:2222', ED)}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('host-1');
    expect(verdict(text, ['host-17'])).toBe('trusted');
    expect(verdict(text, ['[host-18]:2222'])).toBe('trusted');
    expect(verdict(text, ['host-18', 'host-1', '*'])).toBe('unknown');
  });

  it('never throws and never trusts on any text that does not hold the key', () => {
    const words = fc.constantFrom('h', '*', '!h', '|1|a|b', '@revoked', '@cert-authority', ' ');
    const anything = fc
      .array(fc.oneof(words, fc.string(), fc.constant('\n')))
      .map((w) => w.join(' '));
    fc.assert(
      fc.property(anything, (text) => {
        expect(verdict(text, ['h'])).not.toBe('trusted');
      }),
    );
  });

  it('comes back from a hostile pattern', () => {
    const pattern = `${'*a'.repeat(2000)}b`;
    expect(verdict(line(pattern, ED), ['a'.repeat(2000)])).toBe('unknown');
  });

  it('reads the file again once it changed, and an absent file knows nobody', async () => {
    const read = createKnownHostsReader();
    const file = join(folder, 'new', 'known_hosts');
    expect((await read(file)).lines).toEqual([]);
    await appendKnownHost(file, line('h', OTHER));
    expect((await read(file)).lines).toHaveLength(1);
    writeFileSync(file, line('h', ED));
    await appendKnownHost(file, line('i', ED));
    const known = await read(file);
    expect(known.lines.map((one) => one.patterns)).toEqual([['h'], ['i']]);
    expect(judgeHostKey(known, ['h'], ED).trusted).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await read(file)).toBe(known);
  });

  it('refuses to append more than one line', async () => {
    await expect(appendKnownHost(join(folder, 'x'), 'a\nb')).rejects.toThrow(RangeError);
  });
});
