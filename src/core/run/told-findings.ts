import { compareStatus, type Finding, type HostReport, type Status } from '../finding.ts';

/** Findings told in full in the run's message; the others stand in its thread. */
const TOLD = 6;

/** Hosts that say the same. */
export interface Group {
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

/** A finding, and the hosts that have it. */
export interface Told {
  readonly group: Group;
  readonly finding: Finding;
}

/**
 * What the run's message tells in full, worst first over all hosts, and what its thread lists. What is
 * fine is not told among what is not, unless it offers a fix.
 */
export function selectFindings(reports: readonly HostReport[]): {
  readonly told: readonly Told[];
  readonly rest: readonly Told[];
} {
  const all = foldReports(reports)
    .flatMap((group) => group.findings.map((finding) => ({ group, finding })))
    .toSorted((a, b) => compareStatus(a.finding.status, b.finding.status));
  const bad = all.some(({ finding }) => finding.status !== 'ok');
  const worth = all.filter(
    ({ finding }) => !bad || finding.status !== 'ok' || finding.fixes.length > 0,
  );
  const told = worth.slice(0, TOLD);
  return { told, rest: all.filter((one) => !told.includes(one)) };
}
