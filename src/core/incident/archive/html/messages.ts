import { messageTime, type RoomFile, type RoomMessage } from '../archive-input.ts';
import { plainSlackText } from '../transcript-messages.ts';
import { type Html, hrefOf, NOTHING } from './html.ts';
import { type PageTelling, type Section, timeHtml } from './telling.ts';

/** Everything that was said, by day; replies folded under the message they answer. */
export function messagesSection(telling: PageTelling): Section {
  const { html, input } = telling;
  const { messages, gaps = [] } = input;
  const { firsts, replies } = threadsOf(messages);
  const notes = gaps.map((gap) => html`<p class="soft">${gap}</p>\n`);
  let day = '';
  const parts = firsts.map((message) => {
    const on = messageTime(message.ts).slice(0, 10);
    const heading = on === day ? NOTHING : html`<h3 class="date">${on}</h3>\n`;
    day = on;
    return html`${heading}${messageHtml(telling, message)}${threadHtml(telling, replies.get(message.ts))}`;
  });
  const body = messages.length === 0 ? html`<p>Nobody said anything.</p>` : html`${notes}${parts}`;
  return { id: 'messages', title: `Messages (${messages.length})`, body };
}

/** A reply whose first message is not here stands at the place of its time. */
function threadsOf(messages: readonly RoomMessage[]): {
  readonly firsts: readonly RoomMessage[];
  readonly replies: ReadonlyMap<string, readonly RoomMessage[]>;
} {
  const known = new Set(messages.map(({ ts }) => ts));
  const firsts: RoomMessage[] = [];
  const replies = new Map<string, RoomMessage[]>();
  for (const message of messages) {
    const { ts, thread } = message;
    if (thread === undefined || thread === ts || !known.has(thread)) {
      firsts.push(message);
      continue;
    }
    const those = replies.get(thread);
    if (those === undefined) replies.set(thread, [message]);
    else those.push(message);
  }
  return { firsts, replies };
}

function threadHtml(telling: PageTelling, replies: readonly RoomMessage[] = []): Html {
  if (replies.length === 0) return NOTHING;
  const { html } = telling;
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  return html`<details class="thread"><summary>${count}</summary>
${replies.map((reply) => messageHtml(telling, reply))}</details>\n`;
}

function messageHtml(telling: PageTelling, message: RoomMessage): Html {
  const { html, nameOf } = telling;
  const kinds = [
    message.bot === true ? ' bot' : '',
    message.deletedAt === undefined ? '' : ' deleted',
  ];
  const gone =
    message.deletedAt === undefined
      ? null
      : html` <span class="note">deleted ${timeHtml(message.deletedAt)}</span>`;
  const edited =
    message.edited === undefined
      ? null
      : html` <span class="note">edited ${timeHtml(messageTime(message.edited))}</span>`;
  return html`<article class="item message${kinds.join('')}" id="m-${message.ts}">
<p class="by"><b>${message.authorName}</b> ${timeHtml(messageTime(message.ts))}${edited}${gone}</p>
<p class="text">${plainSlackText(message.text, nameOf)}</p>${earlierHtml(telling, message)}${reactionsHtml(telling, message)}${filesHtml(telling, message.files)}
</article>\n`;
}

function earlierHtml({ html, nameOf }: PageTelling, { earlier = [] }: RoomMessage): Html {
  if (earlier.length === 0) return NOTHING;
  const versions = earlier.map(
    ({ at, text }) =>
      html`<li>${timeHtml(messageTime(at))} <span class="text">${plainSlackText(text, nameOf)}</span></li>`,
  );
  return html`<details><summary>What it said before</summary><ol>${versions}</ol></details>`;
}

function reactionsHtml({ html, nameOf }: PageTelling, { reactions }: RoomMessage): Html {
  if (reactions.length === 0) return NOTHING;
  const said = reactions.map(
    ({ name, users }) =>
      html`<span class="reaction">:${name}: ${users.map(nameOf).join(', ')}</span> `,
  );
  return html`<p>${said}</p>`;
}

function filesHtml({ html }: PageTelling, files: readonly RoomFile[]): Html {
  if (files.length === 0) return NOTHING;
  const items = files.map(({ name, path, lost }) => {
    const href = path === undefined ? null : hrefOf(path);
    if (href !== null) return html`<li><a href="${href}">${name}</a></li>`;
    return html`<li>${name} <span class="note">not in the archive${lost === undefined ? '' : `: ${lost}`}</span></li>`;
  });
  return html`<ul class="files">${items}</ul>`;
}
