import pc from 'picocolors';
import { argvText } from '../../core/command.ts';
import type { Finding, HostReport, RunReport, Status } from '../../core/finding.ts';
import { foldNames } from '../../core/fleet/fold-names.ts';
import { formatDuration } from '../../core/format.ts';
import { foldReports } from '../../core/run/told-findings.ts';
import { sanitise, sanitiseLine } from '../../core/sanitise.ts';
import { wrap } from './wrap.ts';

export interface PrintOptions {
  readonly colours: boolean;
  readonly columns: number;
  /** Also what was run and what it printed. */
  readonly evidence: boolean;
  /** Ids of the diagnostics there are: only they are suggested as the next step. */
  readonly known: readonly string[];
}

type Paint = ReturnType<typeof pc.createColors>;

/** A report as a person reads it: the answer first, worst hosts first, equal answers once. */
export function reportText(report: RunReport, options: PrintOptions): string {
  const paint = pc.createColors(options.colours);
  const groups = foldReports(report.hosts);
  const hosts = report.hosts.map(({ host }) => host);
  const title = `${report.diagnostic} on ${foldNames(hosts)}`;
  const duration = paint.dim(`(${formatDuration(report.durationMs / 1000)})`);
  const lines = [`${paint.bold(title)}: ${statusWord(report.status, paint)} ${duration}`];
  for (const group of groups) {
    const reports = report.hosts.filter(({ host }) => group.hosts.includes(host));
    lines.push('', ...groupLines({ ...group, reports, report }, options, paint));
  }
  return `${lines.join('\n')}\n`;
}

interface Group {
  readonly hosts: readonly string[];
  readonly status: Status;
  readonly findings: readonly Finding[];
  /** Of its hosts: their coverage may differ where their findings are equal. */
  readonly reports: readonly HostReport[];
  readonly report: RunReport;
}

function groupLines(group: Group, options: PrintOptions, paint: Paint): readonly string[] {
  const { hosts, status, reports } = group;
  const count = hosts.length === 1 ? '' : ` (${hosts.length} hosts)`;
  const privileges = [...new Set(reports.map(({ coverage }) => coverage.privilege))].join(', ');
  const seen = paint.dim(`seen with privilege ${privileges}`);
  const head = `${paint.bold(foldNames(hosts))}${count}: ${statusWord(status, paint)}  ${seen}`;
  const nothing = group.findings.length === 0 ? ['  nothing wrong found'] : [];
  return [
    head,
    ...nothing,
    ...group.findings.flatMap((finding) => findingLines(finding, group, { options, paint })),
    ...coverageLines(reports).map((line) => paint.yellow(line)),
  ];
}

/** Each note once, with the hosts it holds for where it does not hold for all. */
function coverageLines(reports: readonly HostReport[]): readonly string[] {
  const notes = new Map<string, string[]>();
  for (const { host, coverage } of reports) {
    for (const note of coverage.notes) notes.set(note, [...(notes.get(note) ?? []), host]);
  }
  return [...notes].map(([note, hosts]) => {
    const where = hosts.length === reports.length ? '' : ` (${foldNames(hosts)})`;
    return `  coverage: ${sanitiseLine(note)}${where}`;
  });
}

function findingLines(
  finding: Finding,
  group: Group,
  { options, paint }: { options: PrintOptions; paint: Paint },
): readonly string[] {
  const indent = '    ';
  const folded = (text: string) => wrap(text, options.columns - indent.length);
  const detail = sanitise(finding.detail)
    .split('\n')
    .flatMap((line) => folded(line));
  const fixes = finding.fixes.map(
    ({ fix }) =>
      `fix: ${fix}, to be approved in Slack (${argvText(['/diag', group.report.diagnostic, ...hostsOf(group)])})`,
  );
  const offered = finding.next.filter(({ diagnostic }) => options.known.includes(diagnostic));
  const next = offered.map(({ diagnostic, params }) => {
    const pairs = Object.entries(params).map(([key, value]) => `${key}=${String(value)}`);
    return `next: ${argvText(['housecall', 'diag', diagnostic, ...hostsOf(group), ...pairs])}`;
  });
  return [
    ...titleLines(finding, options.columns - indent.length, paint).map((line, i) =>
      i === 0 ? `  ${line}` : indent + line,
    ),
    ...detail.filter((line) => line !== '').map((line) => indent + line),
    ...fixes.map((line) => indent + paint.cyan(sanitiseLine(line))),
    ...next.map((line) => indent + paint.cyan(sanitiseLine(line))),
    ...(options.evidence ? evidenceLines(finding, paint).map((line) => indent + line) : []),
  ];
}

/** `critical: it is full [disk.filesystem-full]`, wrapped; coloured at its ends, which wrapping keeps whole. */
function titleLines(finding: Finding, width: number, paint: Paint): readonly string[] {
  const { status } = finding;
  const code = `[${finding.code}]`;
  const lines = wrap(`${status}: ${sanitiseLine(finding.title)} ${code}`, width);
  return lines.map((line, i) => {
    const start = i === 0 ? `${status}:` : '';
    const end = i === lines.length - 1 ? code : '';
    const middle = line.slice(start.length, line.length - end.length);
    return `${start === '' ? '' : colourOf(status, paint)(start)}${middle}${end === '' ? '' : paint.dim(end)}`;
  });
}

function hostsOf(group: Group): readonly string[] {
  return [foldNames(group.hosts)];
}

function evidenceLines(finding: Finding, paint: Paint): readonly string[] {
  return finding.evidence.flatMap(({ argv, exitCode, output, truncated }) => {
    const status = exitCode === null ? 'no exit status' : `exit ${exitCode}`;
    const cut = truncated ? ', cut' : '';
    const body = sanitise(output).trimEnd().split('\n');
    return [
      paint.dim(`$ ${sanitiseLine(argvText(argv))}  (${status}${cut})`),
      ...body.map((line) => paint.dim(`  ${line}`)),
    ];
  });
}

function statusWord(status: Status, paint: Paint): string {
  const word = status.toUpperCase();
  return paint.bold(colourOf(status, paint)(word));
}

function colourOf(status: Status, paint: Paint): (text: string) => string {
  switch (status) {
    case 'ok':
      return paint.green;
    case 'warning':
      return paint.yellow;
    case 'critical':
      return paint.red;
    case 'unknown':
      return paint.magenta;
  }
}
