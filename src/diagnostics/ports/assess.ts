import type { Finding } from '../../core/finding.ts';
import { coverageFindings } from './assess/coverage.ts';
import { drift } from './assess/drift.ts';
import { exhausted } from './assess/exhausted.ts';
import type { Params } from './params.ts';
import type { Reading } from './reading.ts';

export function assess(reading: Reading, params: Params): readonly Finding[] {
  return [...exhausted(reading, params), ...drift(reading), ...coverageFindings(reading)];
}
