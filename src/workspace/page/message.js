import { act, fileUrl } from './api.js';
import { avatar } from './avatar.js';
import { renderBlocks } from './blocks.js';
import { h, icon } from './dom.js';
import { emojiOf } from './emoji.js';
import { clockOf, exactTime, isoOf, sizeOf } from './format.js';
import { mrkdwn } from './mrkdwn.js';
import { goTo } from './route.js';
import { isSystem, nameOf, store } from './store.js';
import { attempt } from './toasts.js';

const QUICK = ['pushpin', 'eyes', 'white_check_mark'];

/** One message; `isCompact` leaves out author and picture when the one above has the same. */
export function renderMessage(message, { isCompact, inThread }) {
  const { isEphemeral } = message;
  if (isSystem(message)) return systemLine(message);
  const isPinned = message.isPinned === true;
  const kinds = [
    'message',
    isCompact ? 'compact' : '',
    isEphemeral ? 'ephemeral' : '',
    isPinned ? 'pinned' : '',
  ];
  const author = isEphemeral ? store.bot.id : message.user;
  return h(
    'article',
    {
      class: kinds.filter(Boolean).join(' '),
      'data-testid': isEphemeral ? 'ephemeral' : 'message',
      'data-ts': message.ts,
      'aria-label': `${nameOf(author)}, ${clockOf(message.ts)}`,
      tabindex: '-1',
    },
    isPinned ? h('div', { class: 'note' }, icon('pin'), 'Pinned to this channel') : null,
    isEphemeral ? h('div', { class: 'note' }, icon('lock'), 'Only visible to you') : null,
    h(
      'div',
      { class: 'message-row' },
      isCompact ? h('span', { class: 'gutter-time' }, time(message)) : avatar(author),
      h(
        'div',
        { class: 'message-body' },
        isCompact ? null : head(message, author),
        body(message),
        files(message),
        isEphemeral ? null : reactions(message),
        inThread || isEphemeral ? null : replies(message),
      ),
    ),
    isEphemeral ? null : toolbar(message, inThread),
  );
}

function systemLine(message) {
  const { text, user } = message;
  const words = text.startsWith('<@') ? text : `<@${user}> ${text}`;
  return h(
    'div',
    { class: 'system', 'data-testid': 'system', 'data-ts': message.ts },
    mrkdwn(words),
    ' ',
    time(message),
  );
}

function time(message) {
  return h(
    'time',
    { datetime: isoOf(message.ts), title: exactTime(message.ts) },
    clockOf(message.ts),
  );
}

function head(message, author) {
  const isBot = author === store.bot.id;
  const user = store.users.get(author);
  const isForeign = user && user.teamId !== store.team.id;
  return h(
    'div',
    { class: 'message-head' },
    h('strong', null, nameOf(author)),
    isBot ? h('span', { class: 'badge' }, 'APP') : null,
    user?.isGuest ? h('span', { class: 'badge' }, 'GUEST') : null,
    isForeign ? h('span', { class: 'badge' }, 'EXTERNAL') : null,
    time(message),
  );
}

/** Blocks when there are any: then the text is for notifications only. */
function body(message) {
  const edited = message.edited
    ? h(
        'span',
        { class: 'edited', 'data-testid': 'edited', title: exactTime(message.edited.ts) },
        '(edited)',
      )
    : null;
  if (message.blocks.length === 0)
    return h('div', { class: 'rich text' }, mrkdwn(message.text), edited ? [' ', edited] : null);
  return h('div', { class: 'blocks' }, renderBlocks(message.blocks, surfaceOf(message)), edited);
}

/** A click or choice in a message goes to the app at once. */
function surfaceOf(message) {
  return {
    isForm: false,
    get: () => undefined,
    set: () => {},
    act: ({ actionId, value }) =>
      attempt('This action', () =>
        act('click', { user: store.me, channel: message.channel, ts: message.ts, actionId, value }),
      ),
  };
}

function files(message) {
  return (message.fileDetails ?? []).map((file) =>
    file.mode === 'tombstone'
      ? h('div', { class: 'note' }, 'This file was deleted.')
      : h(
          'a',
          { class: 'file', href: fileUrl(file.id), download: file.name, 'data-testid': 'file' },
          icon('file'),
          h('span', null, h('strong', null, file.title), h('small', null, sizeOf(file.size))),
        ),
  );
}

function reactions(message) {
  if (message.reactions.length === 0) return null;
  return h(
    'div',
    { class: 'reactions' },
    message.reactions.map(({ name, users }) => {
      const isMine = users.includes(store.me);
      return h(
        'button',
        {
          type: 'button',
          class: isMine ? 'reaction mine' : 'reaction',
          'aria-pressed': String(isMine),
          'data-testid': `reaction-${name}`,
          title: `${users.map(nameOf).join(', ')} reacted with :${name}:`,
          onclick: () => mark(message, isMine ? 'unreact' : 'react', { name }),
        },
        emojiOf(name),
        h('span', null, String(users.length)),
      );
    }),
  );
}

function replies(message) {
  if (!message.replies) return null;
  return h(
    'button',
    {
      type: 'button',
      class: 'replies',
      'data-testid': 'replies',
      onclick: () => goTo(message.channel, message.ts),
    },
    h(
      'span',
      { class: 'reply-faces' },
      message.replyUsers.slice(0, 3).map((user) => avatar(user, 'tiny')),
    ),
    h('strong', null, `${message.replies} ${message.replies === 1 ? 'reply' : 'replies'}`),
    h('span', { class: 'muted' }, `Last reply ${clockOf(message.lastReplyTs)}`),
  );
}

function toolbar(message, inThread) {
  return h(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Message' },
    QUICK.map((name) =>
      tool(`React with :${name}:`, emojiOf(name), () => toggle(message, name), `react-${name}`),
    ),
    inThread
      ? null
      : tool('Reply in thread', icon('thread'), () => goTo(message.channel, message.ts), 'reply'),
    tool(
      message.isPinned ? 'Unpin from channel' : 'Pin to channel',
      icon('pin'),
      () => mark(message, message.isPinned ? 'unpin' : 'pin', {}),
      'pin',
    ),
    message.user === store.me
      ? tool('Delete message', icon('trash'), () => mark(message, 'remove', {}), 'delete')
      : null,
  );
}

function toggle(message, name) {
  const reaction = message.reactions.find((one) => one.name === name);
  return mark(message, reaction?.users.includes(store.me) ? 'unreact' : 'react', { name });
}

function mark(message, verb, fields) {
  const target = { user: store.me, channel: message.channel, ts: message.ts };
  return attempt('This', () => act(verb, { ...target, ...fields }));
}

function tool(label, content, onclick, testid) {
  return h(
    'button',
    {
      type: 'button',
      class: 'tool',
      'aria-label': label,
      title: label,
      'data-testid': testid,
      onclick,
    },
    content,
  );
}
