import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const OWN = 'src/diagnostics/toy-uptime/';

/** A copy of the repository, so that the recipe of CONTRIBUTING.md can be followed to the letter. */
const copy = mkdtempSync(path.join(tmpdir(), 'housecall-new-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(program: string, ...args: string[]): string {
  const env = { ...process.env, PATH: `${ROOT}/node_modules/.bin:${process.env['PATH']}` };
  return execFileSync(program, args, { cwd: copy, encoding: 'utf8', env, stdio: 'pipe' });
}

function filesOf(root: string): ReadonlyMap<string, string> {
  const entries = ['src', 'test', 'tools', 'docs'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  return new Map(entries.map((file) => [path.relative(root, file), readFileSync(file, 'latin1')]));
}

describe('a newcomer who adds a diagnostic', () => {
  let before: ReadonlyMap<string, string> = new Map();

  beforeAll(() => {
    for (const name of readdirSync(ROOT)) {
      if (['node_modules', '.git', 'dist', 'archive'].includes(name)) continue;
      cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
    before = filesOf(copy);
    run('tsx', 'tools/new.ts', 'diagnostic', 'toy-uptime');
  });

  it('changes one line outside its folder', () => {
    const after = filesOf(copy);
    const outside = [...after].filter(
      ([file, text]) => !file.startsWith(OWN) && before.get(file) !== text,
    );
    expect(outside.map(([file]) => file)).toEqual(['src/diagnostics/modules.ts']);
    const was = before.get('src/diagnostics/modules.ts')?.split('\n') ?? [];
    const added = outside[0]?.[1].split('\n').filter((line) => !was.includes(line));
    expect(added).toEqual(["export { toyUptime } from './toy-uptime/index.ts';"]);
    expect(outside[0]?.[1].split('\n')).toHaveLength(was.length + 1);
  });

  it('passes the contract of diagnostics and the import table at once', () => {
    const tests = ['test/contract/diagnostics.test.ts', 'test/architecture.test.ts'];
    const output = run('vitest', 'run', '--project', 'unit', ...tests, '-t', 'toy-uptime|table');
    expect(output).toContain('passed');
    expect(output).not.toContain('failed');
  });

  it('passes format, lint and shellcheck at once', () => {
    expect(() => run('biome', 'check', '--error-on-warnings', OWN)).not.toThrow();
    expect(() => run('oxlint', '--deny-warnings', OWN)).not.toThrow();
    expect(run('sh', '-n', `${OWN}probe.sh`)).toBe('');
  });

  it('can look at a real host at once: this one', () => {
    const output = run('sh', `${OWN}probe.sh`, 'n0nce');
    expect(output).toMatch(/^@n0nce begin uptime\n\d+\.\d+ \d+\.\d+\n@n0nce end uptime 0\n$/);
  });

  it('is told why an id cannot be taken', () => {
    for (const id of ['toy-uptime', 'Toy', '../x', 'list']) {
      expect(() => run('tsx', 'tools/new.ts', 'diagnostic', id)).toThrow(/usage: npm run new/);
    }
  });
});
