import { HousecallError } from '../../core/errors.ts';
import type { Host, Inventory } from '../../core/fleet/host.ts';

/**
 * The host and the bastions before it, host first.
 * @throws HousecallError TARGET_UNKNOWN for a name that is not in the inventory, CONFIG_INVALID for a circle.
 */
export function routeTo(inventory: Inventory, name: string): readonly [Host, ...Host[]] {
  const first = inventory.get(name);
  if (first === undefined) {
    throw new HousecallError('TARGET_UNKNOWN', `there is no host "${name}" in the inventory`, {
      context: { host: name },
    });
  }
  const route: [Host, ...Host[]] = [first];
  for (let at = first; at.via !== undefined; ) {
    const next = inventory.get(at.via);
    if (next === undefined) {
      const words = `hosts.${at.name}.via names "${at.via}", which is not in the inventory`;
      throw new HousecallError('CONFIG_INVALID', words, { context: { host: name } });
    }
    if (route.includes(next)) {
      const circle = [...route.map((host) => host.name), next.name].join(' -> ');
      const words = `hosts.${name}.via goes in a circle: ${circle}`;
      throw new HousecallError('CONFIG_INVALID', words, { context: { host: name } });
    }
    route.push(next);
    at = next;
  }
  return route;
}
