import { HousecallError } from '../../../core/errors.ts';
import type { WebApi } from '../web-api.ts';

export interface Upload {
  readonly name: string;
  readonly title: string;
  /** What a screen reader says. */
  readonly alt: string;
  readonly body: Uint8Array;
}

const TIMEOUT_MS = 30_000;
const ALT_CHARACTERS = 1_000;

/**
 * Brings a file to Slack without sharing it anywhere: the message that shows it is what people see, so
 * a try that is repeated leaves nothing twice. @returns Slack's id of the file.
 */
export async function upload(api: WebApi, file: Upload): Promise<string> {
  const { name, title, alt, body } = file;
  const place = await api.call('files.getUploadURLExternal', name, () =>
    api.direct.files.getUploadURLExternal({
      filename: name,
      length: body.length,
      alt_text: alt.slice(0, ALT_CHARACTERS),
    }),
  );
  const { upload_url: url, file_id: id } = place;
  if (url === undefined || id === undefined || !isSlacks(url, api.direct.slackApiUrl)) {
    throw new HousecallError(
      'CHAT_REFUSED',
      `slack upload of ${name}: Slack named no address of its own`,
      { context: { method: 'upload', error: 'foreign_upload_url' } },
    );
  }
  await send(url, name, body);
  await api.call('files.completeUploadExternal', name, () =>
    api.direct.files.completeUploadExternal({ files: [{ id, title }] }),
  );
  return id;
}

async function send(url: string, name: string, body: Uint8Array): Promise<void> {
  const failed = (reason: string, cause?: unknown): HousecallError =>
    new HousecallError('CHAT_UNAVAILABLE', `slack upload of ${name}: ${reason}`, {
      ...(cause === undefined ? {} : { cause }),
      context: { method: 'upload' },
    });
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    ({ status } = response);
  } catch (error) {
    throw failed('no answer', error);
  }
  if (status !== 200) throw failed(`HTTP ${status}`);
}

/** Slack's own hosts over TLS; with an API elsewhere, that very place. */
function isSlacks(address: string, slackApiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const api = new URL(slackApiUrl);
  if (!/(^|\.)slack\.com$/.test(api.hostname)) return url.origin === api.origin;
  return url.protocol === 'https:' && url.port === '' && /(^|\.)slack\.com$/.test(url.hostname);
}
