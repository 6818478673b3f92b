import { expect, it } from 'vitest';
import { chartRows } from '../../../src/core/charts/chart-rows.ts';
import type { ChatRow } from '../../../src/core/chat-operation.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { emptyCase } from '../../../src/core/incident/case.ts';
import { runOf } from '../../support/ended-run.ts';
import { diskFindings, logFindings, portFindings } from '../../support/story-findings.ts';

/** The rows after each of these looks, one after the other. */
function rowsAfter(...looks: readonly (readonly Finding[])[]): readonly (readonly ChatRow[])[] {
  const runs = looks.map((findings, n) => runOf(`r${n}`, n, findings));
  return runs.map((run, n) => {
    const before = new Map(runs.slice(0, n + 1).map((one) => [one.id, one]));
    return chartRows({ ...emptyCase('20261120-7'), runs: before }, run, 'panel');
  });
}

it('posts one picture in the thread, named after the run', () => {
  const [, rows] = rowsAfter(diskFindings(60), diskFindings(80));
  expect(rows).toMatchObject([
    {
      lane: 'room:20261120-7',
      operation: {
        op: 'chart.post',
        key: 'chart:r1',
        thread: 'panel',
        chart: { title: '/var/lib/docker on host-17: 80 % full' },
      },
    },
  ]);
});

it('posts nothing when there is nothing to draw', () => {
  expect(rowsAfter([], diskFindings(60))).toEqual([[], []]);
});

it('posts no flat line: the words say that already', () => {
  expect(rowsAfter(diskFindings(60), diskFindings(60))).toEqual([[], []]);
});

it('posts the same picture once', () => {
  const counts = rowsAfter(logFindings(), logFindings()).map((rows) => rows.length);
  expect(counts).toEqual([1, 0]);
  const growing = rowsAfter(diskFindings(60), diskFindings(80), diskFindings(80), diskFindings(95));
  expect(growing.map((rows) => rows.length)).toEqual([0, 1, 0, 1]);
});

it('posts one picture of a run that found much, a disk or ports before a log', () => {
  const [rows] = rowsAfter([...logFindings(), ...portFindings(27_900)]);
  expect(rows).toHaveLength(1);
  expect(rows?.[0]?.operation).toMatchObject({ chart: { unit: 'count' } });
});

it('draws what this run saw, not what another saw before', () => {
  const [, rows] = rowsAfter(logFindings(), diskFindings(60));
  expect(rows).toEqual([]);
});
