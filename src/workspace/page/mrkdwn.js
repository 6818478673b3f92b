import { h } from './dom.js';
import { emojiOf, isKnownEmoji } from './emoji.js';
import { goTo, placeOf } from './route.js';
import { nameOf, store } from './store.js';

/** Slack's escapes back to characters. */
export function unescaped(text) {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

/** Text with mrkdwn to nodes: fences and quotes by line, the rest inline. */
export function mrkdwn(text) {
  const parts = text.split(/```\n?([\s\S]*?)```\n?/g);
  return parts.flatMap((part, index) => {
    if (index % 2 === 1) return h('pre', { class: 'pre' }, unescaped(part.replace(/\n$/, '')));
    return part === '' ? [] : quotes(part);
  });
}

function quotes(text) {
  const nodes = [];
  let lines = [];
  let isQuote = false;
  const flush = () => {
    if (lines.length === 0) return;
    const content = lines.flatMap((line, index) => [index > 0 ? h('br') : '', ...inline(line)]);
    if (isQuote) nodes.push(h('blockquote', null, content));
    else nodes.push(...content);
    lines = [];
  };
  const all = text.split('\n');
  for (const line of all) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (Boolean(quoted) !== isQuote) flush();
    isQuote = Boolean(quoted);
    lines.push(quoted ? quoted[1] : line);
  }
  flush();
  return nodes;
}

const TOKEN =
  /`([^`\n]+)`|<([^<>\s][^<>]*)>|(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])|:([a-z0-9_+-]+):/;

function inline(text) {
  const nodes = [];
  let rest = text;
  for (;;) {
    const match = TOKEN.exec(rest);
    if (!match) return [...nodes, unescaped(rest)];
    nodes.push(unescaped(rest.slice(0, match.index)), token(match));
    rest = rest.slice(match.index + match[0].length);
  }
}

function token([whole, code, angle, bold, italic, strike, emoji]) {
  if (code !== undefined) return h('code', null, unescaped(code));
  if (angle !== undefined) return reference(angle);
  if (bold !== undefined) return h('strong', null, inline(bold));
  if (italic !== undefined) return h('em', null, inline(italic));
  if (strike !== undefined) return h('s', null, inline(strike));
  return isKnownEmoji(emoji)
    ? h('span', { role: 'img', 'aria-label': emoji }, emojiOf(emoji))
    : whole;
}

/** What stands in angle brackets: a mention, a channel, a group, a broadcast, a date or a link. */
function reference(content) {
  const bar = content.indexOf('|');
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? '' : unescaped(content.slice(bar + 1));
  if (target.startsWith('@')) return userChip(target.slice(1));
  if (target.startsWith('#')) return channelChip(target.slice(1), label);
  if (target.startsWith('!subteam^')) return groupChip(target.slice(9), label);
  if (target.startsWith('!date^')) return h('time', null, label || target);
  if (target.startsWith('!'))
    return h('span', { class: 'mention loud' }, `@${label || target.slice(1)}`);
  return link(unescaped(target), label || unescaped(target));
}

export function userChip(id) {
  const isMe = id === store.me;
  return h('span', { class: isMe ? 'mention me' : 'mention' }, `@${nameOf(id)}`);
}

export function groupChip(id, label) {
  const handle = store.userGroups.get(id)?.handle ?? id;
  return h('span', { class: 'mention' }, label || `@${handle}`);
}

export function channelChip(id, label) {
  const name = store.channels.get(id)?.name ?? label ?? id;
  if (!store.channels.has(id)) return h('span', { class: 'mention' }, `#${name}`);
  return h(
    'button',
    { class: 'mention channel', type: 'button', onclick: () => goTo(id) },
    `#${name}`,
  );
}

/** A link for http, https and mailto; anything else stays a text. */
export function link(href, label) {
  if (!/^(?:https?|mailto):/i.test(href)) return document.createTextNode(label);
  const place = placeOf(href);
  const follow = (event) => {
    event.preventDefault();
    goTo(place.channel, place.thread);
  };
  return h(
    'a',
    { href, target: '_blank', rel: 'noopener noreferrer', ...(place ? { onclick: follow } : {}) },
    label,
  );
}

/** A text object of Block Kit. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === 'mrkdwn') return mrkdwn(object.text);
  return plainText(object);
}

export function plainText(object) {
  return unescaped(object.text)
    .split(/(:[a-z0-9_+-]+:)/g)
    .map((part) => (/^:.+:$/.test(part) ? emojiOf(part.slice(1, -1)) : part));
}
