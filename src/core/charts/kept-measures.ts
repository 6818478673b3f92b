import type { HostReport, Measure } from '../finding.ts';
import type { Run } from '../incident/case.ts';

/** By which key of their data findings are about the same thing. */
const THING: Readonly<Record<string, string>> = {
  'disk.filesystem-full': 'mount',
  'ports.ephemeral-exhausted': 'namespace',
  'logs.dominant-template': 'path',
};

/**
 * Of what was measured and is healthy, what goes on record: numbers of things that some look of the case,
 * this one included, has found wrong on that host. `runs`: the earlier ones.
 */
export function keptMeasures(
  runs: Iterable<Run>,
  reports: readonly HostReport[],
): readonly HostReport[] {
  const wrong = new Set<string>();
  const earlier = [...runs].flatMap(({ finished }) => finished?.reports ?? []);
  for (const { host, findings } of [...earlier, ...reports]) {
    for (const { code, data } of findings) {
      for (const key of new Set(Object.values(THING))) {
        wrong.add(placeOf(host, code, key, data[key]));
      }
    }
  }
  return reports.map(({ measures = [], ...report }) => {
    const kept = measures.filter(({ code, data }) => {
      const key = THING[code];
      return key !== undefined && wrong.has(placeOf(report.host, code, key, data[key]));
    });
    return kept.length === 0 ? report : { ...report, measures: kept };
  });
}

/** One thing on one host, of whatever finding of a diagnostic: a disk that fills is the disk that is full. */
function placeOf(host: string, code: Measure['code'], key: string, value: unknown): string {
  return JSON.stringify([host, code.split('.')[0], key, value]);
}
