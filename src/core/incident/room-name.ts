import { sanitise } from '../sanitise.ts';

/** Slack: channel names have at most 80 characters of `[a-z0-9_-]`. */
const MAX_LENGTH = 80;

/** Room for `-2` … `-999` when another has the name. */
const SUFFIX_ROOM = 4;

/** `roomName('inc', '20261120-7', 'Disk > 75 %')` is `inc-20261120-7-disk-75`: always unique by its id. */
export function roomName(prefix: string, id: string, title: string): string {
  const start = [slug(prefix), slug(id)].filter((part) => part !== '').join('-');
  const end = slug(title);
  const name = end === '' ? start : `${start}-${end}`;
  const limit = MAX_LENGTH - SUFFIX_ROOM;
  if (name.length <= limit) return name;
  const cut = name.slice(0, limit);
  const wordEnd = name[limit] === '-' ? limit : cut.lastIndexOf('-');
  // A cut in mid-word is better than losing most of a title that is one long word.
  return (
    wordEnd > start.length + (limit - start.length) / 2 ? cut.slice(0, wordEnd) : cut
  ).replace(/-+$/, '');
}

function slug(text: string): string {
  return sanitise(text.slice(0, 1_000))
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
}
