import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HousecallError } from '../../src/core/errors.ts';
import type { Finding } from '../../src/core/finding.ts';
import { diagnostics } from '../../src/diagnostics/registry.ts';
import {
  comparisonsOf,
  DIAGNOSTICS_DIRECTORY,
  FIXTURE_NONCE,
  fixturesOf,
  judge,
} from '../support/diagnostic-fixture.ts';

describe('the registry of diagnostics', () => {
  it('holds exactly the folders there are, each once', () => {
    const folders = readdirSync(DIAGNOSTICS_DIRECTORY, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(diagnostics.map((one) => one.id).toSorted()).toEqual(folders.toSorted());
  });
});

describe.each(diagnostics.map((one) => [one.id, one] as const))('%s', (id, diagnostic) => {
  const fixtures = fixturesOf(id);
  const sample = fixtures[0]?.params ?? {};

  it('tells a reader what it does: README, title, summary, permissions', () => {
    expect(existsSync(join(DIAGNOSTICS_DIRECTORY, id, 'README.md'))).toBe(true);
    for (const text of [diagnostic.title, diagnostic.summary, diagnostic.permissions]) {
      expect(text.trim()).not.toBe('');
    }
  });

  it('describes every parameter and refuses unknown ones', () => {
    for (const [name, schema] of Object.entries(diagnostic.params.shape)) {
      expect((schema as { description?: string }).description, `${id} ${name}`).toBeTruthy();
    }
    expect(() => diagnostic.bind({ ...sample, noSuchParameter: 1 }, FIXTURE_NONCE)).toThrow(
      expect.objectContaining({ code: 'PARAMS_INVALID' }),
    );
  });

  it('describes a bounded probe, its script constant and free of the parameters', () => {
    const { probe } = diagnostic.bind(sample, FIXTURE_NONCE);
    const other = diagnostic.bind(sample, 'an0therN0nce').probe;
    expect(probe.timeoutSeconds).toBeGreaterThan(0);
    expect(probe.outputLimitBytes).toBeGreaterThan(0);
    expect(probe.stdin).toBe(other.stdin);
  });

  it('documents its codes, each under its own id, coverage among them', () => {
    for (const [code, { data: _data, fixes: _fixes, ...texts }] of Object.entries(
      diagnostic.codes,
    )) {
      expect(code).toMatch(new RegExp(`^${id}\\.[a-z][a-z-]*$`));
      expect(Object.values(texts).filter((text) => text.trim() === '')).toEqual([]);
    }
    expect(Object.keys(diagnostic.codes)).toContain(`${id}.coverage`);
  });

  it('has a fixture for every documented code', () => {
    const seen = new Set(shown().map(({ code }) => code));
    expect([...seen].toSorted()).toEqual(Object.keys(diagnostic.codes).toSorted());
  });

  it('documents every key of the data of its findings', () => {
    for (const { code, data } of shown()) {
      const documented = Object.keys(diagnostic.codes[code]?.data ?? {});
      const required = documented.filter((key) => !key.endsWith('?'));
      const allowed = documented.map((key) => key.replace(/\?$/, ''));
      const keys = Object.keys(data);
      expect({ code, keys }).toEqual({ code, keys: keys.filter((key) => allowed.includes(key)) });
      expect({ code, missing: required.filter((key) => !keys.includes(key)) }).toEqual({
        code,
        missing: [],
      });
    }
  });

  it('names on the page of a code every fix that a finding with it offers', () => {
    for (const { code, fixes } of shown()) {
      const named = diagnostic.codes[code]?.fixes ?? [];
      const unnamed = fixes.map(({ fix }) => fix).filter((fix) => !named.includes(fix));
      expect({ code, unnamed }).toEqual({ code, unnamed: [] });
    }
  });

  it.each(comparisonsOf(id).map((one) => [one.name, one] as const))(
    'compares %s as recorded',
    (_name, { params, hosts, expected }) => {
      expect(diagnostic.bind(params, FIXTURE_NONCE).compare(hosts)).toEqual(expected);
    },
  );

  function shown(): readonly Finding[] {
    const compared = comparisonsOf(id).flatMap(({ expected }) => expected);
    return [
      ...fixtures.flatMap(({ expected }) => expected.findings),
      ...compared.map(({ finding }) => finding),
    ];
  }

  it.each(fixtures.map((one) => [one.name, one] as const))(
    'judges %s as recorded, the same each time',
    (_name, { params, result, expected }) => {
      const judged = judge(diagnostic, params, result);
      expect(judged).toEqual(expected);
      expect(judge(diagnostic, params, result)).toEqual(judged);
    },
  );

  it.each(fixtures.map((one) => [one.name, one] as const))(
    'never says ok of a cut-off %s',
    (_name, { params, result }) => {
      const whole = result.stdout.trimEnd();
      const step = Math.max(1, Math.floor(whole.length / 97));
      for (let end = 0; end < whole.length; end += step) {
        expect(statusOf(params, whole.slice(0, end)), `cut at ${end}`).not.toBe('ok');
      }
      expect(statusOf(params, whole.slice(0, -1)), 'last character missing').not.toBe('ok');

      function statusOf(given: typeof params, stdout: string): string {
        try {
          return judge(diagnostic, given, { ...result, stdout }).status;
        } catch (error) {
          if (error instanceof HousecallError) return 'refused';
          throw error;
        }
      }
    },
  );

  it('records its fixtures without a real nonce or home', () => {
    for (const { directory } of fixtures) {
      expect(readFileSync(join(directory, 'output.txt'), 'utf8')).toContain(`@${FIXTURE_NONCE} `);
    }
  });
});
