import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import type { Host } from '../../core/fleet/host.ts';
import { fingerprint } from './known-hosts.ts';
import { codeOf, unreachable } from './unreachable.ts';

/** One way to log in, and how to call it in an error (never a secret). */
export type Login =
  | { readonly type: 'publickey'; readonly key: ParsedKey; readonly label: string }
  | { readonly type: 'agent'; readonly agent: string; readonly label: string };

export type LoginsOf = (host: Host) => Promise<readonly Login[]>;

/** Logins of a host, in the order in which they are tried. A key file is read and decrypted once. */
export function createLogins(): LoginsOf {
  // Decrypting costs 270 ms of CPU; a changed file or passphrase is another entry.
  const keys = new Map<string, Promise<ParsedKey>>();
  const keyOf = async (host: Host, file: string): Promise<ParsedKey> => {
    const { mtimeMs, size } = await stat(file).catch((error: unknown) => {
      throw unreachable(host, 'auth', `the identity file ${file} ${readFailure(error)}`, error);
    });
    const secret = createHash('sha256')
      .update(host.passphrase ?? '')
      .digest('base64');
    const id = [file, mtimeMs, size, secret].join(' ');
    const known = keys.get(id);
    if (known !== undefined) return known;
    const parsed = parse(host, file);
    keys.set(id, parsed);
    parsed.catch(() => keys.delete(id));
    return parsed;
  };
  return async (host) => {
    const logins: Login[] = [];
    if (host.identityFile !== undefined) {
      try {
        const key = await keyOf(host, host.identityFile);
        const label = `${host.identityFile} ${key.type} ${fingerprint(key.getPublicSSH())}`;
        logins.push({ type: 'publickey', key, label });
      } catch (error) {
        // The usual reason for an unreadable key beside an agent: the agent holds it decrypted.
        if (host.agent === undefined) throw error;
      }
    }
    if (host.agent !== undefined) {
      logins.push({ type: 'agent', agent: host.agent, label: `the keys of agent ${host.agent}` });
    }
    if (logins.length > 0) return logins;
    throw unreachable(host, 'auth', 'neither identityFile nor agent is configured');
  };
}

async function parse(host: Host, file: string): Promise<ParsedKey> {
  const fail = (words: string, cause?: unknown): Error =>
    unreachable(host, 'auth', `the identity file ${file} ${words}`, cause);
  const text = await readFile(file).catch((error: unknown) => {
    throw fail(readFailure(error), error);
  });
  const parsed = ssh2.utils.parseKey(text, host.passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error || key === undefined) throw fail(parseFailure(host, key?.message ?? ''));
  if (!key.isPrivateKey()) throw fail('holds a public key, not a private one');
  return key;
}

function readFailure(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'does not exist';
  return code === 'EACCES' ? 'may not be read by this user' : `cannot be read (${code})`;
}

/** ssh2's words, made into what to do; they never hold key material. */
function parseFailure(host: Host, message: string): string {
  if (/no passphrase given/i.test(message)) return 'is encrypted, and no passphrase is configured';
  if (host.passphrase !== undefined && /passphrase|integrity|decrypt/i.test(message)) {
    return 'cannot be decrypted with the configured passphrase';
  }
  return 'is not a private key that this SSH client can read';
}
