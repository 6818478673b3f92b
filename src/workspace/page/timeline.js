import { h, place } from './dom.js';
import { dayOf } from './format.js';
import { renderMessage } from './message.js';
import { isSystem, store, timeline } from './store.js';

const FIRST_SHOWN = 150;
const GROUP_SECONDS = 300;

/**
 * A list of messages that redraws only those that changed and stays at the end when it was there.
 * `inThread` shows one thread with its first message on top.
 */
export function createTimeline({ inThread, label, testid }) {
  const list = h('div', { class: 'timeline-list' });
  const element = h(
    'div',
    {
      class: 'timeline',
      role: 'log',
      'aria-live': 'polite',
      'aria-label': label,
      tabindex: '0',
      'data-testid': testid,
    },
    list,
  );
  let drawn = new Map();
  let shownPlace = '';
  let limit = FIRST_SHOWN;
  let isFollowing = true;
  const toEnd = () => {
    element.scrollTop = element.scrollHeight;
  };
  element.addEventListener('scroll', () => {
    isFollowing = isAtEnd();
  });
  // What is drawn below, or grows after it was drawn, does not push the end out of sight.
  const observer = new ResizeObserver(() => {
    if (isFollowing) toEnd();
  });
  observer.observe(element);
  observer.observe(list);
  const isAtEnd = () => element.scrollHeight - element.scrollTop - element.clientHeight < 80;

  const update = (channel, thread, intro) => {
    const here = `${channel} ${thread} ${store.me}`;
    const isNew = here !== shownPlace;
    if (isNew) {
      drawn = new Map();
      limit = FIRST_SHOWN;
      shownPlace = here;
    }
    isFollowing = isNew || isAtEnd();
    const all = timeline(channel, thread);
    const messages = inThread ? all : all.slice(-limit);
    const wanted = [];
    const next = new Map();
    const keep = (key, signature, make) => {
      const old = drawn.get(key);
      const entry = old && old.signature === signature ? old : { signature, element: make(old) };
      next.set(key, entry);
      wanted.push(entry.element);
    };
    if (messages.length < all.length) {
      const earlier = all.length - messages.length;
      keep('earlier', String(earlier), () =>
        h(
          'button',
          { type: 'button', class: 'link-button earlier', onclick: () => more() },
          `Show ${earlier} earlier messages`,
        ),
      );
    } else if (intro) keep('intro', intro.signature, intro.make);
    let above = null;
    for (const message of messages) {
      const today = dayOf(message.ts);
      if (!inThread && (!above || dayOf(above.ts) !== today))
        keep(`day ${today}`, today, () => h('div', { class: 'day' }, h('span', null, today)));
      if (inThread && above && above === messages[0])
        keep('count', String(messages.length), () => countLine(messages.length - 1));
      const isCompact = isContinuation(above, message) && !(inThread && above === messages[0]);
      keep(message.ts, `${isCompact} ${JSON.stringify(message)}`, (old) => {
        const made = renderMessage(message, { isCompact, inThread });
        if (old) made.classList.add('changed');
        else if (!isNew) made.classList.add('fresh');
        return made;
      });
      above = message;
    }
    drawn = next;
    place(list, wanted);
    if (isFollowing) toEnd();
  };
  const more = () => {
    const [channel, thread] = shownPlace.split(' ');
    const before = element.scrollHeight - element.scrollTop;
    limit += FIRST_SHOWN;
    update(channel, thread);
    element.scrollTop = element.scrollHeight - before;
  };
  return { element, update };
}

function countLine(count) {
  return h(
    'div',
    { class: 'day replies-line' },
    h('span', null, `${count} ${count === 1 ? 'reply' : 'replies'}`),
  );
}

function isContinuation(above, message) {
  if (
    !above ||
    isSystem(above) ||
    above.isEphemeral ||
    message.isEphemeral ||
    message.isPinned ||
    above.user !== message.user
  )
    return false;
  if (dayOf(above.ts) !== dayOf(message.ts)) return false;
  return Number(message.ts) - Number(above.ts) < GROUP_SECONDS;
}
