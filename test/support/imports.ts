import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

export interface Import {
  /** File, relative to the root. */
  readonly from: string;
  /** File relative to the root when it ends in `.ts`; else a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

export function sourceFiles(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .toSorted();
}

/** Every import, export-from and `import()` of a file; a computed `import()` is `(computed)`. */
export function importsOf(root: string, file: string): readonly Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return importsIn(file, text);
}

export function importsIn(file: string, text: string): readonly Import[] {
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const imports = module.staticImports.map((entry) => ({
    to: entry.moduleRequest.value,
    typeOnly: entry.entries.length > 0 && entry.entries.every((name) => name.isType),
  }));
  const exports = module.staticExports.flatMap((entry) =>
    entry.entries.flatMap((name) =>
      name.moduleRequest ? [{ to: name.moduleRequest.value, typeOnly: name.isType }] : [],
    ),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => {
    const literal = /^(['"`])([^$]*)\1$/s.exec(text.slice(moduleRequest.start, moduleRequest.end));
    return { to: literal?.[2] ?? '(computed)', typeOnly: false };
  });
  return [...imports, ...exports, ...dynamic].map(({ to, typeOnly }) => ({
    from: file,
    to: to.startsWith('.') ? path.posix.join(path.posix.dirname(file), to) : to,
    typeOnly,
  }));
}

/** One circle of imports that run, or an empty list. */
export function importCycle(imports: readonly Import[]): readonly string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) {
    if (to.endsWith('.ts') && !typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const target of next.get(file) ?? []) {
      const found = walk(target, [...trail, file]);
      if (found.length > 0) return found;
    }
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const found = walk(file, []);
    if (found.length > 0) return found;
  }
  return [];
}
