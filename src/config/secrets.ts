import { stringify } from 'yaml';
import type { Config } from './config.ts';
import { isMap, type KeyPath, walkTexts } from './keys.ts';
import { isSecretKey, masked } from './mask.ts';

/** Every secret that the configuration holds, also the passwords in addresses: for redaction. */
export function allSecrets(config: Config): readonly string[] {
  const found = new Set<string>();
  walkTexts(settingsOf(config), (text, path) => {
    if (isSecretKey(path)) found.add(text);
    else if (URL.canParse(text)) {
      const { password } = new URL(text);
      if (password === '') return;
      found.add(password);
      found.add(decoded(password));
    }
  });
  return [...found];
}

/** The configuration in force as YAML, secrets masked. */
export function describeConfig(config: Config): string {
  return stringify(mask(settingsOf(config), []), { lineWidth: 0 });
}

function settingsOf(config: Config): unknown {
  return Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'origin'));
}

function mask(value: unknown, path: KeyPath): unknown {
  if (typeof value === 'string') return masked(value, path);
  if (Array.isArray(value)) return value.map((item, i) => mask(item, [...path, i]));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mask(item, [...path, key])]),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
