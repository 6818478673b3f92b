import { inventoryOf } from '../../config/inventory.ts';
import type { Config } from '../../config/load-config.ts';
import { allSecrets } from '../../config/secrets.ts';
import type { Inventory } from '../../core/fleet/host.ts';
import { resolveTargets } from '../../core/fleet/targets.ts';
import { createRedactor } from '../../core/redaction/redactor.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { Fix } from '../../fixes/contract.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RemoteReader } from '../../ports/remote.ts';
import {
  findDiagnostic,
  listDiagnostics,
  listHosts,
} from '../../workflows/catalog/describe-catalog.ts';
import { help } from '../../workflows/catalog/help.ts';
import { readDiagWords } from './diag-words.ts';
import { documentLines } from './document-lines.ts';
import { EXIT_BY_STATUS } from './exit-code.ts';
import { reportText } from './print-report.ts';
import { runDiagnosis } from './run-diagnosis.ts';
import type { Terminal } from './terminal.ts';

export interface DiagOptions {
  /** A diagnostic, or `list`, `help`, `hosts`. */
  readonly word: string;
  /** Targets and `key=value`. */
  readonly rest: readonly string[];
  readonly json: boolean;
  readonly evidence: boolean;
}

export interface DiagDeps {
  readonly config: () => Config;
  readonly diagnostics: readonly Diagnostic[];
  readonly fixes: readonly Fix[];
  readonly openRemote: (
    inventory: Inventory,
  ) => Promise<{ reader: RemoteReader; close(): Promise<void> }>;
  readonly clock: Clock;
  readonly terminal: Terminal;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * `housecall diag`: looks and prints. Returns the exit status of the worst host.
 * @throws HousecallError USAGE, TARGET_UNKNOWN, PARAMS_INVALID, CONFIG_INVALID, CANCELLED.
 */
export async function diag(options: DiagOptions, deps: DiagDeps): Promise<number> {
  const told = helpText(options, deps);
  if (told !== null) {
    deps.terminal.out(`${told.join('\n').trimEnd()}\n`);
    return 0;
  }
  const diagnostic = findDiagnostic(deps.diagnostics, options.word);
  const { targets, params } = readDiagWords(diagnostic.id, options.rest);
  diagnostic.bind(params, deps.clock.id());
  const config = deps.config();
  for (const warning of config.origin.warnings) deps.terminal.err(`housecall: ${warning}\n`);
  const inventory = inventoryOf(config);
  const hosts = resolveTargets(targets, inventory);
  const redact = createRedactor({
    secrets: allSecrets(config),
    patterns: config.redaction.patterns,
  });
  const remote = await deps.openRemote(inventory);
  const progress = showProgress(deps.terminal, hosts.length);
  try {
    const report = await runDiagnosis(
      { remote: remote.reader, redact, clock: deps.clock },
      { diagnostic, params, hosts, signal: deps.signal, onHost: progress.update },
    );
    progress.clear();
    const { colours, columns } = deps.terminal;
    const known = deps.diagnostics.map(({ id }) => id);
    deps.terminal.out(
      options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : reportText(report, { colours, columns, evidence: options.evidence, known }),
    );
    return EXIT_BY_STATUS[report.status];
  } finally {
    progress.clear();
    await remote.close();
  }
}

/** `diag list`, `diag help <diagnostic>`, `diag hosts [filter]`: the same texts as in Slack. */
function helpText({ word, rest }: DiagOptions, deps: DiagDeps): readonly string[] | null {
  switch (word) {
    case 'list':
      return inTerminal(documentLines(listDiagnostics(deps.diagnostics)));
    case 'help':
      return inTerminal(documentLines(help(deps, rest[0] ?? null)));
    case 'hosts':
      return documentLines(listHosts(inventoryOf(deps.config()), rest.join(' ')));
    default:
      return null;
  }
}

function inTerminal(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll('/diag ', 'housecall diag '));
}

/** One line on standard error that is written over; nothing where nobody watches. */
function showProgress(terminal: Terminal, total: number) {
  const write = (done: number): void => {
    if (terminal.interactive) terminal.err(`\r\u001b[2Klooking… ${done} of ${total} hosts`);
  };
  write(0);
  return {
    update: write,
    clear: (): void => {
      if (terminal.interactive) terminal.err('\r\u001b[2K');
    },
  };
}
