import { encodeFixValue, encodeRolloutValue } from '../approval/fix-value.ts';
import { codeInlines } from '../document/code-inlines.ts';
import type { Action, Block, Document, Inline } from '../document/document.ts';
import {
  compareStatus,
  type Finding,
  type HostReport,
  type NextStep,
  type Status,
} from '../finding.ts';
import { foldNames } from '../fleet/fold-names.ts';
import { formatDuration } from '../format.ts';
import type { Run } from '../incident/case.ts';
import type { Actor } from '../person.ts';
import { encodeNextValue } from './next-value.ts';

/** Slack's limit for a button is 75 characters. */
const LABEL_LENGTH = 60;

/** Findings told in full in the run's message; the others stand in its thread. */
export const TOLD = 6;

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
  const groups = foldReports(finished.reports);
  const told = groups.flatMap((group) => group.findings.map((finding) => ({ group, finding })));
  const said = verdictLine(run, finished.reports, finished.status);
  const blocks: Block[] = told
    .slice(0, TOLD)
    .flatMap(({ group, finding }) => [
      ...findingBlocks(finding, { hosts: run.hosts.length > 1 ? group.hosts : [], said }),
      ...actionBlocks({ stream, run, known, hosts: group.hosts, finding }),
    ]);
  blocks.push(...rolloutButtons(stream, run, known));
  const rest = told.length - TOLD;
  if (rest > 0) {
    blocks.push({ kind: 'context', content: [`${rest} more findings stand in the thread.`] });
  }
  return {
    summary: said,
    status: finished.status,
    blocks: [
      ...(run.hosts.length > 1 ? [tally(groups)] : []),
      ...blocks,
      ...meaning(
        told.slice(0, TOLD).map(({ finding }) => finding.code),
        known,
      ),
      { kind: 'context', content: footer(run, finished.durationMs) },
    ],
  };
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

interface Group {
  readonly hosts: readonly string[];
  readonly status: Status;
  readonly findings: readonly Finding[];
}

/** Hosts that say the same in the same words are told once. */
export function foldReports(reports: readonly HostReport[]): readonly Group[] {
  const groups = new Map<
    string,
    { hosts: string[]; status: Status; findings: readonly Finding[] }
  >();
  for (const report of reports) {
    // A fix is reviewed host by host: such hosts stand alone, each with its own button.
    const alone = report.findings.some((finding) => finding.fixes.length > 0);
    const key = JSON.stringify([
      alone ? report.host : '',
      report.status,
      report.findings.map((f) => [f.code, f.title.replaceAll(report.host, '')]),
    ]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, {
        hosts: [report.host],
        status: report.status,
        findings: report.findings,
      });
    } else group.hosts.push(report.host);
  }
  return [...groups.values()].toSorted((a, b) => compareStatus(a.status, b.status));
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

/** `said`: the verdict line of the message; a finding that is that very line is not told twice. */
function findingBlocks(
  finding: Finding,
  place: { hosts: readonly string[]; said: string },
): Block[] {
  const where = place.hosts.length > 0 ? `${foldNames(place.hosts)}: ` : '';
  const title = place.said.endsWith(finding.title)
    ? []
    : [{ text: where, style: 'bold' } as const, ...codeInlines(finding.title), '\n'];
  const content = [...title, ...codeInlines(finding.detail)].filter(
    (part) => typeof part === 'string' || !('text' in part) || part.text !== '',
  );
  return content.length === 0 ? [] : [{ kind: 'paragraph', content }];
}

function actionBlocks(input: {
  stream: string;
  run: Run;
  known: Known;
  hosts: readonly string[];
  finding: Finding;
}): Block[] {
  const { stream, run, known, hosts, finding } = input;
  const host = hosts[0];
  if (host === undefined) return [];
  const report = run.finished?.reports.find((r) => r.host === host);
  const index = report?.findings.indexOf(finding) ?? -1;
  if (index < 0) return [];
  const place = { stream, run: run.id, host, finding: index };
  const fixes = finding.fixes.flatMap((offer, n): Action[] =>
    known.fixes.includes(offer.fix)
      ? [
          {
            action: 'fix.review',
            label: `Review fix: ${offer.fix}`,
            value: encodeFixValue({ ...place, offer: n }),
            style: 'primary',
          },
        ]
      : [],
  );
  const next = finding.next.flatMap((step, n): Action[] =>
    known.diagnostics.includes(step.diagnostic)
      ? [
          {
            action: 'next.run',
            label: nextLabel(step),
            value: encodeNextValue({ ...place, next: n }),
          },
        ]
      : [],
  );
  const actions = [...fixes, ...next];
  return actions.length === 0 ? [] : [{ kind: 'actions', actions }];
}

/** The same fix on several hosts: one review, one approval, a canary and then waves. */
function rolloutButtons(stream: string, run: Run, known: Known): Block[] {
  const reports = run.finished?.reports ?? [];
  const actions = known.fixes.flatMap((module): Action[] => {
    const hosts = reports.filter(({ findings }) =>
      findings.some(({ fixes }) => fixes.some(({ fix }) => fix === module)),
    );
    if (hosts.length < 2) return [];
    const value = encodeRolloutValue({ stream, run: run.id, module });
    return [
      { action: 'fix.review', label: `Review fix on ${hosts.length} hosts: ${module}`, value },
    ];
  });
  return actions.length === 0 ? [] : [{ kind: 'actions', actions }];
}

/** Two suggestions of one kind must not look alike: what they look at is part of the label. */
function nextLabel({ diagnostic, params, scope }: NextStep): string {
  const what = scope === 'group' ? ['the whole group'] : Object.values(params).map(String);
  return `Look further: ${[diagnostic, ...what].join(' ')}`.slice(0, LABEL_LENGTH);
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
