import type { CommandResult } from '../core/command.ts';
import { HousecallError } from '../core/errors.ts';
import {
  type ConnectStage,
  compareStatus,
  type Finding,
  type HostReport,
  worstStatus,
} from '../core/finding.ts';
import { redactDeep } from '../core/redaction/redactor.ts';
import type { Diagnostic } from '../diagnostics/contract.ts';
import type { RemoteReader } from '../ports/remote.ts';

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

/** What each stage means to the person on call. */
export const STAGES: Readonly<Record<ConnectStage, string>> = {
  name: 'The address does not resolve: look at DNS or the inventory.',
  route: 'There is no route to it: the network in between, or the host is off.',
  refused: 'The host answers but nothing listens on the port: sshd is not running there.',
  timeout: 'Nothing answers: the host is down, or packets are dropped on the way.',
  banner:
    'TCP connects but sshd says nothing: the host is probably stuck (out of memory, blocked I/O).',
  'host-key':
    'The host key is not the one known: reinstalled, another machine, or an attack. Not connected.',
  auth: 'No login: look at the user, the identity file, and the account on the host.',
  sudo: 'sudo -n refused: the host is configured with `sudo: true` but asks for a password or forbids it.',
};

export function unreachable(host: string, error: HousecallError): HostReport {
  const { stage: given, detail = error.message } = error.context;
  const stage = (typeof given === 'string' ? given : 'timeout') as ConnectStage;
  return unknownReport(host, {
    code: 'host.unreachable',
    title: error.message,
    detail: STAGES[stage] ?? error.hint,
    data: { stage, detail },
  });
}

/** For hosts whose job failed for good. */
export function unknownReport(
  host: string,
  said: { code: string; title: string; detail: string; data?: Readonly<Record<string, unknown>> },
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
    next: [],
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
    title: 'sudo -n refused: looked without privilege',
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
