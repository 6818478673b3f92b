import { h } from './dom.js';
import { emojiOf } from './emoji.js';
import { channelChip, groupChip, link, userChip } from './mrkdwn.js';

/** A rich_text block. */
export function richText(block) {
  return h('div', { class: 'rich' }, (block.elements ?? []).map(group));
}

function group(element) {
  const inlines = () => (element.elements ?? []).map(inline);
  switch (element.type) {
    case 'rich_text_preformatted':
      return h('pre', { class: 'pre', tabindex: '0' }, inlines());
    case 'rich_text_quote':
      return h('blockquote', null, inlines());
    case 'rich_text_list': {
      const tag = element.style === 'ordered' ? 'ol' : 'ul';
      const items = (element.elements ?? []).map((item) =>
        h('li', null, (item.elements ?? []).map(inline)),
      );
      return h(tag, { class: `list indent-${Math.min(4, element.indent ?? 0)}` }, items);
    }
    default:
      return h('p', { class: 'section' }, inlines());
  }
}

function inline(element) {
  return styled(content(element), element.style ?? {});
}

function content(element) {
  switch (element.type) {
    case 'text':
      return lines(element.text);
    case 'link':
      return link(element.url, element.text ?? element.url);
    case 'user':
      return userChip(element.user_id);
    case 'usergroup':
      return groupChip(element.usergroup_id);
    case 'channel':
      return channelChip(element.channel_id);
    case 'emoji':
      return emojiOf(element.name);
    case 'broadcast':
      return h('span', { class: 'mention loud' }, `@${element.range}`);
    case 'date':
      return h(
        'time',
        null,
        element.fallback ?? new Date(element.timestamp * 1000).toLocaleString(),
      );
    default:
      return element.value ?? '';
  }
}

function lines(text) {
  return text.split('\n').flatMap((line, index) => (index > 0 ? ['\n', line] : [line]));
}

function styled(node, style) {
  let nodes = node;
  if (style.code) nodes = h('code', null, nodes);
  if (style.bold) nodes = h('strong', null, nodes);
  if (style.italic) nodes = h('em', null, nodes);
  if (style.strike) nodes = h('s', null, nodes);
  return nodes;
}
