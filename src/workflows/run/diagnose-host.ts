import type { CommandResult } from '../../core/command.ts';
import { HousecallError } from '../../core/errors.ts';
import { compareStatus, type Finding, type HostReport, worstStatus } from '../../core/finding.ts';
import { redactDeep } from '../../core/redaction/redactor.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { RemoteReader } from '../../ports/remote.ts';
import { describeUnreachable, STAGES } from './describe-unreachable.ts';

export { STAGES } from './describe-unreachable.ts';

/** Healthy things of one host whose numbers are looked through: what a case is about is among the largest. */
const MOST_MEASURES = 100;

export interface DiagnoseHostDeps {
  readonly remote: RemoteReader;
  /** Removes secrets from what a host printed before anything is stored or shown. */
  readonly redact: (text: string) => string;
}

export interface DiagnoseHostInput {
  readonly host: string;
  readonly diagnostic: Diagnostic;
  readonly params: Readonly<Record<string, unknown>>;
  readonly nonce: string;
  readonly signal?: AbortSignal;
}

/**
 * Looks at one host and judges what came back. A host that cannot be looked at is a result, not an
 * error. Throws only for a bad parameter, a cancellation, and a connection lost in the middle
 * (SSH_LOST: the look is read-only, so whoever called may run it again).
 */
export async function diagnoseHost(
  deps: DiagnoseHostDeps,
  input: DiagnoseHostInput,
): Promise<HostReport> {
  const { host, diagnostic, nonce } = input;
  const bound = diagnostic.bind(input.params, nonce);
  try {
    const options = input.signal === undefined ? {} : { signal: input.signal };
    const result = await deps.remote.read(host, bound.probe, options);
    const judged = bound.judge(result);
    const findings = [...judged.findings, ...sudoRefused(host, result)]
      .map((finding) => redactFinding(finding, deps.redact))
      .toSorted((a, b) => compareStatus(a.status, b.status));
    return {
      host,
      status: worstStatus(['ok', ...findings.map((finding) => finding.status)]),
      durationMs: result.durationMs,
      coverage: {
        privilege: judged.coverage.privilege,
        notes: judged.coverage.notes.map(deps.redact),
      },
      findings,
      ...(judged.measures.length === 0
        ? {}
        : { measures: redactDeep(judged.measures.slice(0, MOST_MEASURES), deps.redact) }),
      ...(judged.facts === undefined ? {} : { facts: judged.facts }),
    };
  } catch (error) {
    if (!(error instanceof HousecallError)) throw error;
    if (error.code === 'SSH_UNREACHABLE') return unreachable(host, error);
    // Removed from the configuration between the request and now.
    if (error.code === 'TARGET_UNKNOWN') {
      const said = { title: error.message, detail: error.hint };
      return unknownReport(host, { code: `${diagnostic.id}.coverage`, ...said });
    }
    if (error.code === 'OUTPUT_UNREADABLE') {
      return unknownReport(host, {
        code: `${diagnostic.id}.coverage`,
        title: `${host}: the probe's output could not be read`,
        detail: `${deps.redact(error.message)}. ${error.hint}`,
      });
    }
    throw error;
  }
}

export function unreachable(host: string, error: HousecallError): HostReport {
  const { title, detail, stage, said, next } = describeUnreachable(host, error);
  const report = { code: 'host.unreachable', title, detail, data: { stage, detail: said }, next };
  return unknownReport(host, report);
}

/** For hosts whose job failed for good. */
export function unknownReport(
  host: string,
  said: Pick<Finding, 'code' | 'title' | 'detail'> & Partial<Pick<Finding, 'data' | 'next'>>,
): HostReport {
  const finding: Finding = {
    code: said.code,
    status: 'unknown',
    subject: host,
    title: said.title,
    detail: said.detail,
    data: said.data ?? {},
    evidence: [],
    fixes: [],
    next: said.next ?? [],
  };
  return {
    host,
    status: 'unknown',
    durationMs: 0,
    coverage: { privilege: 'none', notes: ['nothing could be seen'] },
    findings: [finding],
  };
}

function sudoRefused(host: string, result: CommandResult): readonly Finding[] {
  if (result.sudoRefused === undefined) return [];
  const finding: Finding = {
    code: 'host.unreachable',
    status: 'unknown',
    subject: host,
    title: `sudo is refused on ${host} (${result.sudoRefused}): looked without privilege`,
    detail: STAGES.sudo,
    data: { stage: 'sudo', detail: result.sudoRefused },
    evidence: [],
    fixes: [],
    next: [],
  };
  return [finding];
}

/** Everything a host printed; the parameters of fixes are numbers that the plan checks on the host again. */
function redactFinding(finding: Finding, redact: (text: string) => string): Finding {
  return { ...redactDeep(finding, redact), fixes: finding.fixes };
}
