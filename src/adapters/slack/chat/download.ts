import { HousecallError } from '../../../core/errors.ts';
import { formatBytes } from '../../../core/format.ts';
import type { ChatFile } from '../../../ports/chat.ts';
import type { WebApi } from '../web-api.ts';

/** For all of a file: 50 MB over a slow line. */
const TIMEOUT_MS = 120_000;

/**
 * The bytes of a shared file, from Slack's own hosts alone: the address comes out of a message, and
 * the bot's token goes with the request. No redirect is followed.
 */
export async function downloadFile(
  api: WebApi,
  file: ChatFile,
  limitBytes: number,
): Promise<Uint8Array> {
  const { token = '', slackApiUrl } = api.bulk;
  const url = addressOf(file, slackApiUrl);
  if ((file.bytes ?? 0) > limitBytes) throw tooLarge(file, limitBytes);
  return api.call('file', file.id ?? file.name, async () => {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    try {
      check(response, file);
      return await readAtMost(response, file, limitBytes);
    } finally {
      // What is not read would hold the connection.
      await response.body?.cancel().catch(() => undefined);
    }
  });
}

/** @throws HousecallError CHAT_REFUSED for an address that is not Slack's. */
function addressOf(file: ChatFile, slackApiUrl: string): URL {
  const url = URL.canParse(file.download ?? '') ? new URL(file.download ?? '') : null;
  if (url === null) throw refused(file, 'no_address', 'Slack gives no address of its own for it');
  const api = new URL(slackApiUrl);
  const isSlack = api.hostname === 'slack.com' || api.hostname.endsWith('.slack.com');
  const plain = url.username === '' && url.password === '';
  const known = isSlack
    ? url.protocol === 'https:' && url.port === '' && /(^|\.)slack\.com$/.test(url.hostname)
    : url.origin === api.origin;
  if (plain && known) return url;
  throw refused(file, 'foreign_host', `${url.host} is not one of Slack's hosts`);
}

function check(response: Response, file: ChatFile): void {
  const { status } = response;
  if (status === 429) {
    const wait = Number(response.headers.get('retry-after'));
    throw new HousecallError('CHAT_RATE_LIMITED', `${what(file)}: Slack asks to wait`, {
      context: { retryAfterSeconds: wait > 0 ? wait : 10 },
    });
  }
  if (status >= 500) {
    throw new HousecallError('CHAT_UNAVAILABLE', `${what(file)}: HTTP ${status}`);
  }
  // Without the right to read it, Slack shows its login page instead of an error.
  const type = response.headers.get('content-type') ?? '';
  const isLogin = type.startsWith('text/html') && file.mediaType?.startsWith('text/html') !== true;
  if (status >= 300 || isLogin) {
    const reason = status >= 400 ? `HTTP ${status}` : 'not without the scope files:read';
    throw refused(file, `http_${status}`, reason);
  }
}

async function readAtMost(
  response: Response,
  file: ChatFile,
  limitBytes: number,
): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length') ?? 0) > limitBytes) {
    throw tooLarge(file, limitBytes);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > limitBytes) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge(file, limitBytes);
    }
    chunks.push(value);
  }
  reader?.releaseLock();
  return Buffer.concat(chunks, bytes);
}

function tooLarge(file: ChatFile, limitBytes: number): HousecallError {
  return refused(file, 'file_too_large', `larger than ${formatBytes(limitBytes)}`);
}

function refused(file: ChatFile, error: string, reason: string): HousecallError {
  return new HousecallError('CHAT_REFUSED', `${what(file)}: ${reason}`, {
    context: { method: 'file', error },
  });
}

function what(file: ChatFile): string {
  return `slack file ${file.id ?? ''} ${file.name}`.replace(/ +/g, ' ').trim();
}
