import type { MessageRef } from '../../../ports/outbox.ts';
import { refusalOf } from '../chat-error.ts';
import type { WebApi } from '../web-api.ts';

export async function permalink(api: WebApi, { channel, ts }: MessageRef): Promise<string | null> {
  try {
    const answer = await api.call('chat.getPermalink', channel, () =>
      api.bulk.chat.getPermalink({ channel, message_ts: ts }),
    );
    return answer.permalink ?? null;
  } catch (error) {
    if (['message_not_found', 'channel_not_found'].includes(refusalOf(error) ?? '')) return null;
    throw error;
  }
}
