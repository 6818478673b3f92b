import { type SchemaNode, schemaTree } from '../../src/config/schema-tree.ts';
import { code, page, table } from './markdown.ts';

export function configurationPage(): string {
  const sections = Object.entries(schemaTree().properties ?? {}).flatMap(([key, node]) => [
    `## ${key}`,
    ...(node.description === undefined ? [] : [node.description]),
    table(['Key', 'Allowed', 'Default', 'Means'], rowsOf(key, node)),
  ]);
  return page(
    'Configuration',
    [
      '`housecall.yaml` in the working directory, or the file named by `HOUSECALL_CONFIG` or `--config`. [housecall.example.yaml](../../housecall.example.yaml) has every key.',
      '`${NAME}` in a text is replaced by that environment variable after the file is parsed. An unset or empty variable makes an optional key absent; for a required key it is an error naming both. `$${` is a literal `${`. Relative paths are relative to the file. Unknown keys are refused.',
      '`housecall diag` needs `ssh` and `hosts` only. `housecall start` needs `redis.url` for every role and, for the role web, `slack.botToken` with `slack.appToken` or `slack.signingSecret`.',
    ].join('\n\n'),
    sections,
  );
}

/** Keys below one key, one row each: `alerts.routes[].match`. */
function rowsOf(key: string, node: SchemaNode): readonly (readonly string[])[] {
  const inner = childrenOf(node);
  const own = [
    code(key),
    allowedOf(node),
    node.default === undefined || inner.length > 0 ? '' : code(JSON.stringify(node.default)),
    node.description ?? '',
  ];
  const rows = inner.flatMap(([name, child]) => rowsOf(`${key}${name}`, child));
  if (rows.length === 0) return [own];
  return node.description === undefined ? rows : [own, ...rows];
}

function childrenOf(node: SchemaNode): readonly (readonly [string, SchemaNode])[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).map(([name, child]) => [`.${name}`, child] as const);
  }
  if (typeof node.additionalProperties === 'object') {
    const deep = childrenOf(node.additionalProperties);
    return deep.map(([name, child]) => [`.<name>${name}`, child] as const);
  }
  if (node.items?.properties !== undefined) {
    return childrenOf(node.items).map(([name, child]) => [`[]${name}`, child] as const);
  }
  return [];
}

function allowedOf(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => code(String(value))).join(', ');
  if (node.anyOf !== undefined) {
    return [...new Set(node.anyOf.map(allowedOf))].join(' or ');
  }
  if (node.type === 'array') {
    const item = node.items === undefined ? '' : allowedOf(node.items);
    return `list of ${item === '' ? 'values' : item}`;
  }
  const { minimum, maximum } = node;
  if (node.type === 'integer') return `whole number, ${minimum ?? ''} to ${maximum ?? ''}`;
  if (node.type === 'boolean') return '`true`, `false`';
  return node.type === 'string' ? 'text' : (node.type ?? '');
}
