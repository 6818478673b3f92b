import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import { foldNames } from '../../../src/core/fleet/fold-names.ts';
import type { Host, Inventory } from '../../../src/core/fleet/host.ts';
import { expandNodeSet } from '../../../src/core/fleet/node-set.ts';
import { resolveTargets } from '../../../src/core/fleet/targets.ts';

function inventory(...entries: readonly (Partial<Host> & { name: string })[]): Inventory {
  return new Map(
    entries.map((entry) => [
      entry.name,
      {
        address: entry.name,
        port: 22,
        user: 'ops',
        groups: [],
        aliases: [],
        sudo: false,
        knownHostsFile: '/dev/null',
        connectTimeoutSeconds: 8,
        ...entry,
      },
    ]),
  );
}

const web = Array.from({ length: 40 }, (_, i) => ({ name: `web-${i + 1}`, groups: ['web'] }));
const FLEET = inventory(
  { name: 'host-17', groups: ['docker'], aliases: ['ip-10-0-0-17'] },
  { name: 'host-18', groups: ['docker', 'web'] },
  ...web,
);

/** What was thrown, when it was an expected error; anything else is a bug and goes on. */
function expectedError(run: () => unknown): HousecallError | null {
  try {
    run();
  } catch (error) {
    if (error instanceof HousecallError) return error;
    throw error;
  }
  return null;
}

function codeOf(run: () => unknown): string {
  return expectedError(run)?.code ?? 'nothing was thrown';
}

function hostsOrExpectedError(text: string): readonly string[] {
  let hosts: readonly string[] = [];
  const error = expectedError(() => {
    hosts = resolveTargets(text, FLEET);
  });
  return error === null && hosts.length === 0 ? ['(no host, and no error)'] : hosts;
}

describe('expandNodeSet', () => {
  it.each([
    ['host-17', ['host-17']],
    ['web-[1-3,7]', ['web-1', 'web-2', 'web-3', 'web-7']],
    ['web-[08-10]', ['web-08', 'web-09', 'web-10']],
    ['n[0-8/4]', ['n0', 'n4', 'n8']],
    ['r[1-2]-n[1-2]', ['r1-n1', 'r1-n2', 'r2-n1', 'r2-n2']],
    ['db[1].internal', ['db1.internal']],
  ])('%s stands for %j', (text, names) => {
    expect(expandNodeSet(text)).toEqual(names);
  });

  it.each(['web-[1-', 'web-1]', 'web-[]', 'web-[a-c]', 'web-[3-1]', 'web-[1-9/0]', 'a[1--2]'])(
    'refuses %s with a reason',
    (text) => {
      expect(() => expandNodeSet(text)).toThrow(HousecallError);
    },
  );

  it('refuses a set of more than 10,000 names before it makes them', () => {
    expect(expandNodeSet('n[1-10000]')).toHaveLength(10_000);
    expect(() => expandNodeSet('n[1-10001]')).toThrow('10001 names, 10000 are allowed');
    expect(() => expandNodeSet('n[1-999999999]x[1-999999999]')).toThrow('10000 are allowed');
  });
});

describe('foldNames', () => {
  it.each([
    [['web-1', 'web-2', 'web-3'], 'web-[1-3]'],
    [['web-1', 'db-1', 'web-2', 'web-9'], 'web-[1-2,9],db-1'],
    [['web-09', 'web-10', 'web-11'], 'web-[09-11]'],
    [['web-9', 'web-10'], 'web-[9-10]'],
    [['r1-n1', 'r1-n2', 'r2-n1', 'r2-n2'], 'r[1-2]-n[1-2]'],
    [['a1.eu2', 'a2.eu2'], 'a[1-2].eu2'],
    [['host-17', 'host-17'], 'host-17'],
    [[], ''],
  ])('writes %j as %s', (names, text) => {
    expect(foldNames(names)).toBe(text);
  });

  it('loses and invents no name', () => {
    const name = fc
      .array(fc.oneof(fc.constantFrom('web-', 'n', '.eu', '-'), fc.stringMatching(/^\d{1,18}$/)), {
        minLength: 1,
        maxLength: 5,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 40 }), (names) => {
        const back = foldNames(names)
          .split(/,(?![^[]*\])/)
          .flatMap(expandNodeSet);
        expect(back.toSorted()).toEqual([...new Set(names)].toSorted());
      }),
      { numRuns: 500 },
    );
  });
});

describe('resolveTargets', () => {
  it.each([
    ['host-17', ['host-17']],
    ['host-17,host-18', ['host-17', 'host-18']],
    [' host-18 , host-17, ', ['host-18', 'host-17']],
    ['ip-10-0-0-17', ['host-17']],
    ['ip-10-0-0-17,host-17', ['host-17']],
    ['web-[2-3,5]', ['web-2', 'web-3', 'web-5']],
    ['@docker', ['host-17', 'host-18']],
    ['@docker!host-18', ['host-17']],
    ['@web!web-[1-39],host-17', ['host-18', 'web-40', 'host-17']],
  ])('%s means %j', (text, hosts) => {
    expect(resolveTargets(text, FLEET)).toEqual(hosts);
  });

  it('knows everybody as @all', () => {
    expect(resolveTargets('@all', FLEET)).toHaveLength(42);
  });

  it('names the nearest host of an unknown one, and takes nothing', () => {
    expect(codeOf(() => resolveTargets('host-17,hots-18', FLEET))).toBe('TARGET_UNKNOWN');
    expect(() => resolveTargets('hots-18', FLEET)).toThrow(/"hots-18"; did you mean "host-18"/);
  });

  it('says unknown hosts of a node set folded', () => {
    expect(() => resolveTargets('web-[1-99]', FLEET)).toThrow(/unknown host "web-\[41-99\]"/);
  });

  it('says how a group is written, and which there are', () => {
    expect(() => resolveTargets('docker', FLEET)).toThrow('the group is written @docker');
    expect(() => resolveTargets('@dokcer', FLEET)).toThrow(/did you mean "docker".*@web, @all/);
  });

  it.each(['', ' ', ',,', '@docker!@docker', 'host-17!', 'web-[1', 'a'.repeat(20_000)])(
    'refuses %j, which leaves no host',
    (text) => {
      expect(codeOf(() => resolveTargets(text, FLEET))).toBe('USAGE');
    },
  );

  it('gives only hosts of the inventory, or an expected error, for any text at all', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('host-17', '@web', '!', ',', '[', ']', 'web-[1-3]', '@', '\n', '$(id)', '-o'),
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (targets) => {
        const hosts = hostsOrExpectedError(targets);
        const strangers = hosts.filter((host) => !FLEET.has(host));
        expect(strangers).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
