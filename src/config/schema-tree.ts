import { z } from 'zod';
import type { KeyPath } from './keys.ts';
import { ConfigSchema } from './schema.ts';

/** The part of JSON Schema that zod writes for the configuration. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

let tree: SchemaNode | undefined;

/** The schema as data: for the reference, and to name the keys that exist. */
export function schemaTree(): SchemaNode {
  tree ??= z.toJSONSchema(ConfigSchema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  return tree;
}

/** The schema at a place, or undefined where there is none. */
export function nodeAt(path: KeyPath): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((node, key) => step(node, key), schemaTree());
}

function step(node: SchemaNode | undefined, key: string | number): SchemaNode | undefined {
  if (node === undefined) return undefined;
  for (const option of node.anyOf ?? [node]) {
    const below =
      typeof key === 'number'
        ? option.items
        : (option.properties?.[key] ??
          (typeof option.additionalProperties === 'object'
            ? option.additionalProperties
            : undefined));
    if (below !== undefined) return below;
  }
  return undefined;
}

export function knownKeysAt(path: KeyPath): readonly string[] {
  return Object.keys(nodeAt(path)?.properties ?? {});
}

export function wantsText(path: KeyPath): boolean {
  const node = nodeAt(path);
  const options = node?.anyOf ?? (node === undefined ? [] : [node]);
  return !options.some(({ type }) => type === 'integer' || type === 'number' || type === 'boolean');
}
