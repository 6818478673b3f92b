import { compareStatus, type Finding } from '../../../core/finding.ts';
import { MOST_DIFFERENCES } from '../params.ts';
import { fold, foldedLines, MOST_FOLDED } from './fold.ts';
import { count } from './words.ts';

/** Differences, the worst and the most common first; those that are too many are told in one. */
export function foldDrift(found: readonly Finding[], from: string): readonly Finding[] {
  const worstFirst = found
    .map((finding) => ({ finding }))
    .toSorted(
      ({ finding: a }, { finding: b }) =>
        compareStatus(a.status, b.status) || spaces(b) - spaces(a),
    );
  const { shown, rest } = fold(
    worstFirst,
    ({ finding }) => String(finding.data['key']),
    MOST_DIFFERENCES,
  );
  return [
    ...shown.map(({ finding }) => finding),
    ...more(
      rest.map(({ finding }) => finding),
      from,
    ),
  ];
}

/** How many namespaces have this value. */
function spaces({ data }: Finding): number {
  return Array.isArray(data['namespaces']) ? data['namespaces'].length : 0;
}

function more(rest: readonly Finding[], from: string): readonly Finding[] {
  const [worst] = rest;
  if (worst === undefined) return [];
  return [
    {
      ...worst,
      subject: count(rest.length, 'more difference'),
      title: `${count(rest.length, 'more difference')} of sysctls ${from}, the worst: ${worst.title}`,
      detail: [
        'Told in one because there are so many.',
        ...foldedLines(rest, ({ title }) => title),
      ].join('\n'),
      data: {
        ...worst.data,
        more: rest.length,
        folded: rest.slice(0, MOST_FOLDED).map(({ data }) => ({
          namespace: data['namespace'],
          key: data['key'],
          value: data['value'],
          expected: data['expected'],
        })),
      },
      evidence: rest.slice(0, 3).flatMap(({ evidence }) => evidence.slice(-1)),
    },
  ];
}
