import { labelOf } from './channel.js';
import { createComposer } from './composer.js';
import { h, icon } from './dom.js';
import { goTo } from './route.js';
import { messageAt, store } from './store.js';
import { createTimeline } from './timeline.js';

/** The right side: one thread. */
export function createThreadPanel(element) {
  const title = h('span', { class: 'muted' });
  const messages = createTimeline({ inThread: true, label: 'Thread', testid: 'thread-messages' });
  const composer = createComposer({ id: 'thread-composer', inThread: true });
  const foot = h('div', { class: 'panel-foot' }, composer.element);
  element.append(
    h(
      'header',
      { class: 'panel-head' },
      h(
        'div',
        { class: 'head-line' },
        h('h1', null, 'Thread'),
        title,
        h(
          'button',
          {
            type: 'button',
            class: 'icon-button push-right',
            'aria-label': 'Close thread',
            'data-testid': 'thread-close',
            onclick: () => goTo(store.channel),
          },
          icon('close'),
        ),
      ),
    ),
    messages.element,
    foot,
  );
  let shown = '';
  return () => {
    const channel = store.channels.get(store.channel);
    const isOpen =
      !store.isHome &&
      channel &&
      store.thread !== '' &&
      Boolean(messageAt(store.channel, store.thread));
    element.hidden = !isOpen;
    document.body.classList.toggle('with-thread', isOpen);
    if (!isOpen) {
      shown = '';
      return;
    }
    title.textContent = labelOf(channel);
    messages.update(store.channel, store.thread);
    composer.update(store.channel, store.thread, 'Reply …');
    foot.hidden = channel.isArchived || !channel.members.includes(store.me);
    if (shown !== store.thread) composer.focus();
    shown = store.thread;
  };
}
