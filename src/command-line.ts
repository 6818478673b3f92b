import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type CommandContext, runCommand } from './app/cli/run-command.ts';

/** The commands, their options and their help; what they do stands in `app`. */
export function createCommandLine(): Command {
  const program = new Command('housecall')
    .description('Self-hosted Slack ChatOps for the person on call.')
    .version(version(), '-V, --version', 'print the version')
    .option('-c, --config <file>', 'configuration (else HOUSECALL_CONFIG, else ./housecall.yaml)')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .showHelpAfterError('(housecall --help lists the commands)');
  const run = runnerOf(program);
  addStart(program, run);
  addDiag(program, run);
  addCheck(program, run);
  addVerify(program, run);
  addDemo(program, run);
  return program;
}

/** `otherwise`: exit status of an error that is neither usage nor configuration. */
type Run = (
  otherwise: number,
  command: (context: CommandContext) => Promise<number>,
) => Promise<void>;

function runnerOf(program: Command): Run {
  return (otherwise, command) => {
    const { config, color } = program.opts<{ config?: string; color: boolean }>();
    const configPath = config === undefined ? {} : { configPath: config };
    return runCommand({ otherwise, configPath, colours: color }, command);
  };
}

function addStart(program: Command, run: Run): void {
  const role = new Option('--role <role>', 'web: Slack and webhooks; worker: SSH; all: both')
    .choices(['all', 'web', 'worker'])
    .default('all');
  program
    .command('start')
    .description('run the bot: Slack, webhooks and SSH')
    .addOption(role)
    .action((options: { role: 'all' | 'web' | 'worker' }) =>
      run(1, async ({ configPath, signal }) => {
        const { start } = await import('./app/start.ts');
        return start({ role: options.role, signal, ...configPath });
      }),
    );
}

const DIAG_HELP = `
Exit status: 0 ok, 1 warning, 2 critical, 3 unknown (could not look), 64 usage, 78 configuration.

Examples:
  housecall diag list
  housecall diag help disk
  housecall diag disk host-17
  housecall diag disk '@web!web-3' mount=/var warnPercent=60
  housecall diag disk 'web-[1-12]' --json`;

function addDiag(program: Command, run: Run): void {
  program
    .command('diag')
    .description('look at hosts over SSH and print what was found, without Slack and Redis')
    .argument('<diagnostic>', 'which; or: list, help <diagnostic>, hosts [filter]')
    .argument('[targets...]', 'hosts, node sets (web-[1-12]), @groups, @web!web-3; and key=value')
    .option('--json', 'one JSON document on standard output', false)
    .option('-e, --evidence', 'also what was run and what it printed', false)
    .addHelpText('after', DIAG_HELP)
    .action(
      (word: string, rest: readonly string[], options: { json: boolean; evidence: boolean }) =>
        run(3, async (context) => {
          const { diagCommand } = await import('./app/cli/diag-command.ts');
          return diagCommand({ word, rest, ...options }, context);
        }),
    );
}

function addCheck(program: Command, run: Run): void {
  program
    .command('check')
    .description('configuration, Redis, Slack and every host, in plain words')
    .option('--accept-new-host-keys', 'record keys of hosts seen for the first time, asking', false)
    .addHelpText('after', '\nExit status: 0 good, 1 bad.')
    .action((options: { acceptNewHostKeys: boolean }) =>
      run(1, async (context) => {
        const { checkCommand } = await import('./app/cli/check-command.ts');
        return checkCommand(options, context);
      }),
    );
}

function addVerify(program: Command, run: Run): void {
  program
    .command('verify')
    .description("check an archive's hashes and audit chain; needs no secret")
    .argument('<directory>', 'folder of one incident, with its manifest.json')
    .option('--head <sha256>', 'head of the audit chain, as posted in the announcement channel')
    .addHelpText('after', '\nExit status: 0 good, 1 bad.')
    .action((directory: string, options: { head?: string }) =>
      run(1, async (context) => {
        const { verifyCommand } = await import('./app/cli/verify-command.ts');
        return verifyCommand({ directory, ...options }, context);
      }),
    );
}

function addDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .description('everything on this machine, no account needed: a workspace in the browser')
    .option('--alert', 'send the alert at once, as Opsgenie would', false)
    .option('--script', 'go through the whole story by itself, then end', false)
    .action((options: { alert: boolean; script: boolean }) =>
      run(1, async ({ signal }) => {
        const { demo } = await import('./app/demo/demo.ts');
        return demo(options, signal);
      }),
    );
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
