import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/core/fleet/host.ts';
import { matchHosts } from '../../../src/core/fleet/match-host.ts';

const host = (name: string, aliases: string[] = []): Host => ({
  name,
  address: '192.0.2.1',
  port: 22,
  user: 'housecall',
  groups: [],
  aliases,
  sudo: false,
  knownHostsFile: '/dev/null',
  connectTimeoutSeconds: 8,
});
const inventory = new Map(
  [
    host('host-17', ['ip-10-0-0-17', '10.0.0.17', 'fd00::17']),
    host('Web-1'),
    host('web-1.eu'),
    host('a', ['shared']),
    host('b', ['SHARED']),
    host('10'),
  ].map((h) => [h.name, h]),
);
const found = (...hints: string[]): string[] => matchHosts(hints, inventory).hosts;

describe('matching the hosts that an alert names', () => {
  it.each([
    ['host-17', 'host-17'],
    ['HOST-17', 'host-17'],
    ['host-17:9100', 'host-17'],
    ['host-17.example.org', 'host-17'],
    ['host-17.example.org.:9100', 'host-17'],
    ['http://host-17:9100/metrics?x=1', 'host-17'],
    ['ip-10-0-0-17.eu-west-1.compute.internal', 'host-17'],
    ['10.0.0.17:9100', 'host-17'],
    ['[fd00::17]:9100', 'host-17'],
    ['fd00::17', 'host-17'],
    ['web-1', 'Web-1'],
    ['web-1.eu.example.org', 'web-1.eu'],
    ['web-1.us.example.org', 'Web-1'],
  ])('takes %s for %s', (hint, name) => {
    expect(found(hint)).toEqual([name]);
  });

  it.each([
    'host-1',
    'host',
    '10.0.0.18',
    'shared',
    'shared.example.org',
    '',
    ' ',
    '.',
    ':',
    '[',
    '17',
  ])('takes %j for no host', (hint) => {
    expect(matchHosts([hint], inventory)).toEqual({ hosts: [], unmatched: [hint] });
  });

  it('names every host once, best hint first, and what it did not know', () => {
    expect(matchHosts(['disk', 'web-1:1', 'host-17', 'Web-1', 'disk'], inventory)).toEqual({
      hosts: ['Web-1', 'host-17'],
      unmatched: ['disk'],
    });
  });

  it('only ever answers with names of the inventory', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (hints) => {
        for (const name of found(...hints)) expect(inventory.has(name)).toBe(true);
      }),
    );
  });
});
