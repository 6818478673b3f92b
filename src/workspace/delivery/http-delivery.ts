import { createHmac, randomBytes } from 'node:crypto';
import type { Ack } from '../context.ts';
import { isRecord, type Json, parseJson } from '../json.ts';
import type { Envelope } from './socket-mode.ts';

export interface HttpAnswer {
  readonly ack: Ack;
  /** Slack's retry reason when there was no good answer. */
  readonly reason: string;
  /** The app said `x-slack-no-retry: 1`. */
  readonly noRetry: boolean;
}

export interface HttpDelivery {
  readonly url: string;
  readonly signingSecret: string;
}

/** Only this machine: the workspace is a tool for tests and never calls out. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

/** Slack's signature: HMAC-SHA256 over `v0:<seconds>:<raw body>`. */
export function signatureOf(signingSecret: string, seconds: number, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${seconds}:${body}`).digest('hex')}`;
}

/** Sends an envelope as a signed request, as Slack does to a request URL. */
export async function deliverByHttp(
  to: HttpDelivery,
  envelope: Envelope,
  timeoutMs: number,
): Promise<HttpAnswer> {
  const { contentType, body } = encode(envelope);
  const seconds = Math.floor(Date.now() / 1000);
  const retry = envelope.retryAttempt ?? 0;
  const started = Date.now();
  const failed = (error: string, reason: string, noRetry = false): HttpAnswer => ({
    ack: { ok: false, error, ms: Date.now() - started },
    reason,
    noRetry,
  });
  try {
    const response = await fetch(to.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(seconds),
        'x-slack-signature': signatureOf(to.signingSecret, seconds, body),
        ...(retry > 0
          ? {
              'x-slack-retry-num': String(retry),
              'x-slack-retry-reason': envelope.retryReason ?? '',
            }
          : {}),
      },
      body,
    });
    const text = await response.text();
    const noRetry = response.headers.get('x-slack-no-retry') === '1';
    if (response.status !== 200) return failed('dispatch_failed', 'http_error', noRetry);
    const ms = Date.now() - started;
    return { ack: { ok: true, payload: payloadOf(text), ms }, reason: '', noRetry };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    if (timedOut) return failed('operation_timeout', 'http_timeout');
    return failed('dispatch_failed', 'connection_failed');
  }
}

/** Asks a new request URL to prove itself, as Slack does when it is entered. */
export async function verifyUrl(to: HttpDelivery): Promise<boolean> {
  const challenge = randomBytes(20).toString('hex');
  const payload = { token: 'unused', challenge, type: 'url_verification' };
  const { ack } = await deliverByHttp(to, { type: 'events_api', payload }, 3000);
  return ack.ok && (ack.payload['challenge'] === challenge || ack.payload['text'] === challenge);
}

function encode(envelope: Envelope): { contentType: string; body: string } {
  if (envelope.type === 'events_api')
    return { contentType: 'application/json', body: JSON.stringify(envelope.payload) };
  const form = new URLSearchParams();
  if (envelope.type === 'interactive') form.set('payload', JSON.stringify(envelope.payload));
  else for (const [key, value] of Object.entries(envelope.payload)) form.set(key, String(value));
  return { contentType: 'application/x-www-form-urlencoded', body: form.toString() };
}

/** A JSON object, or plain text as a message's text. */
function payloadOf(text: string): Json {
  if (text.trim() === '') return {};
  const value = parseJson(text);
  return isRecord(value) ? value : { text };
}
