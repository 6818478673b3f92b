import type { FixState } from '../approval/fix-state.ts';
import type { Finding } from '../finding.ts';
import type { CaseState } from '../incident/case.ts';
import { canonicalJson, type Figures } from '../plan.ts';

/** A fix that changed a host, or may have, with what it measured. */
export interface SeenFix {
  readonly id: string;
  readonly host: string;
  /** As a mark says it: `truncate-log`. */
  readonly name: string;
  /** When it began and when it was verified, ISO 8601. */
  readonly beganAt: string;
  readonly endedAt: string;
  readonly figures?: { readonly before: Figures; readonly after: Figures };
  /** What the finding that it was offered by is about. */
  readonly about: Finding['data'];
  /** The log that it emptied. */
  readonly path: string | null;
}

/** Every fix of the case that ran, oldest first. */
export function seenFixes({ runs, fixes }: Pick<CaseState, 'runs' | 'fixes'>): readonly SeenFix[] {
  return [...fixes.values()]
    .flatMap((fix) => {
      const { result, claim, host, id, offer } = fix;
      // Not by its steps: of a fix whose worker died only the host knows them.
      if (result === undefined) return [];
      if (result.outcome === 'stale' || result.outcome === 'failed') return [];
      const { path } = offer.params;
      const { figures } = result;
      return [
        {
          id,
          host,
          name: result.outcome === 'unknown' ? `${offer.fix}?` : offer.fix,
          beganAt: claim?.at ?? result.at,
          endedAt: result.at,
          ...(figures === undefined ? {} : { figures }),
          about: aboutOf(fix, runs),
          path: typeof path === 'string' ? path : null,
        },
      ];
    })
    .toSorted((a, b) => (a.endedAt < b.endedAt ? -1 : a.endedAt > b.endedAt ? 1 : 0));
}

/** A finding that stands for several (`more`) has the data of the first: a fix of another is about none. */
function aboutOf(fix: FixState, runs: CaseState['runs']): Finding['data'] {
  const { params } = fix.offer;
  const data = findingOf(fix, runs)?.data ?? {};
  const isFirst = ['container', 'pid'].some(
    (key) => params[key] !== undefined && params[key] === data[key],
  );
  return data['more'] === undefined || isFirst ? data : {};
}

function findingOf(
  { run, host, finding, offer }: FixState,
  runs: CaseState['runs'],
): Finding | undefined {
  const wanted = canonicalJson(offer);
  return runs
    .get(run)
    ?.finished?.reports.find((report) => report.host === host)
    ?.findings.find(
      ({ code, fixes }) => code === finding && fixes.some((one) => canonicalJson(one) === wanted),
    );
}

/** What stands on a chart where they were done. */
export function marksOf(
  fixes: readonly SeenFix[],
): readonly { readonly at: string; readonly name: string }[] {
  return fixes.slice(-MOST_MARKS).map(({ beganAt, name }) => ({ at: beganAt, name }));
}

const MOST_MARKS = 12;

/** `12:20 UTC` */
export function clockOf(at: string): string {
  return `${at.slice(11, 16)} UTC`;
}
