import { HousecallError } from '../../core/errors.ts';
import { compareStatus, type HostReport, type RunReport, worstStatus } from '../../core/finding.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RemoteReader } from '../../ports/remote.ts';
import { compareHosts } from '../../workflows/run/compare-hosts.ts';
import { diagnoseHost, unknownReport } from '../../workflows/run/diagnose-host.ts';
import { atMost } from './at-most.ts';

/** Hosts that are looked at in one go; the rest waits. */
const AT_ONCE = 64;

export interface DiagnosisDeps {
  readonly remote: RemoteReader;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
}

export interface DiagnosisInput {
  readonly diagnostic: Diagnostic;
  readonly params: Readonly<Record<string, unknown>>;
  readonly hosts: readonly string[];
  readonly signal: AbortSignal;
  readonly onHost: (done: number) => void;
}

/**
 * One diagnostic on many hosts, straight over SSH; worst hosts first. A host that cannot be looked at
 * is part of the report. Throws PARAMS_INVALID, and CANCELLED when the signal fired.
 */
export async function runDiagnosis(
  deps: DiagnosisDeps,
  { diagnostic, params, hosts, signal, onHost }: DiagnosisInput,
): Promise<RunReport> {
  const started = deps.clock.now();
  const bound = diagnostic.bind(params, deps.clock.id());
  let done = 0;
  const reports = await atMost(AT_ONCE, hosts, async (host) => {
    const report = await lookTwice(deps, { host, diagnostic, params, signal });
    onHost(++done);
    return report;
  });
  const compared = compareHosts(bound, reports, deps.redact);
  return {
    diagnostic: diagnostic.id,
    params: bound.params,
    startedAt: started.toISOString(),
    durationMs: deps.clock.now().getTime() - started.getTime(),
    status: worstStatus(compared.map(({ status }) => status)),
    hosts: compared
      // They continue the charts of a case; here there is none.
      .map((given) => {
        const { measures: _measures, ...report } = given;
        return report;
      })
      .toSorted((a, b) => compareStatus(a.status, b.status)),
  };
}

/** A look is read-only, so a connection that broke in the middle may be tried once more. */
async function lookTwice(
  deps: DiagnosisDeps,
  input: Pick<DiagnosisInput, 'diagnostic' | 'params' | 'signal'> & { host: string },
): Promise<HostReport> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (input.signal.aborted) throw new HousecallError('CANCELLED', 'diag: interrupted');
      return await diagnoseHost(deps, { ...input, nonce: deps.clock.id() });
    } catch (error) {
      const lost = error instanceof HousecallError && error.code === 'SSH_LOST';
      if (!lost) throw error;
      if (attempt === 1) continue;
      return unknownReport(input.host, {
        code: `${input.diagnostic.id}.coverage`,
        title: error.message,
        detail: error.hint,
      });
    }
  }
}
