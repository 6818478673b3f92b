import { describe, expect, it } from 'vitest';
import { exhausted } from '../../../../src/diagnostics/ports/assess/exhausted.ts';
import { destination, HOST, namespace, reading, table } from './reading.ts';

const PARAMS = { warnPercent: 80, criticalPercent: 95 };
const judge = (of: ReturnType<typeof table>) =>
  exhausted(reading([HOST, namespace({ table: of })]), PARAMS);

describe('many shortages of ports on one host', () => {
  it('shows the fullest first, and folds the rest into one', () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      destination({ name: `10.0.0.5:${i}`, used: 85 + i, timeWait: 85 + i }),
    );
    const found = judge(table(many, { hot: 15 }));
    expect(found.map(({ subject }) => subject)).toEqual([
      ...[11, 10, 9, 8, 7].map((port) => `php (pid 261) → 10.0.0.5:${port}`),
      '7 more shortages',
    ]);
    expect(found[0]?.detail).toContain('3 more destinations there take many ports, too');
    expect(found[1]?.detail).not.toContain('more destination');
    expect(found[5]).toMatchObject({
      status: 'warning',
      title:
        '7 more destinations in 1 network namespace are short of local ports; the worst: php (pid 261) → 10.0.0.5:6, 91 % of 100 ports taken (time-wait)',
      data: { more: 7, destination: '10.0.0.5:6', usedPercent: 91 },
      fixes: [{ fix: 'reuse-time-wait', params: { pid: 261 } }],
    });
    expect(found[5]?.data['folded']).toHaveLength(7);
    for (const port of [0, 1, 2, 3, 4, 5, 6])
      expect(found[5]?.detail).toContain(`php (pid 261) → 10.0.0.5:${port}, `);
  });

  it('shows six one by one: a rest of one would say less', () => {
    const six = Array.from({ length: 6 }, (_, i) => destination({ name: `10.0.0.5:${i}` }));
    const found = judge(table(six));
    expect(found.map(({ data }) => data['more'])).toEqual(Array(6).fill(undefined));
  });

  it('names the worst of each of many namespaces, loses none, and is as bad as the worst', () => {
    const spaces = Array.from({ length: 40 }, (_, i) =>
      namespace({
        pid: 300 + i,
        process: 'worker',
        table: table(
          Array.from({ length: 20 }, (_unused, j) =>
            destination({ name: `10.0.${i}.5:${j}`, used: i < 39 ? 85 : 100, timeWait: 85 }),
          ),
          { hot: 25 },
        ),
      }),
    );
    const found = exhausted(reading([HOST, ...spaces]), PARAMS);
    expect(found).toHaveLength(6);
    const critical = found.filter(({ status }) => status === 'critical');
    // 20 destinations of the last namespace: five are told, the rest stands for fifteen and all warnings.
    expect(critical).toHaveLength(6);
    expect(found[5]?.title).toMatch(
      /^795 more destinations in 40 network namespaces are short of local ports, 15 of them critically/,
    );
    expect(found[5]?.detail).toContain('and 775 more.');
    expect(found[5]?.detail).toContain('195 more destinations there take many ports, too');
    expect(found[5]?.data['folded']).toHaveLength(20);
    expect(found[5]?.fixes).toHaveLength(3);
    expect(JSON.stringify(found).length).toBeLessThan(40_000);
  });

  it('does not let one namespace hide another that is as short', () => {
    const crowded = namespace({
      pid: 7,
      table: table(Array.from({ length: 20 }, (_, i) => destination({ name: `10.0.0.5:${i}` }))),
    });
    const other = namespace({ pid: 8, table: table([destination({ used: 96, timeWait: 96 })]) });
    const found = exhausted(reading([HOST, crowded, other]), PARAMS);
    expect(found.map(({ data }) => data['namespace'])).toContain('8');
    expect(found[5]?.data['more']).toBe(16);
  });
});
