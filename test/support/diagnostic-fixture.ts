import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from '../../src/core/command.ts';
import { type Coverage, type Finding, type Status, worstStatus } from '../../src/core/finding.ts';
import type { Compared, ComparedFinding, Diagnostic } from '../../src/diagnostics/contract.ts';

/** The nonce that every recorded output carries, so that fixtures read the same in a diff. */
export const FIXTURE_NONCE = 'f1x7u2e0';

export const DIAGNOSTICS_DIRECTORY = fileURLToPath(
  new URL('../../src/diagnostics', import.meta.url),
);

/** What one fixture must be judged as: `expected.json`. */
export interface Judgement {
  readonly status: Status;
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
}

/**
 * A folder `src/diagnostics/<id>/fixtures/<case>/`: `params.json` (the parameters given),
 * `output.txt` (what the probe printed, with FIXTURE_NONCE), `result.json` (optional: what else a
 * CommandResult says, e.g. `{ "privilege": "none" }`) and `expected.json`.
 */
export interface DiagnosticFixture {
  readonly directory: string;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result: CommandResult;
  readonly expected: Judgement;
}

export function fixturesOf(id: string): readonly DiagnosticFixture[] {
  const root = join(DIAGNOSTICS_DIRECTORY, id, 'fixtures');
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readFixture({ directory: join(root, name), name }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Without `expected.json` (a new recording) `expected` is empty. */
export function readFixture(where: { directory: string; name: string }): DiagnosticFixture {
  const json = (file: string, fallback: unknown): unknown => {
    const path = join(where.directory, file);
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : fallback;
  };
  const stdout = readFileSync(join(where.directory, 'output.txt'), 'utf8');
  const expected = json('expected.json', { status: 'unknown', coverage: {}, findings: [] });
  return {
    ...where,
    params: json('params.json', {}) as Record<string, unknown>,
    result: resultOf(stdout, json('result.json', {}) as Partial<CommandResult>),
    expected: expected as Judgement,
  };
}

/** A folder `src/diagnostics/<id>/comparisons/<case>/`: `params.json`, `hosts.json` and `expected.json`. */
export interface Comparison {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly hosts: readonly Compared[];
  readonly expected: readonly ComparedFinding[];
}

export function comparisonsOf(id: string): readonly Comparison[] {
  const root = join(DIAGNOSTICS_DIRECTORY, id, 'comparisons');
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .toSorted()
    .map((name) => {
      const json = (file: string): unknown =>
        JSON.parse(readFileSync(join(root, name, file), 'utf8'));
      return {
        name,
        params: json('params.json') as Comparison['params'],
        hosts: json('hosts.json') as Comparison['hosts'],
        expected: json('expected.json') as Comparison['expected'],
      };
    });
}

/** A result as `adapters/ssh` would hand it over: complete and as root, unless said otherwise. */
export function resultOf(stdout: string, overrides: Partial<CommandResult> = {}): CommandResult {
  return {
    stdout,
    stderr: '',
    exitCode: 0,
    signal: null,
    timedOut: false,
    outputTruncated: false,
    durationMs: 1000,
    privilege: 'root',
    ...overrides,
  };
}

/** Judges, as plain JSON: what `expected.json` holds. */
export function judge(
  diagnostic: Diagnostic,
  params: Readonly<Record<string, unknown>>,
  result: CommandResult,
): Judgement {
  const { coverage, findings } = diagnostic.bind(params, FIXTURE_NONCE).judge(result);
  const status = findings.length === 0 ? 'ok' : worstStatus(findings.map((one) => one.status));
  return JSON.parse(JSON.stringify({ status, coverage, findings })) as Judgement;
}
