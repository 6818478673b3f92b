import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { EXEC, findReady, openingText, type Ready } from './request.ts';

/** Output before the ready line that is kept to explain why there was none. */
const FOREWORD_BYTES = 64 * 1024;

/** How a channel ended; both null when it never said. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A channel on which `supervise.sh` waits for one request. */
export interface Runner {
  readonly nonce: string;
  readonly channel: ClientChannel;
  /** Resolves with null when the channel ended without a ready line: then nothing was started. */
  readonly ready: Promise<Ready | null>;
  /** The ready line, once it has come. */
  current(): Ready | null;
  /** Output before the ready line: a refusing login shell, a broken start file. */
  foreword(): string;
  ending(): Ending | null;
  closed(): boolean;
  /** From now on output goes here instead of being dropped. */
  listen(sink: { stdout(chunk: Buffer): void; stderr(chunk: Buffer): void }): void;
}

/** The server refused another session on this connection: MaxSessions. */
export class SessionRefused extends Error {}

/** Opens one channel with a waiting reader. `closed` is called once, when the channel is over or never came. */
export function openRunner(
  client: Client,
  options: { readonly sudo: boolean; readonly openTimeoutSeconds: number },
  closed: () => void,
): Promise<Runner> {
  return new Promise((resolve, reject) => {
    let late = false;
    const fail = (error: Error): void => {
      clearTimeout(timer);
      if (!late) closed();
      // Reasons of RFC 4254, 5.1: sshd refuses a session over its limit with 2, others with 1 or 4.
      const refused = 'reason' in error && [1, 2, 4].includes(Number(error.reason));
      reject(refused ? new SessionRefused(error.message, { cause: error }) : error);
    };
    const timer = setTimeout(() => {
      fail(new Error(`no answer to a channel request in ${options.openTimeoutSeconds} s`));
      late = true;
    }, options.openTimeoutSeconds * 1000);
    try {
      client.exec(options.sudo ? EXEC.sudo : EXEC.plain, (error, channel) => {
        clearTimeout(timer);
        if (error) fail(error);
        else if (late) channel.end();
        else resolve(createRunner(channel, options.sudo, closed));
      });
    } catch (error) {
      // ssh2 throws on a connection that is already closed.
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function createRunner(channel: ClientChannel, sudo: boolean, closed: () => void): Runner {
  const nonce = randomBytes(12).toString('hex');
  let ready: Ready | null = null;
  let ending: Ending | null = null;
  let over = false;
  let foreword = Buffer.alloc(0);
  let complaint = Buffer.alloc(0);
  let sink: Parameters<Runner['listen']>[0] | null = null;
  let settle: (ready: Ready | null) => void;
  const promise = new Promise<Ready | null>((resolve) => {
    settle = resolve;
  });

  channel.on('data', (chunk: Buffer) => {
    if (ready !== null) {
      sink?.stdout(chunk);
      return;
    }
    foreword = Buffer.concat([foreword, chunk]);
    const found = findReady(nonce, foreword);
    if (found === null) {
      foreword = foreword.subarray(-FOREWORD_BYTES);
      return;
    }
    ready = found.ready;
    settle(ready);
    if (found.rest.length > 0) sink?.stdout(found.rest);
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    if (ready !== null) sink?.stderr(chunk);
    else complaint = Buffer.concat([complaint, chunk]).subarray(-FOREWORD_BYTES);
  });
  channel.on('exit', (code: number | null, signal?: string) => {
    ending = { exitCode: code, signal: signal ?? null };
  });
  channel.on('error', () => {
    // A write to a channel that the server closed meanwhile; `close` follows.
  });
  channel.once('close', () => {
    over = true;
    settle(null);
    closed();
  });
  channel.write(openingText(nonce, sudo));

  return {
    nonce,
    channel,
    ready: promise,
    current: () => ready,
    foreword: () => `${foreword.toString('utf8')}\n${complaint.toString('utf8')}`.trim(),
    ending: () => ending,
    closed: () => over,
    listen: (to) => {
      sink = to;
    },
  };
}
