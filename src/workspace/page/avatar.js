import { h } from './dom.js';
import { nameOf, store } from './store.js';

const HUES = 8;

/** A square with initials; the app has its own sign. */
export function avatar(userId, size = '') {
  const isBot = userId === store.bot.id;
  const name = nameOf(userId);
  const initials = name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2)
    .toUpperCase();
  let hue = 0;
  for (const character of userId) hue = (hue * 31 + character.codePointAt(0)) % HUES;
  const look = isBot ? 'bot' : `hue-${hue}`;
  return h(
    'span',
    { class: `avatar ${look} ${size}`, 'aria-hidden': 'true' },
    isBot ? '✚' : initials,
  );
}
