import { describe, expect, it } from 'vitest';
import { inventoryOf } from '../../../src/config/inventory.ts';
import { parse, problemOf } from '../../support/config.ts';

function inventory(hosts: string) {
  return inventoryOf(parse(`ssh: { user: ops }\nhosts:\n${hosts}`));
}

describe('hosts', () => {
  it('expand node sets with {name} in address and aliases', () => {
    const hosts = inventory(
      '  web-[08-10]: { address: "{name}.internal", aliases: ["{name}.prod"] }\n',
    );
    expect([...hosts.keys()]).toEqual(['web-08', 'web-09', 'web-10']);
    expect(hosts.get('web-09')).toMatchObject({
      address: 'web-09.internal',
      aliases: ['web-09.prod'],
      port: 22,
      user: 'ops',
      sudo: false,
    });
  });

  it('may be a bare name', () => {
    expect(inventory('  db-1:\n').get('db-1')?.address).toBe('db-1');
  });

  it('override the login of ssh', () => {
    const text = `ssh: { user: ops, passphrase: abc }\nhosts: { a: { user: root, identityFile: ~/k, connectTimeoutSeconds: 3 }, b: {} }\n`;
    const hosts = inventoryOf(parse(text));
    expect(hosts.get('a')).toMatchObject({
      user: 'root',
      identityFile: '/home/me/k',
      connectTimeoutSeconds: 3,
    });
    expect(hosts.get('b')).toMatchObject({
      user: 'ops',
      passphrase: 'abc',
      connectTimeoutSeconds: 8,
    });
  });

  it.each([
    [
      '  web-[1-3]: {}\n  web-2: {}\n',
      'hosts.web-2: web-2 is already defined by hosts["web-[1-3]"]',
    ],
    ['  a: { aliases: [x] }\n  b: { aliases: [x] }\n', 'hosts.b.aliases: "x" of b already means a'],
    ['  a: {}\n  b: { aliases: [A] }\n', 'hosts.b.aliases: "A" of b already means A'],
    ['  n[1-2]: { aliases: [x] }\n', '"x" of n2 already means n1'],
    [
      '  a: { via: bastoin }\n  bastion: {}\n',
      'hosts.a.via: "bastoin" is not allowed; allowed: the name of another host; did you mean "bastion"?',
    ],
    ['  a: { via: a }\n', 'hosts.a.via: goes in a circle: a → a'],
    ['  a: { via: b }\n  b: { via: c }\n  c: { via: a }\n', 'a → b → c → a'],
    ['  web-[1-: {}\n', 'hosts["web-[1-"]: node set'],
    ['  "-oProxyCommand=x": {}\n', 'is not a host name'],
    [
      '  a: { address: "-oProxyCommand=x" }\n',
      'hosts.a.address: "-oProxyCommand=x" is not allowed',
    ],
    ['  a: { groups: [all] }\n', '"all" is taken'],
    ['  n[1-20000]: {}\n', '10000 are allowed'],
    ['  {}\n', 'hosts: empty'],
  ])('of %j are refused: %s', (hosts, message) => {
    expect(problemOf(`ssh: { user: ops }\nhosts:\n${hosts}`)).toContain(message);
  });
});
