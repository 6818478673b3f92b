import { h, icon } from './dom.js';

const WORDS = {
  dispatch_failed: (what) => `${what} failed because the app did not respond.`,
  operation_timeout: (what) =>
    `${what} failed with the error “operation_timeout”. The app took longer than three seconds.`,
  unknown_command: (what) => `${what.split(' ')[0]} is not a valid command.`,
  not_in_channel: () => 'Join the channel first.',
  is_archived: () => 'This channel is archived.',
  action_not_found: () => 'This button is gone: the message has changed.',
  message_not_found: () => 'This message is gone.',
  invalid_response: (what) => `${what}: the app gave an answer that Slack would not take.`,
};

/** Says that something failed, in the words that Slack uses. */
export function fail(what, code) {
  const words = Object.hasOwn(WORDS, code)
    ? WORDS[code](what)
    : `${what} failed with the error “${code}”.`;
  toast(words, 'error');
}

export function toast(text, kind = 'note') {
  const box = document.getElementById('toasts');
  const made = h(
    'div',
    { class: `toast ${kind}`, 'data-testid': 'toast' },
    h('span', null, text),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': 'Dismiss',
        onclick: () => made.remove(),
      },
      icon('close'),
    ),
  );
  box.append(made);
  // Shown again, it stands above a dialog that was opened since.
  if (box.matches(':popover-open')) box.hidePopover();
  box.showPopover();
  while (box.children.length > 4) box.firstChild.remove();
  setTimeout(() => made.remove(), 9000);
}

/** Runs something that may be refused; null and a toast when it is. */
export async function attempt(what, run) {
  try {
    const outcome = await run();
    if (outcome && outcome.ok === false) fail(what, outcome.error);
    return outcome;
  } catch (error) {
    fail(what, error.code ?? error.message);
    return null;
  }
}
