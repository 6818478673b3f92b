import { createSsh } from '../../../src/adapters/ssh/create-ssh.ts';
import { createMetrics } from '../../../src/adapters/telemetry/create-metrics.ts';
import { runDiagnosis } from '../../../src/app/cli/run-diagnosis.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Host } from '../../../src/core/fleet/host.ts';
import { diagnostics } from '../../../src/diagnostics/registry.ts';
import { silentLog } from '../../support/redis.ts';
import type { Lab } from '../host/lab.ts';
import { expectedWords, type Found, foundWords, isExpected } from './record.ts';
import type { ExpectedLook } from './scenario.ts';

/** One diagnosis as that account, straight over SSH; throws with what was expected and not found. */
export async function expectLook(lab: Lab, look: ExpectedLook): Promise<void> {
  const { account, diagnostic: id, findings, never = [] } = look;
  const diagnostic = diagnostics.find((one) => one.id === id);
  // A scenario may be ahead of the installation.
  if (diagnostic === undefined) return;
  const found = await foundBy(lab, { ...look, diagnostic });
  const said = `${id} as ${account} found:\n${found.map(foundWords).join('\n')}`;
  for (const expected of findings) {
    if (found.some((one) => isExpected(one, expected))) continue;
    throw new Error(`not found: ${expectedWords(expected)}; ${said}`);
  }
  const wrong = found.filter(({ finding }) => never.includes(finding.code));
  if (wrong.length > 0) throw new Error(`wrong here: ${wrong.map(foundWords).join()}; ${said}`);
}

async function foundBy(
  lab: Lab,
  look: Pick<ExpectedLook, 'account' | 'host' | 'params'> & {
    diagnostic: (typeof diagnostics)[number];
  },
): Promise<readonly Found[]> {
  const { account, host, diagnostic, params = {} } = look;
  const entry: Host = {
    name: host,
    address: lab.host(host).address,
    port: 22,
    user: account,
    groups: [],
    aliases: [],
    sudo: account === 'sudoer',
    identityFile: lab.identityFile,
    knownHostsFile: lab.knownHostsFile,
    connectTimeoutSeconds: 8,
  };
  const parts = { inventory: new Map([[host, entry]]), log: silentLog, metrics: createMetrics() };
  const remote = createSsh(parts);
  try {
    const report = await runDiagnosis(
      { remote, redact: (text) => text, clock: systemClock },
      {
        diagnostic,
        params,
        hosts: [host],
        signal: AbortSignal.timeout(60_000),
        onHost: () => {},
      },
    );
    return report.hosts.flatMap((one) =>
      one.findings.map((finding, index) => {
        return { run: '', host: one.host, index, reason: null, finding };
      }),
    );
  } finally {
    await remote.close();
  }
}
