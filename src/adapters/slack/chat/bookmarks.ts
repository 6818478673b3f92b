import { sanitiseLine } from '../../../core/sanitise.ts';
import { refusalOf } from '../chat-error.ts';
import { LIMITS } from '../limits.ts';
import { clip } from '../render/text.ts';
import type { WebApi } from '../web-api.ts';

/** Adds a link, unless one to that address stands there: Slack itself adds the same one any number of times. */
export async function addBookmark(
  api: WebApi,
  channel: string,
  { title, url }: { readonly title: string; readonly url: string },
): Promise<void> {
  const links = await linksOf(api, channel);
  if (links.has(addressOf(url))) return;
  const name = clip(sanitiseLine(title), LIMITS.bookmarkTitle) || 'Link';
  await api.call('bookmarks.add', channel, () =>
    api.direct.bookmarks.add({ channel_id: channel, type: 'link', title: name, link: url }),
  );
}

/** What stands in the channel's bar; nothing where Slack does not let us ask. */
async function linksOf(api: WebApi, channel: string): Promise<ReadonlySet<string>> {
  try {
    const { bookmarks = [] } = await api.call('bookmarks.list', channel, () =>
      api.direct.bookmarks.list({ channel_id: channel }),
    );
    return new Set(bookmarks.flatMap(({ link }) => (link === undefined ? [] : [addressOf(link)])));
  } catch (error) {
    // An app that was installed before this was asked for lacks the scope: a link twice is better than none.
    if (refusalOf(error) !== 'missing_scope') throw error;
    return new Set();
  }
}

/** However Slack writes it: with its entities, with or without the slash at the end of a name. */
function addressOf(link: string): string {
  const plain = link.replaceAll('&amp;', '&');
  return URL.canParse(plain) ? new URL(plain).href : plain;
}
