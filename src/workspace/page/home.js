import { act } from './api.js';
import { renderBlocks } from './blocks.js';
import { h, icon } from './dom.js';
import { viewSurface } from './modal.js';
import { nameOf, store } from './store.js';
import { attempt } from './toasts.js';

/** The app's home page of the person one acts as. */
export function createHomePanel() {
  const body = h('div', { class: 'timeline home', 'data-testid': 'home' });
  const head = h('header', { class: 'panel-head' });
  let shown = '';
  let visited = '';
  const update = () => {
    if (visited !== store.me) {
      visited = store.me;
      void attempt('Opening the app', () => act('openHome', { user: store.me }));
    }
    head.replaceChildren(
      h('div', { class: 'head-line' }, h('h1', null, icon('home'), nameOf(store.bot.id))),
    );
    const view = (store.views.get(store.me) ?? []).find((one) => one.type === 'home');
    const signature = `${store.me} ${view?.id} ${view?.hash}`;
    if (signature === shown) return;
    shown = signature;
    if (view) body.replaceChildren(...renderBlocks(view.blocks, viewSurface(view, {})));
    else
      body.replaceChildren(
        h(
          'div',
          { class: 'intro' },
          h('h2', null, 'Nothing here yet'),
          h('p', null, 'The app has not published a home page for you.'),
        ),
      );
  };
  const leave = () => {
    visited = '';
  };
  return { parts: [head, body], update, leave };
}
