import ssh2, { type Client } from 'ssh2';
import type { Host } from '../../core/fleet/host.ts';
import { algorithmsFor } from './algorithms.ts';
import { type ConnectDeps, readKnownHosts, retryDropped } from './connect-host.ts';
import { dial, dialThrough, within } from './dial.ts';
import { DroppedBeforeBanner } from './handshake.ts';
import { fingerprint, judgeHostKey, keyType, lookupNames } from './known-hosts.ts';
import { messageOf, unreachable } from './unreachable.ts';

/** A host key as offered now. Nothing is trusted by having looked. */
export interface ScannedHostKey {
  readonly host: string;
  readonly type: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** What to append to the known hosts file once a person has agreed. */
  readonly line: string;
  readonly knownHostsFile: string;
  /** Only `unknown` may be recorded: every other refusal is for a person to look into. */
  readonly verdict: 'trusted' | 'unknown' | 'changed' | 'revoked' | 'certificate' | 'unreadable';
  /** Why it is not trusted, in words. */
  readonly detail: string;
}

/** Looks at the key that a host offers and breaks off before anything secret is said. */
export async function scanHostKey(
  host: Host,
  bastion: Client | null,
  deps: Pick<ConnectDeps, 'readKnownHosts' | 'signal'>,
): Promise<ScannedHostKey> {
  const known = await readKnownHosts(host, deps);
  const key = await retryDropped(host, deps.signal, () => offeredKey(host, bastion, deps.signal));
  const verdict = judgeHostKey(known, lookupNames(host), key);
  const name = host.port === 22 ? host.address : `[${host.address}]:${host.port}`;
  return {
    host: host.name,
    type: keyType(key),
    fingerprint: fingerprint(key),
    line: `${name} ${keyType(key)} ${key.toString('base64')}`,
    knownHostsFile: host.knownHostsFile,
    verdict: verdict.trusted ? 'trusted' : verdict.reason,
    detail: verdict.trusted ? '' : verdict.detail,
  };
}

async function offeredKey(
  host: Host,
  bastion: Client | null,
  signal: AbortSignal,
): Promise<Buffer> {
  const sock = bastion === null ? await dial(host, signal) : await dialThrough(host, bastion);
  const client = new ssh2.Client();
  try {
    return await within<Buffer>(host, 'banner', 'no host key', (settle, fail) => {
      client.on('error', (error) => {
        const dropped = messageOf(error) === 'Connection lost before handshake';
        const words = `the key exchange failed (${messageOf(error)})`;
        fail(dropped ? new DroppedBeforeBanner() : unreachable(host, 'banner', words, error));
      });
      client.connect({
        sock,
        username: host.user,
        authHandler: [],
        algorithms: algorithmsFor([]),
        readyTimeout: 0,
        hostVerifier: (key: Buffer): boolean => {
          settle(key);
          return false;
        },
      });
    });
  } finally {
    client.destroy();
    sock.destroy();
  }
}
