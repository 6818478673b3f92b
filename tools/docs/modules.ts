import { describeParams } from '../../src/diagnostics/contract.ts';
import { diagnostics } from '../../src/diagnostics/registry.ts';
import { fixes } from '../../src/fixes/registry.ts';
import { code, page, table } from './markdown.ts';

type Params = Parameters<typeof describeParams>[0];

export function diagnosticsPage(): string {
  return page(
    'Diagnostics',
    'A diagnostic is one read-only POSIX shell probe, one SSH round trip per host. Run it with `/diag <diagnostic> <targets> [key=value …]` in Slack or `housecall diag` in the terminal.',
    diagnostics.flatMap((diagnostic) => [
      `## ${diagnostic.id}`,
      `${diagnostic.title}: ${diagnostic.summary}`,
      `Rights: ${diagnostic.permissions}`,
      params(diagnostic.params),
      `Findings: ${Object.keys(diagnostic.codes)
        .map((name) => `[${code(name)}](findings/${name}.md)`)
        .join(', ')}. More: [README](../../src/diagnostics/${diagnostic.id}/README.md).`,
    ]),
  );
}

export function fixesPage(): string {
  return page(
    'Fixes',
    'A fix is planned from a fresh look at the host, reviewed, approved by another person, planned again just before it acts, and verified by the same look afterwards. Parameters come from the finding; nobody types them.',
    fixes.flatMap((fix) => [
      `## ${fix.id}`,
      `${fix.title}: ${fix.summary}`,
      `Version ${fix.version}: an approval of another version is stale.`,
      params(fix.params),
    ]),
  );
}

function params(schema: Params): string {
  const rows = describeParams(schema).map(({ name, required, default: value, description }) => [
    code(name),
    value === null ? (required ? 'required' : '–') : code(value),
    description,
  ]);
  return rows.length === 0 ? 'No parameters.' : table(['Parameter', 'Default', 'Means'], rows);
}
