import { argvText } from '../command.ts';
import type { Block, Document } from '../document/document.ts';
import type { Finding, HostReport } from '../finding.ts';

/** Evidence of a run, one document per host that has any: for the thread, folded by the chat when long. */
export function evidenceDocuments(reports: readonly HostReport[]): readonly Document[] {
  return reports
    .filter((report) => report.findings.some((finding) => finding.evidence.length > 0))
    .map((report) => ({
      summary: `${report.host}: what was run and what it printed`,
      blocks: distinctEvidence(report.findings),
    }));
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
      seen.set(key, {
        kind: 'preformatted',
        title: `$ ${command}  (${status}${truncated ? ', cut' : ''})`,
        text: output === '' ? '(no output)' : output,
      });
    }
  }
  return [...seen.values()];
}
