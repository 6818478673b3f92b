import type { FixState } from '../../approval/fix-state.ts';
import type { Finding } from '../../finding.ts';
import { redactDeep } from '../../redaction/redactor.ts';
import { type CaseState, emptyCase, type Incident, type Run, reduceCase } from '../case.ts';
import { type ArchiveInput, type ContentSha256, messageTime } from './archive-input.ts';

/** Raised when a reader of the old form could misunderstand the new one. */
export const INCIDENT_SCHEMA = 'housecall.incident/1';

/**
 * `incident.json`: the incident as data, complete. Everything under `audit` is the journal verbatim, so
 * that its hashes hold; the rest is derived from it and from the room, redacted.
 */
export function incidentJson(input: ArchiveInput): string {
  const { records, messages, gaps = [], names, archivedAt, redact, sha256 } = input;
  const state = records.reduce(reduceCase, emptyCase(''));
  const runs = [...state.runs.values()];
  const derived = {
    incident: state.incident === null ? null : incidentFields(state.incident),
    people: Object.fromEntries([...names].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    alerts: [...state.alerts.values()],
    messages: messages.map((message) => ({ at: messageTime(message.ts), ...message })),
    ...(gaps.length === 0 ? {} : { gaps }),
    runs: runs.map(runFields),
    findings: runs.flatMap((run) => findingsOf(run, sha256)),
    fixes: [...state.fixes.values()].map((fix) => fixFields(state, fix)),
  };
  const document = {
    schema: INCIDENT_SCHEMA,
    archivedAt,
    ...redactDeep(derived, redact),
    audit: records,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function incidentFields(incident: Incident) {
  const { closing: _, archive: __, notArchived: ___, ...fields } = incident;
  return fields;
}

function runFields(run: Run) {
  const { finished, ...rest } = run;
  return {
    ...rest,
    status: finished?.status ?? null,
    durationMs: finished?.durationMs ?? null,
    hosts: run.hosts.map((host) => {
      const report = finished?.reports.find((one) => one.host === host);
      if (report === undefined) return { host, status: null };
      const { findings, ...seen } = report;
      return { ...seen, findings: findings.map((finding) => finding.code) };
    }),
  };
}

function findingsOf(run: Run, sha256: ContentSha256) {
  return (run.finished?.reports ?? []).flatMap((report) =>
    report.findings.map((finding) => ({
      run: run.id,
      diagnostic: run.diagnostic,
      host: report.host,
      ...finding,
      evidence: evidenceOf(finding, sha256),
    })),
  );
}

/** The hash is of the output as it was recorded, so that it can be compared with the audit log. */
function evidenceOf(finding: Finding, sha256: ContentSha256) {
  return finding.evidence.map((evidence) => ({
    ...evidence,
    outputSha256: sha256(evidence.output),
  }));
}

/** With who asked, who approved and what came of it; seal and tokens are in the audit log alone. */
function fixFields(state: CaseState, fix: FixState) {
  const { token: _, view: __, request, approvals, ...fields } = fix;
  const { seal: ___, ...asked } = request ?? {};
  return {
    ...fields,
    ...(request === undefined ? {} : { request: asked }),
    approvals: approvals.map(({ person, at }) => ({ person, at })),
    diagnostic: state.runs.get(fix.run)?.diagnostic ?? null,
  };
}
