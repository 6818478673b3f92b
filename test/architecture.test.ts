import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Import, importCycle, importsIn, importsOf, sourceFiles } from './support/imports.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SRC = path.join(ROOT, 'src');

/** Folders with one folder per module: modules never know each other. */
const MODULE_KINDS = ['diagnostics', 'fixes', 'alerts', 'archives'];

/** Who may import whom. What is not listed is invisible. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ['core'],
  diagnostics: ['core'],
  fixes: ['core'],
  alerts: ['core'],
  archives: ['core'],
  workflows: ['core', 'ports', 'contracts'],
  config: ['core'],
  adapters: ['core', 'ports', 'workflows', 'contracts', 'registries'],
  workspace: [],
  app: ['core', 'ports', 'contracts', 'registries', 'workflows', 'config', 'adapters', 'workspace'],
  'command-line.ts': ['app'],
  'main.ts': ['app', 'command-line.ts'],
};

/** Which packages a folder may use, the most specific entry counts. One technology, one folder. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  'diagnostics/contract.ts': ['zod', 'node:fs'],
  'fixes/contract.ts': ['zod', 'node:fs'],
  diagnostics: ['zod'],
  fixes: ['zod'],
  alerts: ['zod', 'node:crypto'],
  'archives/s3': ['@aws-sdk/client-s3', 'zod', 'node:*'],
  archives: ['zod', 'node:*'],
  config: ['zod', 'yaml', 'node:*'],
  'adapters/slack': ['@slack/*', 'undici', 'node:*'],
  'adapters/ssh': ['ssh2', 'node:*'],
  'adapters/redis': ['ioredis', 'node:*'],
  'adapters/queue': ['bullmq', 'p-queue', 'node:*'],
  'adapters/http': ['fastify', 'node:*'],
  'adapters/telemetry': ['pino', 'prom-client', 'node:*'],
  'adapters/mail': ['nodemailer', 'node:*'],
  'adapters/charts': ['vega', 'vega-lite', '@resvg/resvg-wasm', 'node:*'],
  adapters: ['node:*'],
  workspace: ['ws', 'node:*'],
  'app/cli': ['picocolors', 'node:*'],
  app: ['node:*'],
  'command-line.ts': ['commander', 'node:*'],
  'main.ts': ['commander'],
};

function violations(imports: readonly Import[]): readonly string[] {
  return imports.flatMap((edge) => {
    const problem = edge.to.endsWith('.ts') ? importProblem(edge) : packageProblem(edge);
    return problem === null ? [] : [problem];
  });
}

function packageProblem({ from, to }: Import): string | null {
  const entry = Object.keys(MAY_USE).find((key) => from === key || from.startsWith(`${key}/`));
  const allowed = MAY_USE[entry ?? ''] ?? [];
  const fits = allowed.some((name) =>
    name.endsWith('*') ? to.startsWith(name.slice(0, -1)) : to === name,
  );
  return fits ? null : `${from} may not use ${to}`;
}

function importProblem({ from, to }: Import): string | null {
  const [a, b] = [layerOf(from), layerOf(to)];
  if (to.startsWith('..')) return `${from} leaves src: ${to}`;
  if (a !== b) {
    const visible = [b, ...shapesOf(to)].some((name) => MAY_IMPORT[a]?.includes(name));
    const inside = MODULE_KINDS.includes(b) && shapesOf(to).length === 0;
    return visible && !inside ? null : `${from}: ${a} may not import ${to}`;
  }
  const [mine, theirs] = [leafOf(from), leafOf(to)];
  if (mine === theirs || theirs === null) {
    const isList = [`${b}/registry.ts`, `${b}/modules.ts`].includes(to);
    return mine !== null && isList ? `${from} may not import its registry` : null;
  }
  return [`${a}/registry.ts`, `${a}/modules.ts`].includes(from)
    ? null
    : `${from}: ${mine ?? a} may not import ${theirs}`;
}

function layerOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** What the outside may see of a kind of modules: its contract and its registry. */
function shapesOf(file: string): readonly string[] {
  const [layer = '', name = ''] = file.split('/');
  if (!MODULE_KINDS.includes(layer)) return [];
  if (name === 'contract.ts') return ['contracts'];
  return name === 'registry.ts' ? ['registries'] : [];
}

/** One module, or one adapter. */
function leafOf(file: string): string | null {
  const parts = file.split('/');
  const leaves = [...MODULE_KINDS, 'adapters'];
  return leaves.includes(parts[0] ?? '') && parts.length > 2 ? parts.slice(0, 2).join('/') : null;
}

const files = sourceFiles(SRC);
const imports = files.flatMap((file) => importsOf(SRC, file));

