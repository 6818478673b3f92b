import { HousecallError } from '../errors.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { quoted } from '../quoted.ts';
import { foldNames } from './fold-names.ts';
import type { Inventory } from './host.ts';
import { expandNodeSet, MAX_NAMES } from './node-set.ts';

/** The group that everybody is in. */
export const ALL = 'all';

/** Longer texts are refused before they are read. */
const MAX_TEXT = 10_000;

/** Reported one by one; the rest is counted. */
const MAX_REPORTED = 5;

/**
 * The hosts that a person means: names, aliases, node sets (`web-[1-12,15-40]`), groups (`@docker`,
 * `@all`), separated by commas and read from left to right; `!` takes away (`@web!web-3`).
 * Canonical names, each once, in the order named. Only hosts of the inventory ever come out.
 * @throws HousecallError USAGE (malformed, or nothing left), TARGET_UNKNOWN (with the nearest names).
 */
export function resolveTargets(text: string, inventory: Inventory): readonly string[] {
  if (text.length > MAX_TEXT) {
    throw new HousecallError('USAGE', `targets: longer than ${MAX_TEXT} characters`);
  }
  const names = nameIndex(inventory);
  const chosen = new Set<string>();
  const unknown: string[] = [];
  let expanded = 0;
  for (const { exclude, term } of terms(text)) {
    const found = term.startsWith('@')
      ? membersOf(term.slice(1), inventory)
      : expandNodeSet(term).map((name) => ({ name, host: names.get(name) }));
    expanded += found.length;
    if (expanded > MAX_NAMES) {
      throw new HousecallError('USAGE', `targets: more than ${MAX_NAMES} names`);
    }
    for (const { name, host } of found) {
      if (host === undefined) unknown.push(name);
      else if (exclude) chosen.delete(host);
      else chosen.add(host);
    }
  }
  if (unknown.length > 0) throw targetUnknown(unknown, inventory);
  if (chosen.size === 0) {
    throw new HousecallError('USAGE', `targets ${quoted(text.trim())}: no host is left`, {
      context: { targets: text },
    });
  }
  return [...chosen];
}

/** Canonical name by name and alias. */
export function nameIndex(inventory: Inventory): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  for (const host of inventory.values()) {
    for (const alias of host.aliases) index.set(alias, host.name);
  }
  for (const name of inventory.keys()) index.set(name, name);
  return index;
}

export function groupsOf(inventory: Inventory): readonly string[] {
  return [...new Set([...inventory.values()].flatMap((host) => host.groups))];
}

function terms(text: string): readonly { exclude: boolean; term: string }[] {
  const found: { exclude: boolean; term: string }[] = [];
  let depth = 0;
  let exclude = false;
  let term = '';
  const finish = (): void => {
    const trimmed = term.trim();
    if (trimmed !== '') found.push({ exclude, term: trimmed });
    else if (exclude)
      throw new HousecallError('USAGE', `targets ${quoted(text)}: nothing after "!"`);
    term = '';
  };
  for (const character of text) {
    if (character === '[') depth++;
    if (character === ']') depth--;
    if (depth <= 0 && (character === ',' || character === '!')) {
      finish();
      exclude = character === '!';
    } else term += character;
  }
  finish();
  return found;
}

function membersOf(
  group: string,
  inventory: Inventory,
): readonly { name: string; host: string | undefined }[] {
  const hosts = [...inventory.values()].filter((h) => group === ALL || h.groups.includes(group));
  if (hosts.length === 0) {
    const groups = [...groupsOf(inventory), ALL];
    throw new HousecallError(
      'TARGET_UNKNOWN',
      `unknown group ${quoted(`@${group}`)}${didYouMean(group, groups)} (groups: ${groups.map((g) => `@${g}`).join(', ')})`,
      { context: { unknown: [`@${group}`], nearest: nearest(group, groups).map((g) => `@${g}`) } },
    );
  }
  return hosts.map(({ name }) => ({ name, host: name }));
}

function targetUnknown(unknown: readonly string[], inventory: Inventory): HousecallError {
  const known = [...nameIndex(inventory).keys()];
  const folded = foldNames(unknown.slice(0, 1000)).split(/,(?![^[]*\])/);
  const near = new Set<string>();
  const words = folded.slice(0, MAX_REPORTED).map((word) => {
    const sample = word.replaceAll(/\[(\d+)[^\]]*\]/g, '$1');
    for (const name of nearest(sample, known)) near.add(name);
    return `${quoted(word)}${didYouMean(sample, known)}`;
  });
  const rest = folded.length - words.length;
  if (rest > 0) words.push(`and ${rest} more`);
  const group = groupsOf(inventory).find((name) => unknown.includes(name));
  const hint = group === undefined ? '' : ` (the group is written @${group})`;
  return new HousecallError('TARGET_UNKNOWN', `unknown host ${words.join(', ')}${hint}`, {
    context: { unknown: unknown.slice(0, 100), nearest: [...near] },
  });
}
