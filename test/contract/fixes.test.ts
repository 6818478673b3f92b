import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimDirectory, claimStep } from '../../src/core/approval/claim.ts';
import { HousecallError } from '../../src/core/errors.ts';
import type { Plan } from '../../src/core/plan.ts';
import { fixes } from '../../src/fixes/registry.ts';
import { PATIENCE } from '../../src/workflows/fix/fix-deps.ts';
import {
  FIXES_DIRECTORY,
  FIXTURE_CONTEXT,
  fixFixturesOf,
  judgeFix,
} from '../support/fix-fixture.ts';

describe('the registry of fixes', () => {
  it('holds exactly the folders there are, each once', () => {
    const folders = readdirSync(FIXES_DIRECTORY, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(fixes.map(({ id }) => id).toSorted()).toEqual(folders.toSorted());
  });
});

describe.each(fixes.map((fix) => [fix.id, fix] as const))('%s', (id, fix) => {
  const fixtures = fixFixturesOf(id);

  function plansOf(nonce: string): Plan[] {
    return fixtures.flatMap(({ params, result }) => {
      const stdout = result.stdout.replaceAll(`@${FIXTURE_CONTEXT.nonce} `, `@${nonce} `);
      const bound = fix.bind(params, { ...FIXTURE_CONTEXT, nonce });
      const plan = bound.plan(bound.parse({ ...result, stdout }));
      return typeof plan === 'string' ? [] : [plan];
    });
  }

  it('tells a reader what it does', () => {
    expect(existsSync(join(FIXES_DIRECTORY, id, 'README.md'))).toBe(true);
    expect([fix.title, fix.summary].every((text) => text.trim() !== '')).toBe(true);
    expect(fix.version).toBeGreaterThan(0);
  });

  it('describes every parameter and refuses unknown ones', () => {
    const undescribed = Object.entries(fix.params.shape).filter(
      ([, schema]) => !(schema as { description?: string }).description,
    );
    expect(undescribed).toEqual([]);
    const params = { ...fixtures[0]?.params, noSuchParameter: 1 };
    expect(() => fix.bind(params, FIXTURE_CONTEXT)).toThrow(
      expect.objectContaining({ code: 'PARAMS_INVALID' }),
    );
  });

  it('looks no longer than a worker without a mark on the host is taken for alive', () => {
    const { probe } = fix.bind(fixtures[0]?.params ?? {}, FIXTURE_CONTEXT);
    expect(probe.timeoutSeconds + 30).toBeLessThanOrEqual(PATIENCE.claimSeconds);
  });

  it('begins every plan with the mark on the host, and remembers where it is', () => {
    const plans = plansOf(FIXTURE_CONTEXT.nonce);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      const directory = claimDirectory(plan) ?? '';
      expect(plan.steps[0]).toEqual(claimStep(directory, FIXTURE_CONTEXT.fix));
    }
  });

  it('plans the same whatever the nonce of the look', () => {
    expect(plansOf('an0therN0nce')).toEqual(plansOf(FIXTURE_CONTEXT.nonce));
  });

  it('has constant scripts: parameters go in as arguments', () => {
    const steps = plansOf(FIXTURE_CONTEXT.nonce).flatMap((plan) => plan.steps);
    const scripts = new Set(steps.map(({ id: step, stdin }) => JSON.stringify([step, stdin])));
    expect(scripts.size).toBe(new Set(steps.map((step) => step.id)).size);
  });

  it('keeps copies in the incident under its own name, before anything changes', () => {
    for (const { steps, saved } of plansOf(FIXTURE_CONTEXT.nonce)) {
      const kept = steps.flatMap(({ keep }) => (keep === undefined ? [] : [keep]));
      for (const { name, limitBytes } of kept) {
        expect(name).toMatch(new RegExp(`^${FIXTURE_CONTEXT.fix}-[\\w.-]{1,100}$`));
        expect(limitBytes).toBeLessThanOrEqual(2 ** 20);
      }
      const promised = saved.kind === 'incident' ? [saved.name] : [];
      expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(promised));
    }
  });

  it.each(fixtures.map((one) => [one.name, one] as const))(
    'judges %s as recorded',
    (_name, { params, result, expected }) => {
      expect(judgeFix(fix, params, result)).toEqual(expected);
    },
  );

  it.each(fixtures.map((one) => [one.name, one] as const))(
    'makes no plan of a cut-off %s',
    (_name, { params, result }) => {
      const whole = result.stdout.trimEnd();
      const bound = fix.bind(params, FIXTURE_CONTEXT);
      for (let end = 0; end < whole.length; end += Math.ceil(whole.length / 97)) {
        expect(attempt(whole.slice(0, end))).not.toBeTypeOf('object');
      }
      expect(attempt(whole.slice(0, -1))).not.toBeTypeOf('object');

      function attempt(stdout: string): unknown {
        try {
          return bound.plan(bound.parse({ ...result, stdout }));
        } catch (error) {
          if (error instanceof HousecallError) return error.code;
          throw error;
        }
      }
    },
  );

  it('records its fixtures with the nonce of fixtures', () => {
    const outputs = fixtures.map(({ name }) =>
      readFileSync(join(FIXES_DIRECTORY, id, 'fixtures', name, 'output.txt'), 'utf8'),
    );
    expect(outputs.every((text) => text.startsWith(`@${FIXTURE_CONTEXT.nonce} begin `))).toBe(true);
  });
});