describe('the source tree', () => {
  it(`is read whole: ${files.length} files, ${imports.length} imports`, () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(files.length / 2);
  });

  it('keeps to the import table', () => {
    expect(violations(imports)).toEqual([]);
  });

  it('imports only files that exist', () => {
    const missing = imports.filter(({ to }) => to.endsWith('.ts') && !files.includes(to));
    expect(missing.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(importCycle(imports)).toEqual([]);
  });

  it('has no file of more than 300 lines, tests and tools included', () => {
    const all = ['src', 'test', 'tools'].flatMap((folder) =>
      sourceFiles(path.join(ROOT, folder)).map((file) => path.join(folder, file)),
    );
    const long = all.filter(
      (file) => readFileSync(path.join(ROOT, file), 'utf8').trimEnd().split('\n').length > 300,
    );
    expect(all.length).toBeGreaterThan(files.length);
    expect(long).toEqual([]);
  });

  it('reads the environment in config alone', () => {
    const readers = files.filter(
      (file) =>
        !file.startsWith('config/') &&
        readFileSync(path.join(SRC, file), 'utf8').includes('process.env'),
    );
    expect(readers).toEqual([]);
  });
});

describe('the table', () => {
  it.each([
    ['core/a.ts', 'adapters/ssh/b.ts'],
    ['core/a.ts', 'node:fs'],
    ['core/a.ts', 'zod'],
    ['ports/a.ts', 'workflows/b.ts'],
    ['ports/a.ts', 'node:stream'],
    ['diagnostics/disk/a.ts', 'diagnostics/ports/b.ts'],
    ['diagnostics/disk/a.ts', 'diagnostics/registry.ts'],
    ['diagnostics/disk/a.ts', 'diagnostics/modules.ts'],
    ['adapters/http/a.ts', 'diagnostics/modules.ts'],
    ['diagnostics/disk/a.ts', 'node:fs'],
    ['diagnostics/disk/a.ts', 'ssh2'],
    ['diagnostics/contract.ts', 'node:child_process'],
    ['diagnostics/contract.ts', 'diagnostics/disk/index.ts'],
    ['fixes/x/a.ts', 'diagnostics/contract.ts'],
    ['alerts/opsgenie/a.ts', 'alerts/grafana/b.ts'],
    ['alerts/contract.ts', 'node:fs'],
    ['workflows/a.ts', 'adapters/ssh/b.ts'],
    ['workflows/a.ts', 'diagnostics/registry.ts'],
    ['workflows/a.ts', 'diagnostics/disk/index.ts'],
    ['workflows/a.ts', 'node:crypto'],
    ['config/a.ts', 'diagnostics/registry.ts'],
    ['config/a.ts', 'ports/clock.ts'],
    ['adapters/slack/a.ts', 'adapters/ssh/b.ts'],
    ['adapters/slack/a.ts', 'ioredis'],
    ['adapters/slack/a.ts', 'config/load-config.ts'],
    ['adapters/http/a.ts', 'alerts/opsgenie/index.ts'],
    ['workspace/a.ts', 'core/errors.ts'],
    ['workspace/a.ts', '@slack/bolt'],
    ['app/a.ts', 'ssh2'],
    ['app/a.ts', 'diagnostics/disk/index.ts'],
    ['app/start.ts', 'picocolors'],
    ['main.ts', 'diagnostics/registry.ts'],
    ['main.ts', 'zod'],
    ['app/a.ts', '../tools/build.ts'],
    ['app/a.ts', '(computed)'],
  ])('refuses %s -> %s', (from, to) => {
    expect(violations([{ from, to, typeOnly: true }])).toHaveLength(1);
  });

  it.each([
    ['diagnostics/disk/a.ts', 'diagnostics/contract.ts'],
    ['diagnostics/disk/a.ts', 'diagnostics/disk/b.ts'],
    ['diagnostics/registry.ts', 'diagnostics/modules.ts'],
    ['diagnostics/modules.ts', 'diagnostics/disk/index.ts'],
    ['fixes/registry.ts', 'fixes/x/index.ts'],
    ['diagnostics/contract.ts', 'node:fs'],
    ['alerts/grafana/a.ts', 'node:crypto'],
    ['archives/filesystem/a.ts', 'node:fs/promises'],
    ['workflows/a.ts', 'fixes/contract.ts'],
    ['adapters/slack/actions/a.ts', 'adapters/slack/render/b.ts'],
    ['adapters/slack/actions/a.ts', '@slack/web-api'],
    ['adapters/http/a.ts', 'alerts/registry.ts'],
    ['app/demo/a.ts', 'workspace/server.ts'],
    ['app/cli/a.ts', 'picocolors'],
    ['main.ts', 'app/start.ts'],
  ])('allows %s -> %s', (from, to) => {
    expect(violations([{ from, to, typeOnly: false }])).toEqual([]);
  });

  it('finds every way to import, type imports too', () => {
    const text = `import type { A } from './a.ts';
      import { b } from 'b';
      export { c } from './c.ts';
      export * from './d.ts';
      const e = await import('./e.ts');
      const f = await import(e.name);`;
    expect(importsIn('core/x.ts', text).map(({ to }) => to)).toEqual([
      'core/a.ts',
      'b',
      'core/c.ts',
      'core/d.ts',
      'core/e.ts',
      '(computed)',
    ]);
  });

  it('finds a circle', () => {
    const edges = ['ab', 'bc', 'ca'].map(([from, to]) => ({
      from: `${from}.ts`,
      to: `${to}.ts`,
      typeOnly: false,
    }));
    expect(importCycle(edges)).toEqual(['a.ts', 'b.ts', 'c.ts', 'a.ts']);
    expect(importCycle(edges.slice(1))).toEqual([]);
  });
});
