import type { FixState } from '../../approval/fix-state.ts';
import { foldNames } from '../../fleet/fold-names.ts';
import { formatDuration } from '../../format.ts';
import type { CaseState, Incident } from '../case.ts';
import { actorWords, type NameOf } from './event-words.ts';
import { namesHost } from './names-host.ts';
import type { Story, ToldFinding } from './story.ts';

/** The lines that everybody wants first. Plain text from outside: redact and escape it. */
export interface Answer {
  readonly was: string;
  readonly fixedBy: string;
  readonly lasted: string;
  readonly left: string;
}

const TOLD = 2;
const FIXES_TOLD = 3;

export function answerOf(story: Story, state: CaseState, nameOf: NameOf): Answer {
  return {
    was: wasWords(story),
    fixedBy: fixedWords(story, nameOf),
    lasted: lastedWords(story),
    left: leftWords(story, state),
  };
}

/** What is not over: it must not be overlooked under what was fixed. */
function leftWords({ stillBad, causes }: Story, { alerts }: CaseState): string {
  const bad = stillBad.filter(({ finding }) => finding.status !== 'unknown');
  const unknown = stillBad.length - bad.length;
  const critical = bad.filter(({ finding }) => finding.status === 'critical').length;
  const firing = [...alerts.values()].filter((one) => one.firing).length;
  const parts = [
    ...(bad.length === 0
      ? []
      : [
          `still bad at the last look: ${counted(bad.length, 'finding')}, ${critical === 0 ? 'none' : critical} critical`,
        ]),
    ...(unknown === 0 ? [] : [`not seen in full: ${counted(unknown, 'look')}`]),
    ...(firing === 0 ? [] : [`still firing: ${counted(firing, 'alert')}`]),
  ];
  const [first = '', ...others] = parts;
  const said = [`${first.slice(0, 1).toUpperCase()}${first.slice(1)}`, ...others].join('; ');
  if (parts.length > 0) return `${said}.`;
  return causes.length === 0
    ? 'Nothing that the record knows of.'
    : 'Nothing that the last look found.';
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
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
    return `${said.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.${resolvedWords(incident, nameOf)}`;
  }
  const { resolved } = incident;
  if (resolved === null) return 'Nothing: it was not resolved.';
  const reason = resolved.reason === '' ? 'no reason was given' : resolved.reason;
  return `No fix of Housecall. Resolved by ${actorWords(resolved.by, nameOf)}: ${reason}.`;
}

/** What people said when it was over. */
function resolvedWords({ resolved }: Incident, nameOf: NameOf): string {
  if (resolved === null || resolved.reason === '') return '';
  return ` Resolved by ${actorWords(resolved.by, nameOf)}: ${resolved.reason}.`;
}

function fixWords(fix: FixState, nameOf: NameOf): string {
  const { plan, offer, host, approvals, result, lost } = fix;
  const by = approvals.map(({ person }) => nameOf(person.user)).join(', ');
  const seen =
    result?.before === undefined || result.after === undefined
      ? ''
      : `${result.before} → ${result.after}`;
  // What it came to, where the fix says so in a few words.
  const came = result?.reason === undefined || result.reason === '' ? seen : result.reason;
  const change = came === '' ? '' : `: ${came}`;
  const approved = by === '' ? '' : ` (approved by ${by})`;
  const since =
    lost === undefined ? '' : lost.certain ? ', lost again' : ', not seen any more since';
  const what = plan?.summary ?? offer.fix;
  return `${what}${namesHost(what, host) ? '' : ` on ${host}`}${change}${approved}${since}`;
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
