import { refusalOf } from '../chat-error.ts';
import type { WebApi } from '../web-api.ts';
import type { SlackMessage } from './slack-message.ts';

interface Pinned {
  readonly created_by?: string;
  readonly message?: { readonly ts?: string };
}

/** Pinned messages by `ts`, and who pinned them; '' where Slack does not let us ask. */
export async function readPins(
  api: WebApi,
  channel: string,
  messages: readonly SlackMessage[],
): Promise<ReadonlyMap<string, string>> {
  try {
    const { items = [] } = await api.call('pins.list', channel, () =>
      api.bulk.pins.list({ channel }),
    );
    return new Map(items.flatMap((item: Pinned) => entryOf(item)));
  } catch (error) {
    // An app that was installed before pins mattered lacks the scope: a transcript must not fail for it.
    if (refusalOf(error) !== 'missing_scope') throw error;
    const pinned = messages.filter(({ pinned_to = [] }) => pinned_to.includes(channel));
    return new Map(pinned.flatMap(({ ts }) => (ts === undefined ? [] : [[ts, ''] as const])));
  }
}

function entryOf({ created_by = '', message }: Pinned): readonly (readonly [string, string])[] {
  return message?.ts === undefined ? [] : [[message.ts, created_by]];
}
