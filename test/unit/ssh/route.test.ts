import { describe, expect, it } from 'vitest';
import { routeTo } from '../../../src/adapters/ssh/route.ts';
import type { Host, Inventory } from '../../../src/core/fleet/host.ts';

function inventory(via: Readonly<Record<string, string | undefined>>): Inventory {
  const host = (name: string, hop: string | undefined): Host => ({
    name,
    address: name,
    port: 22,
    user: 'u',
    groups: [],
    aliases: [],
    sudo: false,
    knownHostsFile: '/k',
    connectTimeoutSeconds: 1,
    ...(hop === undefined ? {} : { via: hop }),
  });
  return new Map(Object.entries(via).map(([name, hop]) => [name, host(name, hop)]));
}

describe('the way to a host', () => {
  it('lists the bastions, the nearest to the host first', () => {
    const hosts = inventory({ a: 'b', b: 'c', c: undefined });
    expect(routeTo(hosts, 'a').map((host) => host.name)).toEqual(['a', 'b', 'c']);
  });

  it('refuses a circle, an unknown bastion and an unknown host', () => {
    const hosts = inventory({ a: 'b', b: 'a', c: 'nobody', d: 'd' });
    expect(() => routeTo(hosts, 'a')).toThrow('a -> b -> a');
    expect(() => routeTo(hosts, 'd')).toThrow('d -> d');
    expect(() => routeTo(hosts, 'c')).toThrow('"nobody"');
    expect(() => routeTo(hosts, 'x')).toThrow('no host "x"');
  });
});
