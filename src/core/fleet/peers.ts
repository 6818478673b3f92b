import type { Inventory } from './host.ts';

/**
 * The hosts that share a group with this one, itself included and first; those of its smallest groups
 * before the others, because a small group says most about a host.
 */
export function peersOf(name: string, inventory: Inventory, atMost: number): readonly string[] {
  const groups = (inventory.get(name)?.groups ?? [])
    .map((group) => [...inventory.values()].filter((host) => host.groups.includes(group)))
    .toSorted((a, b) => a.length - b.length);
  const names = new Set([name, ...groups.flatMap((group) => group.map((host) => host.name))]);
  return [...names].slice(0, atMost);
}
