import { confirmed } from './confirm.js';
import { h } from './dom.js';
import { plainText, textObject, unescaped } from './mrkdwn.js';
import { people, store, visibleChannels } from './store.js';

const TEXT_INPUTS = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
  rich_text_input: 'text',
  datepicker: 'date',
  timepicker: 'time',
};

/** One interactive element. In a form it keeps a value; in a message a choice is sent at once. */
export function formElement(element, block, surface, id) {
  const { type } = element;
  if (type === 'image')
    return h(
      'span',
      { class: 'image-frame small', role: 'img', 'aria-label': element.alt_text },
      '🖼',
    );
  if (['button', 'workflow_button', 'icon_button'].includes(type))
    return button(element, block, surface);
  if (type === 'feedback_buttons')
    return [element.positive_button, element.negative_button].map((one) =>
      button({ ...element, ...one, type: 'button' }, block, surface),
    );
  if (Object.hasOwn(TEXT_INPUTS, type)) return textInput(element, block, surface, id);
  if (type === 'checkboxes' || type === 'radio_buttons') return boxes(element, block, surface, id);
  return select(element, block, surface, id);
}

function button(element, block, surface) {
  const style = element.style ? ` ${element.style}` : '';
  const made = h(
    'button',
    {
      type: 'button',
      class: `button${style}`,
      'data-testid': `action-${element.action_id}`,
      'data-value': element.value,
      'aria-label': element.accessibility_label,
      onclick: async () => {
        if (element.confirm && !(await confirmed(element.confirm))) return;
        if (element.url && /^https?:/i.test(element.url))
          window.open(element.url, '_blank', 'noopener,noreferrer');
        made.disabled = true;
        made.classList.add('busy');
        await surface.act({
          actionId: element.action_id,
          blockId: block.block_id,
          value: element.value,
        });
        made.disabled = false;
        made.classList.remove('busy');
      },
    },
    plainText(element.text),
  );
  return made;
}

function textInput(element, block, surface, id) {
  const isLong = element.multiline === true || element.type === 'rich_text_input';
  const initial = element.initial_value ?? element.initial_date ?? element.initial_time ?? '';
  const field = h(isLong ? 'textarea' : 'input', {
    id,
    class: 'text-field',
    type: isLong ? undefined : TEXT_INPUTS[element.type],
    rows: isLong ? '4' : undefined,
    maxlength: element.max_length ? String(element.max_length) : undefined,
    placeholder: element.placeholder ? unescaped(element.placeholder.text) : undefined,
    autocomplete: 'off',
    'data-testid': `field-${element.action_id}`,
    value: surface.get(block, element) ?? (typeof initial === 'string' ? initial : ''),
    oninput: () => surface.set(block, element, field.value),
    onchange: () => {
      if (!surface.isForm || block.dispatch_action === true)
        void surface.act({
          actionId: element.action_id,
          blockId: block.block_id,
          value: field.value,
        });
    },
  });
  if (element.focus_on_load) field.autofocus = true;
  return field;
}

function boxes(element, block, surface, id) {
  const isMany = element.type === 'checkboxes';
  const initial = isMany
    ? (element.initial_options ?? []).map((option) => option.value)
    : element.initial_option?.value;
  const current = surface.get(block, element) ?? initial;
  const name = `${id ?? block.block_id}-${element.action_id}`;
  const list = h(
    'div',
    { class: 'boxes', role: 'group' },
    element.options.map((option) => {
      const isOn = isMany ? (current ?? []).includes(option.value) : current === option.value;
      return h(
        'label',
        { class: 'box' },
        h('input', {
          type: isMany ? 'checkbox' : 'radio',
          name,
          value: option.value,
          checked: isOn,
          onchange: () => {
            const on = [...list.querySelectorAll('input:checked')].map((input) => input.value);
            choose(element, block, surface, isMany ? on : on[0]);
          },
        }),
        h(
          'span',
          null,
          textObject(option.text),
          option.description ? h('small', null, textObject(option.description)) : null,
        ),
      );
    }),
  );
  return list;
}

function select(element, block, surface, id) {
  const isMany = element.type.startsWith('multi_');
  const current = surface.get(block, element) ?? initialOf(element);
  const chosen = new Set([current].flat());
  const option = (one) => {
    const made = h('option', { value: one.value }, one.label);
    made.selected = chosen.has(one.value);
    return made;
  };
  const placeholder = element.placeholder
    ? unescaped(element.placeholder.text)
    : element.type === 'overflow'
      ? '⋯'
      : 'Choose…';
  const field = h(
    'select',
    {
      id,
      class: 'select-field',
      multiple: isMany,
      'data-testid': `field-${element.action_id}`,
      'aria-label': id ? undefined : placeholder,
      onchange: async () => {
        const values = [...field.selectedOptions]
          .map((one) => one.value)
          .filter((value) => value !== '');
        if (!surface.isForm && element.confirm && !(await confirmed(element.confirm))) return;
        choose(element, block, surface, isMany ? values : values[0]);
      },
    },
    isMany ? null : h('option', { value: '' }, placeholder),
    element.option_groups
      ? element.option_groups.map((group) =>
          h(
            'optgroup',
            { label: unescaped(group.label.text) },
            group.options.map((one) => option(entry(one))),
          ),
        )
      : choices(element).map(option),
  );
  return field;
}

function choose(element, block, surface, value) {
  surface.set(block, element, value);
  if (surface.isForm && block.type === 'input' && block.dispatch_action !== true) return;
  if (value !== undefined && !Array.isArray(value))
    void surface.act({ actionId: element.action_id, blockId: block.block_id, value });
}

function initialOf(element) {
  if (element.initial_option) return element.initial_option.value;
  if (element.initial_options) return element.initial_options.map((option) => option.value);
  return (
    element.initial_user ??
    element.initial_users ??
    element.initial_channel ??
    element.initial_conversation
  );
}

const entry = (option) => ({ value: option.value, label: unescaped(option.text.text) });

function choices(element) {
  if (element.type.includes('users'))
    return people().map((user) => ({ value: user.id, label: user.realName }));
  if (element.type.includes('channels') || element.type.includes('conversations'))
    return visibleChannels().map((channel) => ({
      value: channel.id,
      label: `#${channel.name || store.bot.name}`,
    }));
  return (element.options ?? []).map(entry);
}
