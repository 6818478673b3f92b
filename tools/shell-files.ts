import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Shell scripts of the repository: `*.sh`, and what begins with a shell's name. */
export function shellFiles(): readonly string[] {
  const found = ['src', 'test', 'tools'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.sh') && !file.includes('fixtures'))
      .map((file) => path.join(folder, file)),
  );
  const scripts = readdirSync(path.join(ROOT, '.ci')).map((file) => path.join('.ci', file));
  const shells = scripts.filter((file) =>
    /^#!.*\b(ba)?sh\b/.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  return [...found, ...shells];
}

/** Those that say their shell, and those that go to `sh -s` on standard input. */
export function byShell(files: readonly string[]): {
  readonly declared: readonly string[];
  readonly posix: readonly string[];
} {
  return {
    declared: files.filter(namesItsShell),
    posix: files.filter((file) => !namesItsShell(file)),
  };
}

function namesItsShell(file: string): boolean {
  return readFileSync(path.join(ROOT, file), 'utf8').startsWith('#!');
}
