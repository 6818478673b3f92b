import { act } from './api.js';
import { canvasOf } from './canvas.js';
import { createComposer } from './composer.js';
import { h, icon } from './dom.js';
import { link, mrkdwn, unescaped } from './mrkdwn.js';
import { nameOf, store } from './store.js';
import { createTimeline } from './timeline.js';
import { attempt } from './toasts.js';
import { markRead } from './unread.js';

/** The middle: a channel's head, its messages and the composer. */
export function createChannelPanel() {
  const head = h('header', { class: 'panel-head', 'data-testid': 'channel-head' });
  const offline = h(
    'div',
    { class: 'offline', role: 'alert', hidden: true },
    'The workspace does not answer. Trying again …',
  );
  const messages = createTimeline({ inThread: false, label: 'Messages', testid: 'messages' });
  const composer = createComposer({ id: 'composer', inThread: false });
  const foot = h('div', { class: 'panel-foot' });
  let drawnHead = '';
  let drawnFoot = '';
  const update = () => {
    const channel = store.channels.get(store.channel);
    offline.hidden = store.isConnected;
    if (!channel) return;
    const signature = JSON.stringify([channel, store.me]);
    if (signature !== drawnHead) head.replaceChildren(...channelHead(channel));
    drawnHead = signature;
    messages.update(channel.id, '', {
      signature: channel.name + channel.purpose,
      make: () => intro(channel),
    });
    composer.update(channel.id, '', `Message ${labelOf(channel)}`);
    const state = channel.isArchived
      ? 'archived'
      : channel.members.includes(store.me)
        ? 'open'
        : 'outside';
    if (`${state} ${channel.id}` !== drawnFoot)
      foot.replaceChildren(footOf(state, channel, composer));
    drawnFoot = `${state} ${channel.id}`;
    if (document.visibilityState === 'visible') markRead(store.me, channel.id);
  };
  return { parts: [head, offline, messages.element, foot], update, focus: composer.focus };
}

export function labelOf(channel) {
  return channel.kind === 'im' ? nameOf(store.bot.id) : `#${channel.name}`;
}

function channelHead(channel) {
  const sign = channel.kind === 'private' ? 'lock' : 'hash';
  return [
    h(
      'div',
      { class: 'head-line' },
      h(
        'h1',
        null,
        channel.kind === 'im' ? null : icon(sign),
        channel.kind === 'im' ? nameOf(store.bot.id) : channel.name,
      ),
      channel.isArchived ? h('span', { class: 'badge' }, 'ARCHIVED') : null,
      h(
        'span',
        { class: 'topic', 'data-testid': 'topic', title: unescaped(channel.topic) },
        mrkdwn(channel.topic),
      ),
      h(
        'span',
        { class: 'members', title: channel.members.map(nameOf).join(', ') },
        icon('people'),
        String(channel.members.length),
      ),
    ),
    channel.bookmarks.length + channel.pins.length > 0
      ? h(
          'div',
          { class: 'bookmarks', 'data-testid': 'bookmarks' },
          channel.pins.length > 0
            ? h('span', { class: 'bookmark' }, icon('pin'), `${channel.pins.length} pinned`)
            : null,
          channel.bookmarks.map((one) =>
            h('span', { class: 'bookmark' }, icon('bookmark'), link(one.link, one.title)),
          ),
        )
      : null,
    canvasOf(channel.canvas),
  ].filter(Boolean);
}

function intro(channel) {
  if (channel.kind === 'im')
    return h(
      'div',
      { class: 'intro' },
      h('h2', null, nameOf(store.bot.id)),
      h('p', null, 'Messages from the app to you alone.'),
    );
  return h(
    'div',
    { class: 'intro' },
    h('h2', null, icon('hash'), channel.name),
    h(
      'p',
      null,
      channel.purpose ? mrkdwn(channel.purpose) : `The very beginning of #${channel.name}.`,
    ),
  );
}

function footOf(state, channel, composer) {
  if (state === 'open') return composer.element;
  if (state === 'archived')
    return h(
      'p',
      { class: 'foot-note', 'data-testid': 'foot-note' },
      icon('archive'),
      'This channel is archived. Nothing can be written here.',
    );
  return h(
    'div',
    { class: 'foot-note' },
    h('span', null, `You are looking at #${channel.name}.`),
    h(
      'button',
      {
        type: 'button',
        class: 'button primary',
        'data-testid': 'join',
        onclick: () =>
          attempt('Joining', () => act('join', { user: store.me, channel: channel.id })),
      },
      'Join channel',
    ),
  );
}
