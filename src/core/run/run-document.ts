import { codeInlines } from '../document/code-inlines.ts';
import type { Block, Document, Inline } from '../document/document.ts';
import { compareStatus, type Finding, type HostReport, type Status } from '../finding.ts';
import { foldNames } from '../fleet/fold-names.ts';
import { formatDuration } from '../format.ts';
import type { Run } from '../incident/case.ts';
import type { Actor } from '../person.ts';
import { actionBlocks, rolloutBlocks } from './run-actions.ts';
import { foldReports, type Group, selectFindings, type Told } from './told-findings.ts';

/** What this installation can offer as a click. */
export interface Known {
  readonly diagnostics: readonly string[];
  readonly fixes: readonly string[];
  /** Where the pages of the findings are served; absent: nowhere that a browser comes. */
  readonly pages?: string;
}

export function actorInline(actor: Actor): Inline {
  if (actor.kind === 'person') return { user: actor.user };
  return actor.kind === 'alert' ? `the alert (${actor.source})` : 'Housecall';
}

function runTitle(run: Run): string {
  return `${run.diagnostic} on ${foldNames(run.hosts)}`;
}

function because({ after }: Run): Inline[] {
  return after === undefined ? [] : [` because of ${after.why}`];
}

/** While it runs. */
export function runProgressDocument(stream: string, run: Run, done: number): Document {
  const total = run.hosts.length;
  const progress = total === 1 ? 'looking…' : `${done} of ${total} hosts answered…`;
  return {
    summary: `${runTitle(run)}: ${progress}`,
    blocks: [
      { kind: 'paragraph', content: [{ text: runTitle(run), style: 'bold' }, `: ${progress}`] },
      { kind: 'context', content: ['asked by ', actorInline(run.startedBy), ...because(run)] },
      {
        kind: 'actions',
        actions: [{ action: 'run.cancel', label: 'Cancel', value: `${stream} ${run.id}` }],
      },
    ],
  };
}

/** The verdict: outliers first, equal answers folded. */
export function runVerdictDocument(stream: string, run: Run, known: Known): Document {
  const { finished } = run;
  if (finished === null) return runProgressDocument(stream, run, 0);
  const { told, rest } = selectFindings(finished.reports);
  const said = verdictLine(run, finished.reports, finished.status);
  const before = { lines: new Set<string>(), offers: new Set<string>() };
  const rollouts = rolloutBlocks(stream, run, known);
  const blocks = told.flatMap(({ group, finding }) => [
    ...findingBlocks(finding, {
      hosts: run.hosts.length > 1 ? group.hosts : [],
      said,
      lines: before.lines,
    }),
    ...actionBlocks(
      { stream, run, known, hosts: group.hosts, finding },
      { offers: before.offers, style: rollouts.length === 0 ? 'primary' : undefined },
    ),
  ]);
  return {
    summary: said,
    status: finished.status,
    blocks: [
      ...(run.hosts.length > 1 ? [tally(foldReports(finished.reports))] : []),
      ...rollouts,
      ...blocks,
      ...inThread(rest),
      ...meaning(
        told.map(({ finding }) => finding.code),
        known,
      ),
      { kind: 'context', content: footer(run, finished.durationMs) },
    ],
  };
}

/** What the thread tells; that nothing is wrong with some of it is said at once. */
function inThread(rest: readonly Told[]): Block[] {
  if (rest.length === 0) return [];
  const fine = rest.filter(({ finding }) => finding.status === 'ok').length;
  const what = rest.length === 1 ? '1 more finding stands' : `${rest.length} more findings stand`;
  const some = fine === rest.length ? ' (ok)' : ` (${fine} ok)`;
  const ok = fine === 0 ? '' : some;
  return [{ kind: 'context', content: [`${what} in the thread${ok}.`] }];
}

/** Where the meaning of each finding stands. */
function meaning(all: readonly string[], { pages }: Known): Block[] {
  const codes = [...new Set(all)];
  if (codes.length === 0) return [];
  const links = codes.flatMap((code, n): Inline[] => [
    ...(n === 0 ? [] : [', ']),
    pages === undefined
      ? { text: `/diag help ${code}`, style: 'code' }
      : { link: `${pages.replace(/\/$/, '')}/findings/${code}`, text: code },
  ]);
  return [{ kind: 'context', content: ['What it means and what to do: ', ...links] }];
}

/** One line: the answer. */
export function verdictLine(run: Run, reports: readonly HostReport[], status: Status): string {
  const worst = reports.toSorted((a, b) => compareStatus(a.status, b.status))[0];
  const finding = worst?.findings[0];
  if (run.cancelled && reports.every((r) => r.findings.length === 0)) {
    return `${runTitle(run)}: cancelled`;
  }
  if (finding === undefined || status === 'ok') return `${runTitle(run)}: nothing wrong found`;
  const others = reports.filter((r) => r.status !== 'ok').length - 1;
  const more = others > 0 ? ` (and ${others} more host${others === 1 ? '' : 's'})` : '';
  return `${worst?.host}: ${finding.title}${more}`;
}

function tally(groups: readonly Group[]): Block {
  const byStatus = new Map<Status, string[]>();
  for (const { status, hosts } of groups) {
    byStatus.set(status, [...(byStatus.get(status) ?? []), ...hosts]);
  }
  return {
    kind: 'list',
    items: [...byStatus].map(([status, hosts]) => [
      `${hosts.length} ${status}: `,
      { text: foldNames(hosts), style: 'code' },
    ]),
  };
}

/**
 * `said`: the verdict line of the message; a title that stands in it is not told twice. `lines`: what
 * the message has explained so far; the same explanation under the next host only makes it long.
 */
function findingBlocks(
  finding: Finding,
  place: { hosts: readonly string[]; said: string; lines: Set<string> },
): Block[] {
  const where = place.hosts.length > 0 ? `${foldNames(place.hosts)}: ` : '';
  const { said } = place;
  const isSaid = said.endsWith(`: ${finding.title}`) || said.includes(`: ${finding.title} (and `);
  const text = [...(isSaid ? [] : [finding.title]), newLines(finding.detail, place.lines)]
    .filter((part) => part !== '')
    .join('\n');
  if (text === '') return [];
  const bold: Inline[] = where === '' ? [] : [{ text: where, style: 'bold' }];
  return [{ kind: 'paragraph', content: [...bold, ...codeInlines(text)] }];
}

function newLines(detail: string, told: Set<string>): string {
  const all = detail.split('\n').filter((line) => line !== '');
  const lines = all.filter((line) => !told.has(line));
  for (const line of lines) told.add(line);
  if (lines.length === all.length) return lines.join('\n');
  return [...lines, lines.length === 0 ? 'As above.' : 'Otherwise as above.'].join('\n');
}

function footer(run: Run, durationMs: number): Inline[] {
  const notes = run.finished?.reports.flatMap((r) =>
    r.coverage.notes.map((note) => (run.hosts.length > 1 ? `${r.host}: ${note}` : note)),
  );
  const privilege = [...new Set(run.finished?.reports.map((r) => r.coverage.privilege))].join(', ');
  return [
    `${run.diagnostic} · ${formatDuration(durationMs / 1000)} · seen with privilege ${privilege || 'none'} · asked by `,
    actorInline(run.startedBy),
    ...because(run),
    ...(notes === undefined || notes.length === 0
      ? []
      : [` · coverage: ${notes.slice(0, 5).join('; ')}`]),
  ];
}
