import type { Finding } from '../../../core/finding.ts';
import { compareStatus } from '../../../core/finding.ts';
import { formatPercent } from '../../../core/format.ts';
import { PRESSURE } from '../params.ts';
import type { Pressure, Reading } from '../reading.ts';
import { level } from './level.ts';
import { evidence, finding } from './words.ts';

const MEANS = {
  cpu: 'tasks were ready and found no processor',
  io: 'tasks stood still until a disk answered',
  memory: 'tasks stood still until memory was freed, refilled from disk or swapped in',
} as const;

const WANTED = { cpu: 'a processor', io: 'a disk that answers', memory: 'memory' } as const;

export function pressureFindings({ pressure }: Reading): readonly Finding[] {
  return (['memory', 'io', 'cpu'] as const).flatMap((kind) => {
    const lines = pressure.filter((one) => one.kind === kind);
    const judged = lines.flatMap((line) => {
      const limits = PRESSURE[kind][line.scope === 'full' ? 'full' : 'some'];
      // Over already? Then the last ten seconds are quiet.
      const status = line.avg10 * 2 < line.avg60 ? null : level(line.avg60, limits);
      return status === null ? [] : [{ line, status }];
    });
    const [worst] = judged.toSorted((a, b) => compareStatus(a.status, b.status));
    if (worst === undefined) return [];
    const who = worst.line.scope === 'full' ? 'everything that wanted to run' : 'at least one task';
    return [
      finding({
        code: 'vitals.pressure',
        status: worst.status,
        subject: kind,
        title: `For ${formatPercent(worst.line.avg60)} of the last minute ${who} stood still for want of ${WANTED[kind]}`,
        detail: [`From the kernel's pressure counters (PSI): the time in which ${MEANS[kind]}.`],
        data: { resource: kind, ...data(lines) },
        evidence: [evidence(['cat', `/proc/pressure/${kind}`], lines.map(asPrinted).join('\n'))],
        next: kind === 'io' ? [{ diagnostic: 'disk', params: {} }] : [],
      }),
    ];
  });
}

function data(lines: readonly Pressure[]): Record<string, number> {
  const of = (scope: string): Pressure | undefined => lines.find((one) => one.scope === scope);
  return {
    someAvg10: of('some')?.avg10 ?? 0,
    someAvg60: of('some')?.avg60 ?? 0,
    fullAvg10: of('full')?.avg10 ?? 0,
    fullAvg60: of('full')?.avg60 ?? 0,
  };
}

function asPrinted({ scope, avg10, avg60, avg300 }: Pressure): string {
  return `${scope} avg10=${avg10.toFixed(2)} avg60=${avg60.toFixed(2)} avg300=${avg300.toFixed(2)}`;
}
