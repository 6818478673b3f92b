import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { HousecallError } from '../core/errors.ts';
import type { Config, ExactSettings } from './config.ts';
import { explain } from './explain.ts';
import { Hosts } from './host-schema.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { inventoryProblems } from './inventory.ts';
import { isMap, keyText, walkTexts } from './keys.ts';
import { loginProblems } from './login-problems.ts';
import { isSecretKey } from './mask.ts';
import { readYaml } from './read-yaml.ts';
import { resolvePaths } from './resolve-paths.ts';
import { ConfigSchema } from './schema.ts';
import { wantsText } from './schema-tree.ts';

/** Bigger files are refused before they are parsed. */
const MAX_BYTES = 1024 * 1024;

export type { Config } from './config.ts';

/**
 * Reads `path`, else `HOUSECALL_CONFIG`, else `./housecall.yaml`.
 * @throws HousecallError CONFIG_INVALID with every problem at once: file, key, value, what is allowed;
 *   `context.problems` lists them. Secrets are never part of it.
 */
export function loadConfig(options: { path?: string; env?: Environment } = {}): Config {
  const env = options.env ?? process.env;
  const named = options.path ?? (env['HOUSECALL_CONFIG'] || undefined);
  const file = path.resolve(named ?? 'housecall.yaml');
  return parseConfig(readText(file, named === undefined), { file, env });
}

/** The same from a text, for a file that is not read from disk. */
export function parseConfig(text: string, from: { file: string; env: Environment }): Config {
  const yaml = readYaml(text);
  if (!yaml.ok) throw invalid(from.file, yaml.problems);
  const source = interpolate(yaml.value ?? {}, from.env, wantsText);
  const parsed = ConfigSchema.safeParse(source.value ?? {});
  const hosts = Hosts.safeParse(isMap(source.value) ? source.value['hosts'] : undefined);
  const problems = [
    ...source.problems,
    ...(parsed.success ? [] : explain(parsed.error, source)),
    ...(hosts.success ? inventoryProblems(hosts.data) : []),
    ...(parsed.success ? loginProblems(parsed.data, source.unset) : []),
  ];
  if (!parsed.success || problems.length > 0) throw invalid(from.file, problems);
  const warnings = exposureWarnings(from.file, yaml.value);
  const base = { directory: path.dirname(from.file), env: from.env };
  return deepFreeze({
    ...(resolvePaths(parsed.data, base) as ExactSettings),
    origin: { file: from.file, unset: source.unset, warnings },
  });
}

function readText(file: string, isDefault: boolean): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) throw invalid(file, [`larger than ${MAX_BYTES} bytes`]);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof HousecallError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT') throw invalid(file, [`cannot be read (${String(code)})`]);
    const remedy = isDefault
      ? 'not found; copy housecall.example.yaml, or name the file in HOUSECALL_CONFIG'
      : 'not found';
    throw invalid(file, [remedy]);
  }
}

function invalid(file: string, problems: readonly string[]): HousecallError {
  const [only] = problems;
  const message =
    problems.length === 1
      ? `${file}: ${only}`
      : `${file}: ${problems.length} problems\n${problems.map((line) => `  ${line}`).join('\n')}`;
  return new HousecallError('CONFIG_INVALID', message, { context: { file, problems } });
}

/** Secrets in plain text in a file that everybody on the machine may read. */
function exposureWarnings(file: string, raw: unknown): readonly string[] {
  const literal: string[] = [];
  walkTexts(raw, (text, key) => {
    const inUrl = /\/\/[^/@\s]*:[^/@\s]+@/.test(text);
    if ((isSecretKey(key) || inUrl) && !/\$\{\w+\}/.test(text)) literal.push(keyText(key));
  });
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if (literal.length === 0 || (mode & 0o004) === 0) return [];
  return [
    `${file} is readable by everybody and holds secrets in plain text (${literal.join(', ')}): ` +
      'run `chmod 600` on it, or move them to environment variables',
  ];
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
