import { isMap, type KeyPath, keyText } from './keys.ts';

/** A key that became absent because its variable is not set. */
export interface UnsetVariable {
  readonly key: string;
  readonly variable: string;
}

export interface Interpolated {
  readonly value: unknown;
  /** Variables by the key whose value they are part of. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
  readonly unset: readonly UnsetVariable[];
  readonly problems: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `${NAME}` in texts, after parsing, so that a value can never change the structure of the
 * file. A variable that is unset or empty makes the key (or list item) absent. `$${` is a literal `${`.
 * A value that is one `${NAME}` alone and reads as a number or true/false becomes one where
 * `wantsText` says that the key does not take a text. Keys without a value are absent, too.
 */
export function interpolate(
  root: unknown,
  env: Environment,
  wantsText: (path: KeyPath) => boolean,
): Interpolated {
  const variables = new Map<string, readonly string[]>();
  const unset: UnsetVariable[] = [];
  const problems: string[] = [];

  const replace = (text: string, path: KeyPath): unknown => {
    const key = keyText(path);
    const names: string[] = [];
    let absent = false;
    const result = text.replaceAll(
      /\$\$\{|\$\{([^}]*)(\}?)/g,
      (whole, name?: string, end?: string) => {
        if (whole === '$${') return '${';
        if (name === undefined || end !== '}' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
          problems.push(
            `${key}: "${whole.slice(0, 40)}" is not a variable; write \${NAME}, or $\${ for a literal \${`,
          );
          return whole;
        }
        names.push(name);
        const value = Object.hasOwn(env, name) ? env[name] : undefined;
        if (value === undefined || value === '') {
          absent = true;
          unset.push({ key, variable: name });
          return '';
        }
        return value;
      },
    );
    if (names.length > 0) variables.set(key, names);
    if (absent) return undefined;
    return /^\$\{[^}]*\}$/.test(text) && !wantsText(path) ? scalar(result) : result;
  };

  const visit = (value: unknown, path: KeyPath): unknown => {
    if (typeof value === 'string') return replace(value, path);
    if (Array.isArray(value)) {
      return value.map((item, i) => visit(item, [...path, i])).filter((item) => item !== undefined);
    }
    if (!isMap(value)) return value ?? undefined;
    const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
      const host = path.length === 1 && path[0] === 'hosts' && item === null;
      return [key, host ? {} : visit(item, [...path, key])];
    });
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  };

  return { value: visit(root, []), variables, unset, problems };
}

function scalar(text: string): unknown {
  if (/^(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}
