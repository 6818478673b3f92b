import type { FixState } from '../../approval/fix-state.ts';
import { foldNames } from '../../fleet/fold-names.ts';
import { formatDuration } from '../../format.ts';
import { actorWords, type NameOf } from './event-words.ts';
import type { Story, ToldFinding } from './story.ts';

/** The three lines that everybody wants first. Plain text from outside: redact and escape it. */
export interface Answer {
  readonly was: string;
  readonly fixedBy: string;
  readonly lasted: string;
}

const TOLD = 2;
const FIXES_TOLD = 3;

export function answerOf(story: Story, nameOf: NameOf): Answer {
  return { was: wasWords(story), fixedBy: fixedWords(story, nameOf), lasted: lastedWords(story) };
}

function wasWords({ causes, unseen }: Story): string {
  if (causes.length > 0) {
    const rest = causes.length - TOLD;
    const said = causes.slice(0, TOLD).map(findingWords).join('; ');
    return `${said}${rest > 0 ? `; and ${rest} more` : ''}.`;
  }
  return unseen.length > 0
    ? `Not found out: ${unseen.slice(0, TOLD).map(findingWords).join('; ')}.`
    : 'Not found out: no diagnosis found anything wrong.';
}

export function findingWords({ finding, hosts }: ToldFinding): string {
  return `${finding.title} (${foldNames(hosts)})`;
}

function fixedWords({ changes, incident }: Story, nameOf: NameOf): string {
  const worked = changes.filter(({ result }) => result?.outcome === 'verified');
  if (worked.length > 0) {
    const rest = worked.length - FIXES_TOLD;
    const said = worked.slice(0, FIXES_TOLD).map((fix) => fixWords(fix, nameOf));
    return `${said.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
  }
  const { resolved } = incident;
  if (resolved === null) return 'Nothing: it was not resolved.';
  const reason = resolved.reason === '' ? 'no reason was given' : resolved.reason;
  return `No fix of Housecall. Resolved by ${actorWords(resolved.by, nameOf)}: ${reason}.`;
}

function fixWords(fix: FixState, nameOf: NameOf): string {
  const { plan, offer, host, approvals, result, lost } = fix;
  const by = approvals.map(({ person }) => nameOf(person.user)).join(', ');
  const change =
    result?.before === undefined || result.after === undefined
      ? ''
      : `: ${result.before} → ${result.after}`;
  const approved = by === '' ? '' : ` (approved by ${by})`;
  const since =
    lost === undefined ? '' : lost.certain ? ', lost again' : ', not seen any more since';
  return `${plan?.summary ?? offer.fix} on ${host}${change}${approved}${since}`;
}

function lastedWords({ times }: Story): string {
  const { opened, acknowledged, firstFinding, resolved } = times;
  const after = (at: string | null): string | null =>
    at === null ? null : formatDuration(secondsBetween(opened, at));
  const parts = [
    resolved === null ? 'not resolved' : `${after(resolved)} from opening to resolved`,
    acknowledged === null ? 'never acknowledged' : `acknowledged after ${after(acknowledged)}`,
    firstFinding === null ? 'nothing found' : `first finding after ${after(firstFinding)}`,
  ];
  return `${parts.join('; ')}.`;
}

export function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000 || 0);
}
