import { changed, store } from './store.js';
import { markRead } from './unread.js';

/** `#/<channel id>/<thread ts>`, `#/home`; who one acts as stands in `?as=`. */
export function readRoute() {
  const [, place = '', thread = ''] = location.hash.split('/');
  const named = [...store.channels.values()].find((channel) => channel.name === place);
  store.isHome = place === 'home';
  store.channel = named?.id ?? (store.channels.has(place) ? place : store.channel);
  store.thread = thread;
  const wanted = new URLSearchParams(location.search).get('as') ?? sessionStorage.getItem('as');
  const user = [...store.users.values()].find((one) => one.id === wanted || one.name === wanted);
  if (user && !store.me) store.me = user.id;
  changed();
}

export function goTo(channel, thread = '') {
  if (channel !== store.channel) markRead(store.me, store.channel);
  location.hash = thread ? `#/${channel}/${thread}` : `#/${channel}`;
}

export function goHome() {
  location.hash = '#/home';
}

export function actAs(user) {
  markRead(store.me, store.channel);
  store.me = user;
  sessionStorage.setItem('as', user);
  const url = new URL(location.href);
  url.searchParams.delete('as');
  history.replaceState(null, '', url);
  changed();
}

/** The place of a permalink of this workspace, or null. */
export function placeOf(href) {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  const match = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/.exec(url.pathname);
  if (!match || !['localhost', '127.0.0.1'].includes(url.hostname) || url.port !== location.port)
    return null;
  const [, channel, seconds, micros] = match;
  return { channel, thread: url.searchParams.get('thread_ts') ?? '', ts: `${seconds}.${micros}` };
}
