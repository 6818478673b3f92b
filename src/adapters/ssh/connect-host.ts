import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ssh2';
import type { Host } from '../../core/fleet/host.ts';
import { dial, dialThrough } from './dial.ts';
import { DroppedBeforeBanner, handshake } from './handshake.ts';
import type { LoginsOf } from './identity.ts';
import { judgeHostKey, type KnownHosts, knownTypes, lookupNames } from './known-hosts.ts';
import { messageOf, unreachable } from './unreachable.ts';

export interface ConnectDeps {
  readonly logins: LoginsOf;
  readonly readKnownHosts: (file: string) => Promise<KnownHosts>;
  readonly keepaliveSeconds: number;
  /** Ends every connection, also those that are being made. */
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 150;

/** Connects and logs in, through the bastion when there is one. Throws SSH_UNREACHABLE. */
export async function connectHost(
  host: Host,
  bastion: Client | null,
  deps: ConnectDeps,
): Promise<Client> {
  const logins = await deps.logins(host);
  const known = await readKnownHosts(host, deps);
  const names = lookupNames(host);
  return retryDropped(host, deps.signal, async () => {
    const stream =
      bastion === null ? await dial(host, deps.signal) : await dialThrough(host, bastion);
    return handshake(host, {
      stream,
      logins,
      knownTypes: knownTypes(known, names),
      judge: (key) => {
        const verdict = judgeHostKey(known, names, key);
        if (verdict.trusted) return null;
        const { reason, detail } = verdict;
        return reason === 'unknown' || reason === 'changed' ? { reason, detail } : { detail };
      },
      keepaliveSeconds: deps.keepaliveSeconds,
    });
  });
}

export async function readKnownHosts(
  host: Host,
  deps: Pick<ConnectDeps, 'readKnownHosts'>,
): Promise<KnownHosts> {
  return deps.readKnownHosts(host.knownHostsFile).catch((error: unknown) => {
    const words = `${host.knownHostsFile} cannot be read (${messageOf(error)})`;
    throw unreachable(host, 'host-key', words, error);
  });
}

/** A server over its MaxStartups closes before its banner; it will have room again in a moment. */
export async function retryDropped<T>(
  host: Host,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + host.connectTimeoutSeconds * 1000;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DroppedBeforeBanner)) throw error;
      signal.throwIfAborted();
      const pause = FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 4) * (0.5 + Math.random());
      if (Date.now() + pause > deadline) {
        const said = error.message === '' ? '' : ` ("${error.message}")`;
        const words = `closed the connection ${tries} times before its SSH banner${said}; too many connections at once?`;
        throw unreachable(host, { stage: 'banner', reason: 'busy' }, words, error);
      }
      await sleep(pause);
    }
  }
}
