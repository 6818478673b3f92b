import { argvText } from '../command.ts';
import type { Block, Document } from '../document/document.ts';
import type { Finding, HostReport } from '../finding.ts';
import { foldNames } from '../fleet/fold-names.ts';

/** Slack takes one message a second in a channel: evidence of a whole fleet would hold up everything else. */
const SHOWN = 10;

/**
 * Evidence of a run, one document per host that has any, worst hosts first: for the thread, folded by
 * the chat when long. Of many hosts only the first are shown; the record holds all.
 */
export function evidenceDocuments(reports: readonly HostReport[]): readonly Document[] {
  const having = reports.filter((report) =>
    report.findings.some((finding) => finding.evidence.length > 0),
  );
  const shown = having.slice(0, SHOWN).map((report) => ({
    summary: `${report.host}: what was run and what it printed`,
    blocks: distinctEvidence(report.findings),
  }));
  const rest = having.slice(SHOWN).map(({ host }) => host);
  if (rest.length === 0) return shown;
  const summary = `The output of ${rest.length} more hosts is in the record: ${foldNames(rest)}`;
  return [...shown, { summary, blocks: [] }];
}

/** Several findings rest on the same command: it is shown once. */
function distinctEvidence(findings: readonly Finding[]): Block[] {
  const seen = new Map<string, Block>();
  for (const finding of findings) {
    for (const { argv, exitCode, output, truncated } of finding.evidence) {
      const command = argvText(argv);
      const key = `${command}\n${output}`;
      if (seen.has(key)) continue;
      const status = exitCode === null ? 'no exit status' : `exit ${exitCode}`;
      // The command within the block: as a title, one with a long path takes half a phone's screen.
      seen.set(key, {
        kind: 'preformatted',
        text: `$ ${command}  (${status}${truncated ? ', cut' : ''})\n${output === '' ? '(no output)' : output}`,
      });
    }
  }
  return [...seen.values()];
}
