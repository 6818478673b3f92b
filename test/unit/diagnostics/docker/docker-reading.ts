import { readFileSync } from 'node:fs';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/docker/assess.ts';
import { Params } from '../../../../src/diagnostics/docker/params.ts';
import { parse } from '../../../../src/diagnostics/docker/parse.ts';
import type { Reading, Store } from '../../../../src/diagnostics/docker/reading.ts';
import { FIXTURE_NONCE, resultOf } from '../../../support/diagnostic-fixture.ts';

const FIXTURES = new URL('../../../../src/diagnostics/docker/fixtures/', import.meta.url);

/** What a fixture reads, with some of it changed. */
export function readingOf(fixture: string, changes: Partial<Reading> = {}): Reading {
  return { ...parse(resultOf(outputOf(fixture)), FIXTURE_NONCE), ...changes };
}

export function outputOf(fixture: string): string {
  return readFileSync(new URL(`${fixture}/output.txt`, FIXTURES), 'utf8');
}

export function storeOf(reading: Reading): Store {
  if (reading.store === null) throw new Error('no store was read');
  return reading.store;
}

export function judged(reading: Reading, params: Record<string, unknown> = {}): readonly Finding[] {
  return assess(reading, Params.parse(params));
}

export function only(
  reading: Reading,
  code: string,
  params: Record<string, unknown> = {},
): Finding {
  const [found, ...more] = judged(reading, params).filter((one) => one.code === `docker.${code}`);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + 1} of ${code}?`);
  return found;
}

export const codesOf = (findings: readonly Finding[]): readonly string[] =>
  findings.map((one) => one.code.replace('docker.', ''));
