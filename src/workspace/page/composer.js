import { act } from './api.js';
import { h, icon } from './dom.js';
import { store } from './store.js';
import { suggestionList, suggestionsFor } from './suggest.js';
import { attempt, toast } from './toasts.js';

/** The message box of a channel, or of a thread, with completion and a memory of what was sent. */
export function createComposer({ id, inThread }) {
  let place = { channel: '', thread: '' };
  let suggestions = [];
  let active = 0;
  const sent = [];
  let back = 0;

  const list = h('ul', {
    class: 'suggestions',
    id: `${id}-suggestions`,
    role: 'listbox',
    'aria-label': 'Completions',
    hidden: true,
  });
  const status = h('div', {
    class: 'composer-status',
    role: 'status',
    'data-testid': `${id}-status`,
  });
  const box = h('textarea', {
    id,
    rows: '1',
    'data-testid': id,
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-controls': `${id}-suggestions`,
    'aria-autocomplete': 'list',
    'aria-label': 'Message',
    spellcheck: 'true',
  });
  const button = h(
    'button',
    { type: 'submit', class: 'send', 'aria-label': 'Send', 'data-testid': `${id}-send` },
    icon('send'),
  );
  const element = h(
    'form',
    {
      class: 'composer',
      onsubmit: (event) => {
        event.preventDefault();
        void submit();
      },
    },
    list,
    h('div', { class: 'composer-box' }, box, button),
    status,
  );

  const draftKey = () => `${store.me} ${place.channel} ${place.thread}`;
  const draw = () => {
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
    button.disabled = box.value.trim() === '';
    list.hidden = suggestions.length === 0;
    box.setAttribute('aria-expanded', String(suggestions.length > 0));
    if (suggestions.length > 0) box.setAttribute('aria-activedescendant', `suggestion-${active}`);
    else box.removeAttribute('aria-activedescendant');
    list.replaceChildren(...suggestionList(suggestions, active, pick));
  };
  const look = () => {
    suggestions = suggestionsFor(box.value.slice(0, box.selectionStart), inThread);
    active = Math.min(active, Math.max(0, suggestions.length - 1));
    store.drafts.set(draftKey(), box.value);
    draw();
  };
  const fill = (text) => {
    box.value = text;
    suggestions = [];
    store.drafts.set(draftKey(), text);
    draw();
  };
  const pick = (one) => {
    const after = box.value.slice(box.selectionStart);
    const start = box.value.slice(0, one.from) + one.insert;
    fill(start + after);
    box.setSelectionRange(start.length, start.length);
    look();
    box.focus();
  };
  const submit = async () => {
    const text = box.value.trim();
    if (text === '') return;
    if (inThread && text.startsWith('/')) {
      toast('Slash commands cannot be used in a thread.', 'error');
      return;
    }
    sent.push(text);
    back = 0;
    fill('');
    const command = /^(\/\S+)(?:\s+([\s\S]*))?$/.exec(text);
    const target = { user: store.me, channel: place.channel };
    const isDone = command
      ? await runCommand(target, command[1], command[2] ?? '')
      : await attempt('The message', () => act('say', { ...target, text, thread: place.thread }));
    if (!isDone && box.value === '') fill(text);
  };
  const runCommand = async (target, command, text) => {
    status.textContent = `Running ${command} …`;
    const outcome = await attempt(`${command} ${text}`.trim(), () =>
      act('slash', { ...target, command, text }),
    );
    status.textContent = '';
    return outcome?.ok === true;
  };
  const recall = (step) => {
    const next = back + step;
    if (next < 0 || next > sent.length) return false;
    back = next;
    fill(back === 0 ? '' : sent[sent.length - back]);
    return true;
  };

  box.addEventListener('input', look);
  box.addEventListener('blur', () => {
    suggestions = [];
    draw();
  });
  box.addEventListener('keydown', (event) => {
    const isOpen = suggestions.length > 0;
    if (event.isComposing) return;
    if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      active =
        (active + (event.key === 'ArrowDown' ? 1 : -1) + suggestions.length) % suggestions.length;
      draw();
    } else if (isOpen && (event.key === 'Tab' || (event.key === 'Enter' && !isComplete()))) {
      event.preventDefault();
      pick(suggestions[active]);
    } else if (isOpen && event.key === 'Escape') {
      event.stopPropagation();
      suggestions = [];
      draw();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'ArrowUp' && (box.value === '' || back > 0)) {
      if (recall(1)) event.preventDefault();
    } else if (event.key === 'ArrowDown' && back > 0) {
      if (recall(-1)) event.preventDefault();
    }
  });
  /** The whole word is typed already: Enter sends it. */
  const isComplete = () => {
    const { from, insert } = suggestions[active];
    return box.value.slice(from, box.selectionStart) === insert.trim();
  };

  return {
    element,
    focus: () => box.focus(),
    update: (channel, thread, label) => {
      box.placeholder = label;
      box.setAttribute('aria-label', label);
      if (place.channel === channel && place.thread === thread && place.me === store.me) return;
      place = { channel, thread, me: store.me };
      fill(store.drafts.get(draftKey()) ?? '');
    },
  };
}
