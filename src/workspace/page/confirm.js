import { h } from './dom.js';
import { plainText, textObject } from './mrkdwn.js';

/** Asks before a button acts; true when the person agrees. */
export function confirmed(confirm) {
  return new Promise((resolve) => {
    const finish = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const style = confirm.style === 'danger' ? 'danger' : 'primary';
    const dialog = h(
      'dialog',
      {
        class: 'dialog confirm',
        'data-testid': 'confirm',
        'aria-label': confirm.title?.text ?? 'Confirm',
        oncancel: () => finish(false),
      },
      confirm.title ? h('h2', null, plainText(confirm.title)) : null,
      h('div', { class: 'rich' }, textObject(confirm.text)),
      h(
        'div',
        { class: 'dialog-buttons' },
        h(
          'button',
          {
            type: 'button',
            class: 'button',
            'data-testid': 'confirm-no',
            onclick: () => finish(false),
          },
          confirm.deny ? plainText(confirm.deny) : 'Cancel',
        ),
        h(
          'button',
          {
            type: 'button',
            class: `button ${style}`,
            autofocus: true,
            'data-testid': 'confirm-yes',
            onclick: () => finish(true),
          },
          confirm.confirm ? plainText(confirm.confirm) : 'Yes',
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
