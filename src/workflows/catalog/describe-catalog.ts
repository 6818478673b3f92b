import type { Block, Document, Inline } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { foldNames } from '../../core/fleet/fold-names.ts';
import type { Host, Inventory } from '../../core/fleet/host.ts';
import { didYouMean } from '../../core/nearest.ts';
import { quoted } from '../../core/quoted.ts';
import { type Diagnostic, describeParams } from '../../diagnostics/contract.ts';

/** `/diag list` */
export function listDiagnostics(diagnostics: readonly Diagnostic[]): Document {
  return {
    summary: `${diagnostics.length} diagnostic${diagnostics.length === 1 ? '' : 's'}: ${diagnostics.map((d) => d.id).join(', ')}`,
    blocks: [
      {
        kind: 'list',
        items: diagnostics.map((d): Inline[] => [
          { text: d.id, style: 'bold' },
          `: ${d.summary}  `,
          { text: `/diag ${d.id} <targets>`, style: 'code' },
        ]),
      },
      {
        kind: 'context',
        content: [
          'Targets: a host, host-1,host-2, web-[1-12], @group, @web!web-3. ',
          { text: '/diag help <diagnostic>', style: 'code' },
          ' tells its parameters, ',
          { text: '/diag hosts', style: 'code' },
          ' the hosts.',
        ],
      },
    ],
  };
}

/** `/diag help <diagnostic>` */
export function helpDiagnostic(diagnostics: readonly Diagnostic[], id: string): Document {
  const diagnostic = findDiagnostic(diagnostics, id);
  const params = describeParams(diagnostic.params);
  const example = params.find((p) => p.default !== null);
  const table: Block[] =
    params.length === 0
      ? []
      : [
          {
            kind: 'table',
            header: ['Parameter', 'Default', 'Means'],
            rows: params.map((p) => [
              p.name,
              p.default ?? (p.required ? 'required' : '–'),
              p.description,
            ]),
          },
        ];
  return {
    summary: `${diagnostic.id}: ${diagnostic.summary}`,
    blocks: [
      {
        kind: 'paragraph',
        content: [{ text: diagnostic.title, style: 'bold' }, `\n${diagnostic.summary}`],
      },
      ...table,
      {
        kind: 'context',
        content: [
          'Example: ',
          {
            text: `/diag ${diagnostic.id} host-17${example ? ` ${example.name}=${example.default}` : ''}`,
            style: 'code',
          },
          ` · Permissions: ${diagnostic.permissions}`,
        ],
      },
    ],
  };
}

/** @throws HousecallError USAGE with the nearest names. */
export function findDiagnostic(diagnostics: readonly Diagnostic[], id: string): Diagnostic {
  const found = diagnostics.find((diagnostic) => diagnostic.id === id);
  if (found !== undefined) return found;
  const names = diagnostics.map((d) => d.id);
  throw new HousecallError(
    'USAGE',
    `/diag: there is no diagnostic ${quoted(id)}${didYouMean(id, names)} (known: ${names.join(', ')})`,
    { context: { diagnostic: id, known: names } },
  );
}

/** `/diag hosts [filter]`: by group, folded; the filter is a part of a name, alias or group. */
export function listHosts(inventory: Inventory, filter: string): Document {
  const wanted = filter.replace(/^@/, '').toLowerCase();
  const hosts = [...inventory.values()].filter((host) => matches(host, wanted));
  const groups = new Map<string, string[]>();
  for (const host of hosts) {
    for (const group of host.groups.length > 0 ? host.groups : ['(no group)']) {
      groups.set(group, [...(groups.get(group) ?? []), host.name]);
    }
  }
  const of = wanted === '' ? '' : ` matching ${quoted(filter)}`;
  const summary = `${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}${of}`;
  return {
    summary,
    blocks: [
      { kind: 'paragraph', content: [{ text: summary, style: 'bold' }] },
      ...(groups.size === 0
        ? []
        : [
            {
              kind: 'table',
              header: ['Group', 'Hosts'],
              rows: [...groups]
                .toSorted(([a], [b]) => a.localeCompare(b))
                .slice(0, 50)
                .map(([group, names]) => [
                  group.startsWith('(') ? group : `@${group}`,
                  foldNames(names),
                ]),
            } as const,
          ]),
    ],
  };
}

function matches(host: Host, wanted: string): boolean {
  return [host.name, ...host.aliases, ...host.groups].some((name) =>
    name.toLowerCase().includes(wanted),
  );
}
