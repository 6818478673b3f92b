import type { Duplex } from 'node:stream';
import ssh2, { type AnyAuthMethod, type Client, type ConnectConfig } from 'ssh2';
import type { HousecallError } from '../../core/errors.ts';
import type { ConnectReason } from '../../core/finding.ts';
import type { Host } from '../../core/fleet/host.ts';
import { algorithmsFor, mismatch } from './algorithms.ts';
import { createGreeting } from './greeting.ts';
import type { Login } from './identity.ts';
import { strictVerifier } from './strict-verifier.ts';
import { type Failure, messageOf, unreachable } from './unreachable.ts';

export interface HandshakeOptions {
  readonly stream: Duplex;
  readonly logins: readonly Login[];
  readonly knownTypes: readonly string[];
  /** Null: trusted. */
  readonly judge: (key: Buffer) => KeyRefusal | null;
  readonly keepaliveSeconds: number;
}

/** Why a host key is not trusted, in words. */
export interface KeyRefusal {
  readonly detail: string;
  readonly reason?: Extract<ConnectReason, 'unknown' | 'changed'>;
}

/** The server closed before it said who it is: it was too busy (MaxStartups), so try again. */
export class DroppedBeforeBanner extends Error {}

const PHASES = {
  banner: [{ stage: 'banner', reason: 'silent' }, 'connected, but no SSH banner'],
  keys: [{ stage: 'timeout', reason: 'stuck' }, 'the key exchange did not finish'],
  login: [{ stage: 'auth', reason: 'stuck' }, 'the login did not finish'],
} as const satisfies Record<string, readonly [Failure, string]>;

/**
 * From a connected stream to a client that is logged in. Version line, key exchange and login each
 * have the host's time limit.
 * @throws HousecallError SSH_UNREACHABLE, or DroppedBeforeBanner.
 */
export function handshake(host: Host, options: HandshakeOptions): Promise<Client> {
  const client = new ssh2.Client();
  const greeting = createGreeting();
  let phase: keyof typeof PHASES = 'banner';
  let refusedKey: KeyRefusal | null = null;
  const login = loginSequence(host, options.logins);

  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    const enter = (next: keyof typeof PHASES): void => {
      phase = next;
      clearTimeout(timer);
      timer = setTimeout(() => {
        const [failure, words] = PHASES[phase];
        fail(unreachable(host, failure, `${words} in ${host.connectTimeoutSeconds} s`));
      }, host.connectTimeoutSeconds * 1000);
    };
    const listen = (chunk: Buffer): void => {
      greeting.add(chunk);
      if (phase === 'banner' && greeting.version() !== null) enter('keys');
    };
    const settled = (): void => {
      clearTimeout(timer);
      options.stream.off('data', listen);
    };
    const fail = (error: Error): void => {
      settled();
      reject(error);
      client.destroy();
      options.stream.destroy();
    };
    const judged = (error: Error): HousecallError | DroppedBeforeBanner => {
      if (refusedKey !== null) return keyRefused(host, refusedKey);
      if (phase === 'login') return unreachable(host, 'auth', login.words(error), error);
      const offer = greeting.offer();
      const reason = offer === null ? null : mismatch(offer);
      if (reason !== null) return unreachable(host, 'banner', reason, error);
      if (phase === 'keys') {
        return unreachable(host, 'banner', `the key exchange failed (${messageOf(error)})`, error);
      }
      const words = greeting.otherWords();
      if (words === '' || /MaxStartups|Not allowed at this time/i.test(words)) {
        return new DroppedBeforeBanner(words);
      }
      return unreachable(host, 'banner', `it does not speak SSH but says "${words}"`, error);
    };
    client.on('error', (error: Error & { level?: string }) => {
      // An agent that fails is one login that fails; ssh2 goes on with the next.
      if (error.level === 'agent') login.note(messageOf(error));
      else fail(judged(error));
    });
    client.once('close', () => fail(judged(new Error('the connection was closed'))));
    client.once('handshake', () => enter('login'));
    client.once('ready', () => {
      settled();
      client.removeAllListeners('close');
      // ssh2 emits errors at any time: one without a listener would end the process.
      client.removeAllListeners('error').on('error', () => {});
      resolve(client);
    });
    // ssh2 has paused the stream by then: nothing is taken away from it.
    client.once('connect', () => options.stream.on('data', listen));
    enter('banner');
    client.connect({
      sock: options.stream,
      username: host.user,
      authHandler: login.next,
      algorithms: algorithmsFor(options.knownTypes),
      hostVerifier: strictVerifier((key) => {
        refusedKey = options.judge(key);
        return refusedKey === null;
      }),
      // Every stage has its own timer above.
      readyTimeout: 0,
      keepaliveInterval: Math.round(options.keepaliveSeconds * 1000),
      keepaliveCountMax: 3,
    } satisfies ConnectConfig);
  });
}

function keyRefused(host: Host, { detail, reason }: KeyRefusal): HousecallError {
  return unreachable(
    host,
    reason === undefined ? 'host-key' : { stage: 'host-key', reason },
    detail,
  );
}

interface LoginSequence {
  /** `methods`: what the server accepts, null before it said. False: nothing left to try. */
  readonly next: (methods: readonly string[] | null) => AnyAuthMethod | false;
  note(problem: string): void;
  words(error: Error): string;
}

/** Tries each login once; starts with a key at once, without asking for methods first (one round trip). */
function loginSequence(host: Host, logins: readonly Login[]): LoginSequence {
  const waiting = [...logins];
  const problems: string[] = [];
  let accepted: readonly string[] = [];
  return {
    next: (methods) => {
      accepted = methods ?? accepted;
      const login = waiting.shift();
      if (login === undefined) return false;
      const username = host.user;
      return login.type === 'agent'
        ? { type: 'agent', username, agent: login.agent }
        : { type: 'publickey', username, key: login.key };
    },
    note: (problem) => problems.push(problem),
    words(error) {
      const tried = logins.map((login) => login.label).join(', then ');
      const methods = accepted.length === 0 ? '' : `; it accepts ${accepted.join(', ')}`;
      const noted = problems.length === 0 ? '' : `; ${problems.join('; ')}`;
      if (/authentication methods failed|Too many authentication/i.test(messageOf(error))) {
        return `permission denied for ${host.user} with ${tried}${methods}${noted}`;
      }
      return `the login of ${host.user} broke off (${messageOf(error)})${noted}`;
    },
  };
}
