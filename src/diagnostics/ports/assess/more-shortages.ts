import type { Finding } from '../../../core/finding.ts';
import { formatPercent } from '../../../core/format.ts';
import { foldedFixes, foldedLines, MOST_FOLDED } from './fold.ts';
import { count } from './words.ts';

export interface Shortage {
  readonly finding: Finding;
  /** Destinations of the same namespace that the probe did not list. */
  readonly unlisted: number;
}

/** All that is not told one by one, worst first, in one finding. It stands for the worst of them. */
export function moreShortages(rest: readonly Shortage[]): readonly Finding[] {
  const [worst] = rest;
  if (worst === undefined) return [];
  const findings = rest.map(({ finding }) => finding);
  const unlisted = rest.reduce((sum, one) => sum + one.unlisted, 0);
  const places = new Set(findings.map(({ data }) => String(data['namespace'])));
  const critical = findings.filter(({ status }) => status === 'critical').length;
  return [
    {
      ...worst.finding,
      subject: count(rest.length, 'more shortage'),
      title: `${count(rest.length, 'more destination')} in ${count(places.size, 'network namespace')} ${rest.length === 1 ? 'is' : 'are'} short of local ports${critical > 0 ? `, ${critical} of them critically` : ''}; the worst: ${lineOf(worst.finding)}`,
      detail: [
        'Told in one because there are so many. Begin with the findings above; what they share (one destination, one image, one sysctl) is likely the cause of these, too.',
        ...foldedLines(findings, lineOf),
        ...unlistedWords(unlisted),
      ].join('\n'),
      data: {
        ...worst.finding.data,
        more: rest.length,
        folded: findings.slice(0, MOST_FOLDED).map(({ status, data }) => ({
          status,
          namespace: data['namespace'],
          destination: data['destination'],
          usedPercent: data['usedPercent'],
          cause: data['cause'],
        })),
      },
      evidence: findings.slice(0, 3).flatMap(({ evidence }) => evidence.slice(0, 1)),
      fixes: foldedFixes(findings),
    },
  ];
}

export function unlistedWords(unlisted: number): readonly string[] {
  return unlisted <= 0
    ? []
    : [
        `${count(unlisted, 'more destination')} there ${unlisted === 1 ? 'takes' : 'take'} many ports, too; the 20 fullest of a namespace are listed.`,
      ];
}

function lineOf({ subject, data }: Finding): string {
  return `${subject}, ${formatPercent(Number(data['usedPercent']))} of ${Number(data['range']).toLocaleString('en-US')} ports taken (${String(data['cause'])})`;
}
