import { follow } from './api.js';
import { createChannelPanel } from './channel.js';
import { icon } from './dom.js';
import { createHomePanel } from './home.js';
import { createModal } from './modal.js';
import { goTo, readRoute } from './route.js';
import { renderSidebar, stepChannel } from './sidebar.js';
import { apply, changed, onChange, people, store } from './store.js';
import { createThreadPanel } from './thread.js';
import { markAllRead } from './unread.js';

const sidebar = document.getElementById('sidebar');
const main = document.getElementById('main');
const channelPanel = createChannelPanel();
const homePanel = createHomePanel();
const updateThread = createThreadPanel(document.getElementById('thread'));
const updateModal = createModal();

const theme = localStorage.getItem('theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

function drawSidebar() {
  const focused = document.activeElement?.dataset?.testid;
  const isOpen = sidebar.querySelector('.archived')?.open ?? false;
  const scroll = sidebar.querySelector('.channel-scroll')?.scrollTop ?? 0;
  const next = renderSidebar();
  // The same again would only take a button away from under a click.
  if (next.every((node, index) => node.isEqualNode(sidebar.childNodes[index]))) return;
  sidebar.replaceChildren(...next);
  const archived = sidebar.querySelector('.archived');
  if (archived) archived.open = isOpen;
  sidebar.querySelector('.channel-scroll').scrollTop = scroll;
  if (focused) sidebar.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

let panel = null;
function draw() {
  if (!store.isReady) return;
  const wanted = store.isHome ? homePanel : channelPanel;
  if (panel !== wanted) {
    main.replaceChildren(...wanted.parts);
    if (panel === homePanel) homePanel.leave();
    panel = wanted;
  }
  panel.update();
  updateThread();
  updateModal();
  drawSidebar();
  const channel = store.channels.get(store.channel);
  document.title = `${store.isHome ? store.bot.name : (channel?.name ?? '')} – ${store.team.name}`;
}

/** Where the window is narrow the sidebar stands in front until somewhere was gone to. */
const menu = document.getElementById('menu');
function showMenu(isOpen) {
  document.body.classList.toggle('with-menu', isOpen);
  menu.setAttribute('aria-expanded', String(isOpen));
  menu.replaceChildren(icon(isOpen ? 'close' : 'menu'));
}
menu.addEventListener('click', () => showMenu(!document.body.classList.contains('with-menu')));
showMenu(false);

onChange(draw);
window.addEventListener('hashchange', () => {
  showMenu(false);
  readRoute();
});
document.addEventListener('visibilitychange', changed);
document.addEventListener('keydown', (event) => {
  const isTyping =
    event.target instanceof Element && event.target.closest('input, textarea, select, dialog');
  if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault();
    stepChannel(event.key === 'ArrowDown' ? 1 : -1);
  } else if (event.key === 'Escape' && store.thread && !document.querySelector('dialog[open]'))
    goTo(store.channel);
  else if (event.key === '/' && !isTyping && !store.isHome) channelPanel.focus();
});

let isFirst = true;
void follow({
  onEvent: (event) => {
    apply(event);
    if (event.kind !== 'snapshot') return;
    if (isFirst) markAllRead();
    isFirst = false;
    const first =
      [...store.channels.values()].find((one) => one.name === 'incidents') ??
      [...store.channels.values()][0];
    if (!store.channels.has(store.channel)) store.channel = first?.id ?? '';
    readRoute();
    if (!store.users.has(store.me)) store.me = people()[0]?.id ?? '';
    changed();
  },
  onState: (isConnected) => {
    store.isConnected = isConnected;
    changed();
  },
});
