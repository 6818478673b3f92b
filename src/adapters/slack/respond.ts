import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { LIMITS } from './limits.ts';
import { type RenderedMessage, renderDocument } from './render/render-document.ts';
import type { SlackConfig, WebApi } from './web-api.ts';

/** Where an answer to one person goes. */
export interface ReplyTo {
  readonly user: string;
  readonly channel: string;
  readonly thread?: string;
  readonly responseUrl?: string;
}

export type Reply = (to: ReplyTo, document: Document) => Promise<void>;

const TIMEOUT_MS = 10_000;
const SLACK_HOSTS = ['https://hooks.slack.com', 'https://hooks.slack-gov.com'];

/** Answers that only the person who asked can see. */
export function createReply(config: SlackConfig, api: WebApi): Reply {
  const origins = new Set(
    config.apiUrl === undefined ? SLACK_HOSTS : [...SLACK_HOSTS, new URL(config.apiUrl).origin],
  );
  return async (to, document) => {
    const messages = renderDocument(document).messages.slice(0, LIMITS.responsesPerUrl - 1);
    for (const message of messages) {
      const { responseUrl } = to;
      if (responseUrl !== undefined && origins.has(originOf(responseUrl))) {
        await api.call('response_url', to.channel, () => send(responseUrl, message));
      } else await ephemeral(api, to, message);
    }
  };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

async function send(url: string, message: RenderedMessage): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...message, response_type: 'ephemeral', replace_original: false }),
  });
  const answer = await response.text();
  if (response.ok) return;
  throw new HousecallError(
    response.status >= 500 ? 'CHAT_UNAVAILABLE' : 'CHAT_REFUSED',
    `slack response_url: HTTP ${response.status}`,
    { context: { method: 'response_url', error: answer.slice(0, 100) } },
  );
}

async function ephemeral(api: WebApi, to: ReplyTo, message: RenderedMessage): Promise<void> {
  const { channel, user, thread } = to;
  await api.call('chat.postEphemeral', channel, () =>
    api.direct.chat.postEphemeral({
      channel,
      user,
      ...(thread !== undefined && { thread_ts: thread }),
      text: message.text,
      blocks: [...message.blocks],
    }),
  );
}
