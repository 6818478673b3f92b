import { avatar } from './avatar.js';
import { h, icon } from './dom.js';
import { actAs, goHome, goTo } from './route.js';
import { nameOf, people, store, visibleChannels } from './store.js';
import { unreadOf } from './unread.js';

/** Workspace, who one acts as, channels with unread marks. */
export function renderSidebar() {
  const channels = visibleChannels();
  const rooms = channels
    .filter((one) => one.kind !== 'im')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const open = rooms.filter((one) => !one.isArchived);
  const archived = rooms.filter((one) => one.isArchived);
  const direct = channels.filter((one) => one.kind === 'im');
  return [
    h(
      'div',
      { class: 'team' },
      h('img', { src: '/page/icon.svg', alt: '', class: 'team-icon' }),
      h('strong', { 'data-testid': 'team' }, store.team.name),
    ),
    switcher(),
    h(
      'div',
      { class: 'channel-scroll' },
      group('Channels', open.map(channelLink), 'channels'),
      direct.length > 0 ? group('Direct messages', direct.map(directLink), 'direct') : null,
      group('Apps', [homeLink()], 'apps'),
      archived.length > 0
        ? h(
            'details',
            { class: 'archived' },
            h('summary', null, `Archived (${archived.length})`),
            h('ul', null, archived.map(channelLink)),
          )
        : null,
    ),
    h('div', { class: 'sidebar-foot' }, connection(), themeButton()),
  ];
}

function switcher() {
  const me = store.users.get(store.me);
  return h(
    'div',
    { class: 'acting' },
    h('span', { class: 'acting-label', id: 'acting-label' }, 'Acting as'),
    h(
      'div',
      { class: 'people', role: 'radiogroup', 'aria-labelledby': 'acting-label' },
      people().map((user) =>
        h(
          'button',
          {
            type: 'button',
            role: 'radio',
            class: user.id === store.me ? 'person active' : 'person',
            'aria-checked': String(user.id === store.me),
            title: [user.realName, user.title].filter(Boolean).join(' – '),
            'data-testid': `act-as-${user.name}`,
            onclick: () => actAs(user.id),
          },
          avatar(user.id),
          h('span', { class: 'visually-hidden' }, user.realName),
        ),
      ),
    ),
    h(
      'div',
      { class: 'acting-name', 'data-testid': 'acting-as' },
      h('strong', null, me?.realName ?? ''),
      me?.title ? h('span', null, me.title) : null,
    ),
  );
}

function group(title, links, testid) {
  return h('section', null, h('h2', null, title), h('ul', { 'data-testid': testid }, links));
}

function channelLink(channel) {
  const isMember = channel.members.includes(store.me);
  const { count, mentions } = isMember ? unreadOf(store.me, channel.id) : { count: 0, mentions: 0 };
  const isCurrent = channel.id === store.channel && !store.isHome;
  const kinds = [
    'channel-link',
    isCurrent ? 'current' : '',
    count > 0 && !isCurrent ? 'unread' : '',
    isMember ? '' : 'outside',
  ];
  return h(
    'li',
    null,
    h(
      'a',
      {
        href: `#/${channel.id}`,
        class: kinds.filter(Boolean).join(' '),
        'aria-current': isCurrent ? 'page' : undefined,
        'data-testid': `channel-${channel.name}`,
        title: channel.name,
      },
      icon(channel.isArchived ? 'archive' : channel.kind === 'private' ? 'lock' : 'hash'),
      h('span', { class: 'channel-name' }, channel.name),
      count + mentions > 0 && !isCurrent
        ? h(
            'span',
            { class: mentions > 0 ? 'count loud' : 'count', 'aria-label': `${count} unread` },
            String(mentions || count),
          )
        : null,
    ),
  );
}

function directLink(channel) {
  const { count } = unreadOf(store.me, channel.id);
  const isCurrent = channel.id === store.channel && !store.isHome;
  return h(
    'li',
    null,
    h(
      'a',
      {
        href: `#/${channel.id}`,
        class: `channel-link ${isCurrent ? 'current' : ''} ${count > 0 ? 'unread' : ''}`,
        'data-testid': 'direct-bot',
      },
      avatar(store.bot.id, 'tiny'),
      h('span', { class: 'channel-name' }, nameOf(store.bot.id)),
      count > 0 && !isCurrent ? h('span', { class: 'count loud' }, String(count)) : null,
    ),
  );
}

function homeLink() {
  return h(
    'li',
    null,
    h(
      'button',
      {
        type: 'button',
        class: store.isHome ? 'channel-link current' : 'channel-link',
        'data-testid': 'app-home',
        onclick: goHome,
      },
      icon('home'),
      h('span', { class: 'channel-name' }, nameOf(store.bot.id)),
    ),
  );
}

function connection() {
  const isHttp = Boolean(store.requestUrl);
  const isThere = isHttp || store.connections > 0;
  const words = isHttp ? 'App by HTTP' : isThere ? 'App connected' : 'App not connected';
  return h(
    'span',
    { class: isThere ? 'link-state on' : 'link-state', 'data-testid': 'connection' },
    words,
  );
}

function themeButton() {
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Light or dark',
      title: 'Light or dark',
      onclick: toggleTheme,
    },
    icon('sun'),
  );
}

function toggleTheme() {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const { dataset } = document.documentElement;
  const now = dataset.theme ?? (isDark ? 'dark' : 'light');
  dataset.theme = now === 'dark' ? 'light' : 'dark';
  localStorage.setItem('theme', dataset.theme);
}

/** The channel above or below the current one in the list. */
export function stepChannel(step) {
  const links = [...document.querySelectorAll('[data-testid=channels] a')];
  const at = links.findIndex((link) => link.getAttribute('aria-current') === 'page');
  const next = links[(at + step + links.length) % links.length];
  if (next) goTo(next.getAttribute('href').slice(2));
}
