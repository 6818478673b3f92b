import { lookup } from 'node:dns/promises';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { HousecallError } from '../../core/errors.ts';
import type { ConnectStage } from '../../core/finding.ts';
import type { Host } from '../../core/fleet/host.ts';
import { codeOf, messageOf, unreachable } from './unreachable.ts';

/** A TCP connection to the host's port, straight from here. Name and connect each have the host's time limit. */
export async function dial(host: Host, signal: AbortSignal): Promise<Socket> {
  const addresses = await addressesOf(host);
  const socket = connect({
    host: host.address,
    port: host.port,
    // Without it every answer waits for a delayed acknowledgement (40 ms).
    noDelay: true,
    signal,
    // Already resolved: the name's own time limit and stage ended above.
    lookup: answerWith(addresses),
  });
  try {
    await within(host, 'timeout', 'no answer', (settle, fail) => {
      socket.once('connect', () => settle(undefined));
      socket.once('error', fail);
    });
  } catch (error) {
    socket.destroy();
    throw describe(host, error);
  }
  return socket;
}

/** The same through a bastion that is already connected and verified. */
export async function dialThrough(host: Host, bastion: Client): Promise<Duplex> {
  try {
    return await within<ClientChannel>(host, 'timeout', 'no answer', (settle, fail) => {
      bastion.forwardOut('127.0.0.1', 0, host.address, host.port, (error, channel) => {
        if (error) fail(error);
        else settle(channel);
      });
    });
  } catch (error) {
    throw describeForward(host, error);
  }
}

interface Address {
  readonly address: string;
  readonly family: number;
}

async function addressesOf(host: Host): Promise<readonly Address[]> {
  const family = isIP(host.address);
  if (family !== 0) return [{ address: host.address, family }];
  try {
    return await within(host, 'name', 'the name server did not answer', (settle, fail) => {
      lookup(host.address, { all: true }).then(settle, fail);
    });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTFOUND') throw unreachable(host, 'name', 'name not found', error);
    if (code === 'EAI_AGAIN') throw unreachable(host, 'name', 'the name server failed', error);
    throw error;
  }
}

function answerWith(addresses: readonly Address[]): LookupFunction {
  return (_name, options, done) => {
    const first = addresses[0];
    if (options.all) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };
}

/** Runs one stage under the host's time limit; the stage that hangs is the one that is named. */
export function within<T>(
  host: Host,
  stage: ConnectStage,
  words: string,
  start: (settle: (value: T) => void, fail: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const seconds = host.connectTimeoutSeconds;
    const timer = setTimeout(() => {
      reject(unreachable(host, stage, `${words} in ${seconds} s`));
    }, seconds * 1000);
    start(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

function describe(host: Host, error: unknown): unknown {
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return unreachable(host, 'refused', 'connection refused', error);
    case 'ECONNRESET':
      return unreachable(host, { stage: 'refused', reason: 'reset' }, 'connection reset', error);
    case 'ETIMEDOUT':
      return unreachable(host, 'timeout', 'no answer', error);
    case 'EHOSTUNREACH':
      return unreachable(host, 'route', 'no route to host', error);
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return unreachable(host, 'route', 'network is unreachable', error);
    case 'EACCES':
    case 'EPERM':
      return unreachable(host, 'route', 'a local firewall forbids the connection', error);
    case 'SSH_UNREACHABLE':
      return error;
    default:
      return unreachable(host, 'route', `cannot connect (${messageOf(error)})`, error);
  }
}

/** What the bastion says when it cannot reach the host (RFC 4254, 5.1, and OpenSSH's words). */
function describeForward(host: Host, error: unknown): unknown {
  if (codeOf(error) === 'SSH_UNREACHABLE') return error;
  const said = messageOf(error).replace(/^\(SSH\) Channel open failure: /, '');
  const at = (stage: ConnectStage, words: string): HousecallError =>
    unreachable(host, stage, `${words}, says its bastion ${host.via}`, error);
  if (/refused/i.test(said)) return at('refused', 'connection refused');
  if (/timed out/i.test(said)) return at('timeout', 'no answer');
  if (/name|resolv/i.test(said)) return at('name', 'name not found');
  // Reason 1, administratively prohibited: AllowTcpForwarding or PermitOpen.
  const prohibited = error instanceof Error && 'reason' in error && error.reason === 1;
  if (prohibited) return at('route', 'forwarding is not allowed');
  return at('route', said === '' ? 'no route to host' : said.slice(0, 200));
}
