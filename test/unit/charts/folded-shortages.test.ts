import { expect, it } from 'vitest';
import { caseCharts } from '../../../src/core/charts/case-charts.ts';
import type { FixOffer } from '../../../src/core/finding.ts';
import { fixOf } from '../../support/ended-fix.ts';
import { caseOf, runOf } from '../../support/ended-run.ts';
import { portFindings, storyFinding } from '../../support/story-findings.ts';

const OWN = { fix: 'reuse-time-wait', params: { container: 'c0de' } };
const OTHER = { fix: 'reuse-time-wait', params: { container: 'beef' } };

/** Ids of fixes on the charts of a case in which one finding stands for two containers, the first of them its own. */
function marked(done: FixOffer): readonly string[] {
  const [finding = storyFinding('', 'ok')] = portFindings(27_900);
  const data = { ...finding.data, container: 'c0de', more: 2 };
  const run = runOf('r0', 0, [{ ...finding, data, fixes: [OWN, OTHER] }]);
  const fix = fixOf(done, { run: 'r0', finding: finding.code, minute: 20 });
  const state = { ...caseOf([run]), fixes: new Map([[fix.id, fix]]) };
  return caseCharts(state).flatMap(({ fixes }) => fixes);
}

it('what was done to one container is not marked on the chart of another of the same finding', () => {
  expect(marked(OWN)).toEqual(['f1']);
  expect(marked(OTHER)).toEqual([]);
});
