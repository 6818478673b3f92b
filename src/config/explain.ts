import type { z } from 'zod';
import { didYouMean } from '../core/nearest.ts';
import type { Interpolated } from './interpolate.ts';
import { type KeyPath, keyText, valueAt } from './keys.ts';
import { shown } from './mask.ts';
import { knownKeysAt } from './schema-tree.ts';

/** What is wrong, one line each: the key, its value, and what is allowed. */
export function explain(error: z.ZodError, source: Interpolated): readonly string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((key) => typeof key !== 'symbol');
    if (issue.code !== 'unrecognized_keys') return [explainValue(path, issue.message, source)];
    return issue.keys.map((key) => explainUnknown(path, key));
  });
}

function explainUnknown(path: KeyPath, key: string): string {
  const known = knownKeysAt(path);
  return `${keyText([...path, key])}: unknown key${didYouMean(key, known)} (allowed: ${known.join(', ')})`;
}

function explainValue(path: KeyPath, allowed: string, source: Interpolated): string {
  const key = keyText(path);
  const value = valueAt(source.value, path);
  if (value === undefined) {
    const names = source.unset.filter((entry) => entry.key === key).map((entry) => entry.variable);
    return names.length === 0
      ? `${key === '' ? 'the file' : key}: missing; allowed: ${allowed}`
      : `${key}: needed, but the environment variable ${names.join(', ')} is not set; allowed: ${allowed}`;
  }
  const variables = source.variables.get(key) ?? [];
  if (variables.length === 0)
    return `${key}: ${shown(value, path)} is not allowed; allowed: ${allowed}`;
  const from = variables.join(', ');
  // What a variable holds may be a secret that was put in the wrong place.
  const secret = variables.some((name) => /TOKEN|SECRET|PASS|KEY|CREDENTIAL|AUTH/i.test(name));
  const text = secret ? '********' : shown(value, path);
  return `${key}: ${text} (from ${from}) is not allowed; allowed: ${allowed}`;
}
