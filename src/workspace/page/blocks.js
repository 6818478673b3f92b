import { fileUrl } from './api.js';
import { chart } from './charts.js';
import { h } from './dom.js';
import { formElement } from './elements.js';
import { mrkdwn, plainText, textObject } from './mrkdwn.js';
import { richText } from './rich-text.js';
import { table } from './tables.js';

/**
 * Blocks of a message or view. `surface` says what a click does (`act`), which values a form holds
 * (`get`, `set`) and what is wrong with them (`errors`).
 */
export function renderBlocks(blocks, surface) {
  return (blocks ?? []).map((block) =>
    h(
      'div',
      { class: `block block-${block.type}`, 'data-block-id': block.block_id },
      content(block, surface),
    ),
  );
}

function content(block, surface) {
  switch (block.type) {
    case 'section':
      return section(block, surface);
    case 'header':
      return h('h3', { class: 'header' }, plainText(block.text));
    case 'divider':
      return h('hr');
    case 'context':
      return h(
        'div',
        { class: 'context' },
        block.elements.map((element) => contextElement(element)),
      );
    case 'actions':
    case 'context_actions':
      return h(
        'div',
        { class: 'actions' },
        block.elements.map((element) => formElement(element, block, surface)),
      );
    case 'rich_text':
      return richText(block);
    case 'markdown':
      return h('div', { class: 'rich' }, mrkdwn(block.text.replace(/\*\*(.+?)\*\*/g, '*$1*')));
    case 'table':
    case 'data_table':
      return table(block);
    case 'data_visualization':
      return chart(block);
    case 'image':
      return image(block);
    case 'input':
      return input(block, surface);
    case 'container':
      return container(block, surface);
    case 'card':
      return card(block, surface);
    case 'carousel':
      return h('div', { class: 'carousel' }, renderBlocks(block.elements, surface));
    case 'alert':
      return h(
        'div',
        { class: `alert ${block.level ?? 'default'}`, role: 'note' },
        textObject(block.text),
      );
    default:
      return h('div', { class: 'unsupported' }, `A block of type ${block.type}`);
  }
}

function section(block, surface) {
  return h(
    'div',
    { class: 'section-row' },
    h(
      'div',
      { class: 'section-body' },
      block.text ? h('div', { class: 'rich' }, textObject(block.text)) : null,
      block.fields
        ? h(
            'div',
            { class: 'fields' },
            block.fields.map((field) => h('div', { class: 'field' }, textObject(field))),
          )
        : null,
    ),
    block.accessory
      ? h('div', { class: 'accessory' }, formElement(block.accessory, block, surface))
      : null,
  );
}

function contextElement(element) {
  if (element.type === 'image')
    return h('span', { class: 'context-image', role: 'img', 'aria-label': element.alt_text }, '🖼');
  return h('span', { class: 'rich' }, textObject(element));
}

/** A file of the workspace is shown. The page loads nothing from elsewhere: such an image is named. */
function image(block) {
  const title = block.title ? plainText(block.title) : null;
  if (block.slack_file?.id) {
    const src = fileUrl(block.slack_file.id);
    return h(
      'figure',
      { class: 'picture' },
      title ? h('figcaption', null, title) : null,
      h('img', { src, alt: block.alt_text, loading: 'lazy', 'data-testid': 'picture' }),
    );
  }
  return h(
    'figure',
    { class: 'image', role: 'img', 'aria-label': block.alt_text },
    h('span', { class: 'image-frame', 'aria-hidden': 'true' }, '🖼'),
    h('figcaption', null, title ?? block.alt_text),
  );
}

function input(block, surface) {
  const id = `input-${block.block_id}`;
  const error = surface.errors?.[block.block_id];
  const isGroup = ['checkboxes', 'radio_buttons'].includes(block.element.type);
  return h(
    isGroup ? 'fieldset' : 'div',
    {
      class: error ? 'input has-error' : 'input',
      'data-testid': `input-${block.element.action_id}`,
    },
    h(
      isGroup ? 'legend' : 'label',
      isGroup ? null : { for: id },
      plainText(block.label),
      block.optional ? h('span', { class: 'optional' }, ' (optional)') : null,
    ),
    formElement(block.element, block, surface, id),
    block.hint ? h('p', { class: 'hint' }, plainText(block.hint)) : null,
    error ? h('p', { class: 'error', role: 'alert', 'data-testid': 'input-error' }, error) : null,
  );
}

function container(block, surface) {
  const title = block.title ? plainText(block.title) : richText(block.rich_text_title);
  const body = renderBlocks(block.child_blocks, surface);
  if (block.is_collapsible === false)
    return h('div', { class: 'container' }, h('div', { class: 'container-title' }, title), body);
  return h(
    'details',
    { class: 'container', open: block.default_collapsed !== true },
    h(
      'summary',
      { class: 'container-title' },
      title,
      block.subtitle ? h('small', null, textObject(block.subtitle)) : null,
    ),
    h('div', { class: 'container-body' }, body),
  );
}

function card(block, surface) {
  return h(
    'div',
    { class: 'card' },
    block.title ? h('strong', null, textObject(block.title)) : null,
    block.subtitle ? h('div', { class: 'muted' }, textObject(block.subtitle)) : null,
    block.body ? h('div', { class: 'rich' }, textObject(block.body)) : null,
    h(
      'div',
      { class: 'actions' },
      (block.actions ?? []).map((element) => formElement(element, block, surface)),
    ),
  );
}
