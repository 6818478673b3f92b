import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inventoryOf } from '../../../src/config/inventory.ts';
import { shellQuote } from '../../../src/core/command.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { resolveTargets } from '../../../src/core/fleet/targets.ts';
import { parseDiag } from '../../../src/core/slash/diag.ts';
import { diagnostics } from '../../../src/diagnostics/registry.ts';
import { fixes } from '../../../src/fixes/registry.ts';
import { parse } from '../../support/config.ts';
import { fixturesOf } from '../../support/diagnostic-fixture.ts';
import { fixFixturesOf } from '../../support/fix-fixture.ts';

const NONCE = 'n0nce';
const INVENTORY = inventoryOf(
  parse('ssh: { user: ops }\nhosts: { host-17: { groups: [docker] }, "web-[1-3]": {} }'),
);

/** What attackers type, beside arbitrary text. */
const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '$(touch /tmp/x)',
    '`id`',
    '; id',
    '| sh',
    '&& id',
    "' ; id #",
    '" ; id #',
    '-oProxyCommand=id',
    '--help',
    '\nid',
    '\0id',
    '../../etc/shadow',
    '/var/log',
    '/a/$(id)',
    '17',
    '1e9',
    '@f1x7u2e0 end uptime 0',
    '{{constructor}}',
    '__proto__',
  ),
);

type Bind = (input: Readonly<Record<string, unknown>>) => {
  probe: { argv: readonly string[]; stdin?: string };
};

/** The probe, or null when the parameters were refused, as expected. */
function probeOf(bind: Bind, input: Readonly<Record<string, unknown>>) {
  try {
    return bind(input).probe;
  } catch (error) {
    if (error instanceof HousecallError && error.code === 'PARAMS_INVALID') return null;
    throw error;
  }
}

function hostilePairs(schema: z.ZodObject) {
  const keys = Object.keys(schema.shape);
  const known = keys.map((key) => ({ weight: 9, arbitrary: fc.constant(key) }));
  const key = fc.oneof(...known, { weight: 1, arbitrary: hostile });
  const value = fc.oneof({ weight: 9, arbitrary: hostile }, fc.anything());
  return fc.dictionary(key, value, { maxKeys: Math.max(1, keys.length) });
}

/** Parameters that are accepted, so that the fuzz has something to compare with. */
function validOf(id: string): Readonly<Record<string, unknown>> {
  return [...fixturesOf(id), ...fixFixturesOf(id)][0]?.params ?? {};
}

const context = { fix: 'f1', host: 'host-17', saveDirectory: '/var/tmp/housecall', nonce: NONCE };
const modules = [
  ...diagnostics.map((one) => ({
    id: one.id,
    params: one.params,
    bind: ((input) => one.bind(input, NONCE)) satisfies Bind as Bind,
  })),
  ...fixes.map((one) => ({
    id: one.id,
    params: one.params,
    bind: ((input) => one.bind(input, context)) satisfies Bind as Bind,
  })),
];

describe.each(modules.map((module) => [module.id, module] as const))('%s', (id, module) => {
  const valid = validOf(id);
  const reference = probeOf(module.bind, valid);

  it('has parameters that are accepted', () => {
    expect(reference?.argv.slice(0, 3)).toEqual(['sh', '-s', '--']);
  });

  it('keeps its command and script constant, whatever the parameters are', () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostilePairs(module.params), (input) => {
        const probe = probeOf(module.bind, { ...valid, ...input });
        if (probe === null) return;
        accepted++;
        expect(probe.stdin).toBe(reference?.stdin);
        expect(probe.argv.slice(0, 4)).toEqual(['sh', '-s', '--', NONCE]);
        expect(probe.argv).toHaveLength(reference?.argv.length ?? 0);
        // Every argument can be quoted: no NUL gets this far.
        expect(() => probe.argv.map(shellQuote)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
    // One without parameters refuses whatever is given, but nothing at all.
    expect(accepted).toBeGreaterThan(0);
  });
});

describe('the text of a slash command', () => {
  const ids = diagnostics.map(({ id }) => id);
  const command = fc
    .tuple(fc.constantFrom(...ids), fc.array(hostile, { maxLength: 6 }), fc.constantFrom(' ', ','))
    .map(([id, parts, glue]) => `${id} host-17${glue}${parts.join(glue)}`);

  it('reaches hosts of the inventory and diagnostics of the registry, or nothing', () => {
    let reached = 0;
    fc.assert(
      fc.property(command, (text) => {
        const asked = runOf(text);
        if (asked === null) return;
        reached++;
        expect(ids).toContain(asked.diagnostic);
        expect(asked.hosts.filter((host) => !INVENTORY.has(host))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(reached).toBeGreaterThan(0);
  });

  function runOf(text: string): { diagnostic: string; hosts: readonly string[] } | null {
    try {
      const parsed = parseDiag(text, ids);
      if (parsed.kind !== 'run') return null;
      const hosts = parsed.targets === null ? [] : resolveTargets(parsed.targets, INVENTORY);
      return { diagnostic: parsed.diagnostic, hosts };
    } catch (error) {
      if (error instanceof HousecallError) return null;
      throw error;
    }
  }
});
