import { act } from './api.js';
import { renderBlocks } from './blocks.js';
import { h, icon } from './dom.js';
import { plainText } from './mrkdwn.js';
import { nameOf, store } from './store.js';
import { attempt, fail } from './toasts.js';

/** The app's dialogs: the topmost view of the person one acts as. */
export function createModal() {
  let dialog = null;
  let shown = '';
  /** View id → block id → action id → value. */
  const forms = new Map();

  const remove = () => {
    dialog?.close();
    dialog?.remove();
    dialog = null;
    shown = '';
  };

  return () => {
    const open = (store.views.get(store.me) ?? []).filter((view) => view.type === 'modal');
    const view = open.at(-1);
    if (!view) return remove();
    const signature = `${view.id} ${view.hash} ${store.me}`;
    if (signature === shown) return;
    remove();
    shown = signature;
    if (!forms.has(view.id)) forms.set(view.id, {});
    dialog = draw(view, forms.get(view.id), open.length > 1);
    document.body.append(dialog);
    dialog.showModal();
    const first = dialog.querySelector('.input :is(input, textarea, select)');
    if (first) first.focus();
  };
}

/** What a form of this view holds and does. */
export function viewSurface(view, values, errors = {}) {
  return {
    isForm: true,
    errors,
    get: (block, element) => values[block.block_id]?.[element.action_id],
    set: (block, element, value) => {
      values[block.block_id] = { ...values[block.block_id], [element.action_id]: value };
    },
    act: ({ actionId, blockId, value }) =>
      attempt('This action', () =>
        act('clickInView', { user: store.me, view: view.id, actionId, blockId, value, values }),
      ),
  };
}

function draw(view, values, isStacked) {
  const body = h('div', { class: 'dialog-body', tabindex: '-1' });
  const fillBody = (errors) =>
    body.replaceChildren(...renderBlocks(view.blocks, viewSurface(view, values, errors)));
  fillBody({});
  const close = () =>
    void attempt('Closing', () => act('closeView', { user: store.me, view: view.id }));
  const submitButton = view.submit
    ? h(
        'button',
        { type: 'submit', class: 'button primary', 'data-testid': 'modal-submit' },
        plainText(view.submit),
      )
    : null;
  const submit = async (event) => {
    event.preventDefault();
    submitButton.disabled = true;
    submitButton.classList.add('busy');
    const outcome = await send(view, values);
    submitButton.disabled = false;
    submitButton.classList.remove('busy');
    if (!outcome?.errors) return;
    fillBody(outcome.errors);
    body.querySelector('.has-error :is(input, textarea, select)')?.focus();
  };
  return h(
    'dialog',
    {
      class: 'dialog modal',
      'data-testid': 'modal',
      'aria-labelledby': 'modal-title',
      oncancel: (event) => {
        event.preventDefault();
        close();
      },
    },
    h(
      'form',
      { novalidate: true, onsubmit: submit },
      h(
        'header',
        { class: 'dialog-head' },
        h('h2', { id: 'modal-title' }, plainText(view.title)),
        h(
          'button',
          {
            type: 'button',
            class: 'icon-button',
            'aria-label': 'Close',
            'data-testid': 'modal-x',
            onclick: close,
          },
          icon('close'),
        ),
      ),
      body,
      h(
        'footer',
        { class: 'dialog-buttons' },
        h('span', { class: 'muted' }, `From ${nameOf(store.bot.id)}`),
        h(
          'button',
          { type: 'button', class: 'button', 'data-testid': 'modal-close', onclick: close },
          view.close ? plainText(view.close) : isStacked ? 'Back' : 'Cancel',
        ),
        submitButton,
      ),
    ),
  );
}

/** Submits; errors at inputs are shown there, all others as a toast. */
async function send(view, values) {
  try {
    const outcome = await act('submitView', { user: store.me, view: view.id, values });
    if (!outcome.ok && !outcome.errors) fail('Submitting', outcome.error);
    return outcome;
  } catch (error) {
    fail('Submitting', error.code ?? error.message);
    return null;
  }
}
