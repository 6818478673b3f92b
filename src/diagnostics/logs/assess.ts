import type { Finding } from '../../core/finding.ts';
import { coverageFindings } from './assess/coverage.ts';
import { dominantTemplate } from './assess/dominant-template.ts';
import { knownErrors } from './assess/known-error.ts';
import { rotatedLogs } from './assess/rotated-without-reopen.ts';
import { viewsOf } from './assess/view.ts';
import type { Params } from './params.ts';
import type { Reading } from './reading.ts';

export function assess(reading: Reading, params: Params): readonly Finding[] {
  const views = viewsOf(reading);
  return [
    ...views.flatMap((view) => [...dominantTemplate(view, reading), ...knownErrors(view, reading)]),
    ...rotatedLogs(reading, params),
    ...coverageFindings(reading, views, params),
  ];
}
