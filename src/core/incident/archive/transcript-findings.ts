import { argvText } from '../../command.ts';
import type { Finding, HostReport } from '../../finding.ts';
import { foldNames } from '../../fleet/fold-names.ts';
import { formatDuration } from '../../format.ts';
import type { Run } from '../case.ts';
import { actorWords } from './event-words.ts';
import { mdBlock, mdQuote } from './markdown.ts';
import { type Telling, time } from './telling.ts';

/** What every run found, worst first, with its evidence. */
export function findingsSection(telling: Telling): string {
  const runs = [...telling.state.runs.values()];
  if (runs.length === 0) return '## Findings\n\nNothing was diagnosed.';
  return ['## Findings', ...runs.map((run) => runPart(telling, run))].join('\n\n');
}

function runPart(telling: Telling, run: Run): string {
  const { line, nameOf } = telling;
  const who = line(actorWords(run.startedBy, nameOf));
  const title = `### ${line(run.diagnostic)} on ${line(foldNames(run.hosts))}`;
  const started = `Started ${time(run.startedAt)} by ${who}`;
  if (run.finished === null) {
    return `${title}\n\n${started}; ${run.cancelled ? 'cancelled' : 'it never ended'}.`;
  }
  const { status, durationMs, reports } = run.finished;
  const ended = `${started}, ${formatDuration(durationMs / 1000)}: **${status}**.`;
  return [title, ended, ...reports.flatMap((report) => hostParts(telling, report))].join('\n\n');
}

function hostParts(telling: Telling, report: HostReport): readonly string[] {
  const { line } = telling;
  const notes = report.coverage.notes.map(line).join('; ');
  const seen = notes === '' ? '' : ` (seen: ${notes})`;
  return [
    `**${line(report.host)}**: ${report.status}${seen}`,
    ...report.findings.map((finding) => findingPart(telling, finding)),
  ];
}

function findingPart({ line, redact }: Telling, finding: Finding): string {
  const evidence = finding.evidence.map((one) => {
    const exit = one.exitCode === null ? 'no exit status' : `exit status ${one.exitCode}`;
    const cut = one.truncated ? ', cut' : '';
    return [
      `Evidence: ${line(argvText(one.argv))} (${exit}${cut})`,
      mdBlock(redact(one.output)),
    ].join('\n\n');
  });
  return [
    `* **${finding.status}** ${line(finding.code)}: ${line(finding.title)}`,
    ...(finding.detail === '' ? [] : [mdQuote(redact(finding.detail))]),
    ...evidence,
  ].join('\n\n');
}
