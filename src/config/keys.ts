/** Where a value stands: `['hosts', 'host-17', 'port']`. */
export type KeyPath = readonly (string | number)[];

/** `alerts.routes[0].match`; a name with dots or brackets is quoted: `hosts["web-[1-40]"].port`. */
export function keyText(path: KeyPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(root: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
    return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, root);
}

/** Calls back for every text, with its place. */
export function walkTexts(
  value: unknown,
  visit: (text: string, path: KeyPath) => void,
  path: KeyPath = [],
): void {
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value)) value.forEach((item, i) => walkTexts(item, visit, [...path, i]));
  else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) walkTexts(item, visit, [...path, key]);
  }
}
