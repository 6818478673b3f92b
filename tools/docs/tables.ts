import { METRICS } from '../../src/adapters/telemetry/create-metrics.ts';
import { documentLines } from '../../src/app/cli/document-lines.ts';
import { createCommandLine } from '../../src/command-line.ts';
import { ERRORS } from '../../src/core/errors.ts';
import { diagHelp, incidentHelp } from '../../src/core/slash/help.ts';
import { code, page, table } from './markdown.ts';

export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([name, { kind, retryable, hint }]) => [
    code(name),
    kind,
    retryable ? 'yes' : 'no',
    hint,
  ]);
  return page(
    'Errors',
    'Every expected error has a code. Its message names the operation, the object and the host with values. Kind: `user` (your move), `operational` (wait or repair something), `bug` (report it).',
    [table(['Code', 'Kind', 'Tried again', 'What to do'], rows)],
  );
}

export function metricsPage(): string {
  const rows = Object.entries(METRICS).map(([name, { help, labels }]) => [
    code(labels.length === 0 ? name : `${name}{${labels.join(',')}}`),
    help,
  ]);
  return page(
    'Metrics',
    '`GET /metrics` in the text format of Prometheus, with the usual metrics of a Node process beside these.',
    [table(['Metric', 'Means'], rows)],
  );
}

export function commandsPage(): string {
  const program = createCommandLine();
  const helps = program.commands.flatMap((command) => {
    // Help texts are wrapped to the terminal; the page has one width.
    command.configureOutput({ getOutHelpWidth: () => 100, getOutHasColors: () => false });
    return [`### housecall ${command.name()}`, fenced(helpOf(command))];
  });
  return page(
    'Commands',
    'From a clone: `npm run -s housecall -- <command>`; installed: `housecall <command>`.',
    [
      '## In Slack',
      fenced(documentLines(diagHelp()).join('\n').trim()),
      fenced(documentLines(incidentHelp()).join('\n').trim()),
      '## In the terminal',
      ...helps,
    ],
  );
}

function helpOf(command: ReturnType<typeof createCommandLine>): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.trim();
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
