import { compareStatus, type HostReport, worstStatus } from '../../core/finding.ts';
import { redactDeep } from '../../core/redaction/redactor.ts';
import type { BoundDiagnostic } from '../../diagnostics/contract.ts';

/**
 * Adds to the reports of a run what only several hosts together show, and takes away what was kept
 * for that alone.
 */
export function compareHosts(
  bound: Pick<BoundDiagnostic, 'compare'>,
  reports: readonly HostReport[],
  redact: (text: string) => string,
): readonly HostReport[] {
  const told = bound.compare(
    reports.flatMap(({ host, findings, facts }) =>
      facts === undefined ? [] : [{ host, findings, facts }],
    ),
  );
  return reports.map((given) => {
    const { facts: _facts, ...report } = given;
    const more = told.filter(({ host }) => host === report.host).map(({ finding }) => finding);
    if (more.length === 0) return report;
    const shown = more.map((finding) => ({ ...redactDeep(finding, redact), fixes: finding.fixes }));
    return {
      ...report,
      status: worstStatus([report.status, ...more.map(({ status }) => status)]),
      findings: [...report.findings, ...shown].toSorted((a, b) =>
        compareStatus(a.status, b.status),
      ),
    };
  });
}
