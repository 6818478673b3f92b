import type { Inventory } from './host.ts';

/** More hints than any alert has hosts; the rest is reported as unmatched. */
const MAX_HINTS = 500;
/** Longest DNS name (RFC 1035 section 2.3.4) with a scheme, port and path around it. */
const MAX_HINT = 512;

/**
 * Hosts of the inventory that an alert names. A hint is only a key for an exact look-up among names and
 * aliases, case aside: as it stands, then without scheme, path and port, then without its domain, label
 * by label. What could be two hosts is no host: nothing is ever guessed or connected to.
 */
export function matchHosts(
  hints: readonly string[],
  inventory: Inventory,
): { readonly hosts: string[]; readonly unmatched: string[] } {
  const index = lowerCaseIndex(inventory);
  const hosts = new Set<string>();
  const unmatched = new Set<string>();
  for (const hint of hints.slice(0, MAX_HINTS)) {
    const found = candidates(hint).map((name) => index.get(name));
    const first = found.find((host) => host !== undefined);
    if (first !== undefined && first !== null) hosts.add(first);
    else unmatched.add(hint);
  }
  for (const hint of hints.slice(MAX_HINTS)) unmatched.add(hint);
  return { hosts: [...hosts], unmatched: [...unmatched] };
}

/** Canonical name by lower-case name or alias; null: more than one host is called so. */
function lowerCaseIndex(inventory: Inventory): ReadonlyMap<string, string | null> {
  const index = new Map<string, string | null>();
  const enter = (called: string, name: string): void => {
    const key = called.toLowerCase();
    const before = index.get(key);
    index.set(key, before === undefined || before === name ? name : null);
  };
  for (const name of inventory.keys()) enter(name, name);
  for (const host of inventory.values()) {
    for (const alias of host.aliases) enter(alias, host.name);
  }
  return index;
}

/** What to look up, in order. */
function candidates(hint: string): string[] {
  const whole = hint.trim().toLowerCase();
  if (whole === '' || whole.length > MAX_HINT) return [];
  const bare = withoutPort(whole.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/[/?#].*$/s, ''));
  const name = bare.endsWith('.') ? bare.slice(0, -1) : bare;
  const labels = /^[\d.]+$/.test(name) || name.includes(':') ? [] : name.split('.');
  const shorter = labels.slice(1).map((_, i) => labels.slice(0, labels.length - 1 - i).join('.'));
  return [...new Set([whole, name, ...shorter])].filter((text) => text !== '');
}

function withoutPort(text: string): string {
  const bracketed = /^\[([0-9a-f:.%]+)\](?::\d{1,5})?$/.exec(text);
  if (bracketed !== null) return bracketed[1] ?? '';
  return text.replace(/^([^:]*):\d{1,5}$/, '$1');
}
