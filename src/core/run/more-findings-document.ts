import { codeInlines } from '../document/code-inlines.ts';
import type { Document, Inline } from '../document/document.ts';
import { foldNames } from '../fleet/fold-names.ts';
import type { Run } from '../incident/case.ts';
import { selectFindings } from './told-findings.ts';

/** The findings that the run's message has no room for, one line each; null: it tells them all. */
export function moreFindingsDocument(run: Run): Document | null {
  const { rest } = selectFindings(run.finished?.reports ?? []);
  if (rest.length === 0) return null;
  return {
    summary: rest.length === 1 ? '1 more finding' : `${rest.length} more findings`,
    blocks: [
      {
        kind: 'list',
        items: rest.map(({ group, finding }): Inline[] => [
          { text: `${finding.status} · ${foldNames(group.hosts)}: `, style: 'bold' },
          ...codeInlines(finding.title),
        ]),
      },
      {
        kind: 'context',
        content: [
          `/diag ${run.diagnostic} <host> tells one host's findings in full, with its fixes.`,
        ],
      },
    ],
  };
}
