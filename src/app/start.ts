import { createLog } from '../adapters/telemetry/create-log.ts';
import { checkReferences } from '../config/check-references.ts';
import { loadConfig } from '../config/load-config.ts';
import { requireForStart, type StartRole } from '../config/require-for-start.ts';
import { allSecrets } from '../config/secrets.ts';
import { createRedactor } from '../core/redaction/redactor.ts';
import { diagnostics } from '../diagnostics/registry.ts';
import { fixes } from '../fixes/registry.ts';
import { fired } from './catch-signals.ts';
import { startRoles } from './start-roles.ts';
import type { Times } from './times.ts';

/** `housecall start`: runs until `signal` fires, then finishes what it began. Exit status. */
export async function start(options: {
  role: StartRole;
  signal: AbortSignal;
  configPath?: string;
  times?: Times;
}): Promise<number> {
  const path = options.configPath === undefined ? {} : { path: options.configPath };
  const config = requireForStart(loadConfig(path), options.role);
  checkReferences(config, { diagnostics: idsOf(diagnostics), fixes: idsOf(fixes) });
  const redact = createRedactor({
    secrets: allSecrets(config),
    patterns: config.redaction.patterns,
  });
  const log = createLog({ level: 'info', redact });
  for (const warning of config.origin.warnings) log.warn({ warning }, 'configuration');
  const roles = options.role === 'all' ? (['web', 'worker'] as const) : [options.role];
  if (options.role === 'all') {
    log.warn(
      {},
      'role all: one process faces Slack and holds the SSH keys; run web and worker apart in production',
    );
  }
  const { signal } = options;
  // Asked to stop while it starts: nothing is under way yet that would have to be finished.
  const running = await Promise.race([
    startRoles(config, roles, log, options.times === undefined ? {} : { times: options.times }),
    fired(signal).then(() => null),
  ]);
  if (running === null) return 0;
  log.info({ roles, address: running.address }, 'housecall is ready');
  await fired(signal);
  log.info({ signal: signal.reason }, 'stopping: finishing what runs');
  await running.stop();
  log.info({}, 'stopped');
  return 0;
}

function idsOf(modules: readonly { readonly id: string }[]): readonly string[] {
  return modules.map(({ id }) => id);
}
