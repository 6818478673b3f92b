import { renderDocument } from '../../src/adapters/slack/render/render-document.ts';
import { reportText } from '../../src/app/cli/print-report.ts';
import type { RunReport } from '../../src/core/finding.ts';
import type { Run } from '../../src/core/incident/case.ts';
import { evidenceDocuments } from '../../src/core/run/evidence-document.ts';
import { moreFindingsDocument } from '../../src/core/run/more-findings-document.ts';
import { runVerdictDocument } from '../../src/core/run/run-document.ts';
import { diagnostics } from '../../src/diagnostics/registry.ts';
import { fixes } from '../../src/fixes/registry.ts';
import { HIDDEN, isDangerous, nodes, UNESCAPED } from './slack-markup.ts';

const KNOWN = { diagnostics: diagnostics.map(({ id }) => id), fixes: fixes.map(({ id }) => id) };

/**
 * What of a report would act or deceive where it is shown: markup and mentions in Slack, control
 * characters in a terminal or in the JSON. Nothing: an empty list.
 */
export function harmOf(report: RunReport): readonly string[] {
  return [...harmInSlack(report), ...harmInTerminal(report), ...harmInJson(report)];
}

function harmInSlack({ diagnostic, params, hosts, ...run }: RunReport): string[] {
  const done: Run = {
    id: 'run-1',
    diagnostic,
    params,
    hosts: hosts.map(({ host }) => host),
    lane: 'person',
    thread: null,
    reason: 'command',
    startedAt: run.startedAt,
    startedBy: { kind: 'person', team: 'T1', user: 'U0ADA' },
    cancelled: false,
    finished: { status: run.status, durationMs: run.durationMs, reports: hosts },
  };
  const more = moreFindingsDocument(done);
  const documents = [
    runVerdictDocument('case:1', done, KNOWN),
    ...(more === null ? [] : [more]),
    ...evidenceDocuments(hosts),
  ];
  return documents.flatMap((document) =>
    renderDocument(document).messages.flatMap(({ text, blocks }) => [
      ...(UNESCAPED.test(text) || HIDDEN.test(text) ? [`Slack text: ${text}`] : []),
      ...nodes(blocks)
        .filter((node) => isDangerous(node) || strange(node))
        .map((node) => `Slack block: ${JSON.stringify(node)}`),
    ]),
  );
}

/** A mention of anybody but who asked. */
function strange({ type, user_id }: Record<string, unknown>): boolean {
  return (type === 'user' && user_id !== 'U0ADA') || type === 'usergroup' || type === 'channel';
}

function harmInTerminal(report: RunReport): string[] {
  const options = { colours: false, columns: 100, evidence: true, known: KNOWN.diagnostics };
  return reportText(report, options)
    .split('\n')
    .filter((line) => HIDDEN.test(line))
    .map((line) => `terminal: ${JSON.stringify(line)}`);
}

function harmInJson(report: RunReport): string[] {
  return strings(report)
    .filter((text) => HIDDEN.test(text))
    .map((text) => `JSON: ${JSON.stringify(text)}`);
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}
