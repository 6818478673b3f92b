import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src/core/document/document.ts';
import type { Status } from '../../../src/core/finding.ts';
import { hostMatrix } from '../../../src/core/incident/host-matrix.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import { opened, ran, started, told } from '../../support/told-case.ts';

function tableOf(blocks: readonly Block[]): readonly (readonly string[])[] {
  const table = blocks.find((block) => block.kind === 'table');
  return table?.kind === 'table' ? [table.header, ...table.rows] : [];
}

describe('hosts by checks', () => {
  it('stands in the panel when there are several hosts, worst first, equal ones in one row', () => {
    const state = told(
      [0, HOUSECALL, opened({ hosts: ['web-1', 'web-2', 'web-3', 'db-1'] })],
      ...ran('r1', 'disk', {
        'web-1': 'ok',
        'web-2': 'ok',
        'web-3': 'critical',
        'db-1': 'unknown',
      }),
      ...ran('r2', 'logs', { 'web-3': 'warning' }),
    );
    expect(tableOf(hostMatrix(state))).toEqual([
      ['Host', 'disk', 'logs'],
      ['web-3', 'critical', 'warning'],
      ['db-1', 'unknown', '–'],
      ['web-[1-2] (2)', 'ok', '–'],
    ]);
  });

  it('is not shown for one host, nor before anybody looked', () => {
    const one = [0, HOUSECALL, opened({ hosts: ['web-1'] })] as const;
    expect(hostMatrix(told(one, ...ran('r1', 'disk', { 'web-1': 'critical' })))).toEqual([]);
    expect(hostMatrix(told([0, HOUSECALL, opened({ hosts: ['web-1', 'web-2'] })]))).toEqual([]);
  });

  it('knows the hosts that were looked at besides those of the incident', () => {
    const state = told(
      [0, HOUSECALL, opened({ hosts: ['web-1'] })],
      ...ran('r1', 'disk', { 'web-1': 'critical', 'web-2': 'ok' }),
    );
    expect(tableOf(hostMatrix(state)).map(([name]) => name)).toEqual(['Host', 'web-1', 'web-2']);
  });

  it('keeps the answer from before while it looks again, and passes over what was cancelled', () => {
    const before = [
      [0, HOUSECALL, opened({ hosts: ['web-1', 'web-2', 'web-3'] })],
      ...ran('r1', 'disk', { 'web-1': 'critical', 'web-2': 'ok' }),
    ] as const;
    const again = [3, HOUSECALL, started('r2', 'disk', ['web-1', 'web-3'])] as const;
    expect(tableOf(hostMatrix(told(...before, again)))).toEqual([
      ['Host', 'disk'],
      ['web-1', 'critical'],
      ['web-3', 'looking…'],
      ['web-2', 'ok'],
    ]);
    const cancelled = [4, HOUSECALL, { type: 'run.cancelled', run: 'r2' }] as const;
    expect(tableOf(hostMatrix(told(...before, again, cancelled)))[2]).toEqual(['web-3', '–']);
  });

  it('shows twenty rows at most and says how many hosts are left, none of them worse', () => {
    const statuses: Record<string, Status> = {};
    const words: readonly Status[] = ['critical', 'warning', 'ok', 'unknown'];
    const state = told(
      [0, HOUSECALL, opened()],
      ...[0, 1, 2].flatMap((run) => {
        for (let n = 0; n < 64; n++) {
          statuses[`web-${n}`] = words[Math.floor(n / 4 ** run) % 4] ?? 'ok';
        }
        return ran(`r${run}`, ['disk', 'logs', 'ports'][run] ?? '', { ...statuses });
      }),
    );
    const blocks = hostMatrix(state);
    expect(tableOf(blocks)).toHaveLength(21);
    expect(tableOf(blocks)[1]).toEqual(['web-0', 'critical', 'critical', 'critical']);
    expect(JSON.stringify(blocks)).toContain('and 44 more hosts, none worse');
  });

  it('folds a thousand healthy hosts into a row that fits a phone', () => {
    const statuses = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, n) => [`node-${n * 3}`, 'ok' as const]),
    );
    const rows = tableOf(hostMatrix(told([0, HOUSECALL, opened()], ...ran('r', 'disk', statuses))));
    expect(rows).toHaveLength(2);
    expect(rows[1]?.[0]).toMatch(/^node-\[0,3,6,.*… \(1000\)$/);
    expect(rows[1]?.[0]?.length).toBeLessThan(60);
  });
});
