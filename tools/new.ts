import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT_USAGE } from '../src/app/cli/exit-code.ts';

/**
 * `npm run new -- diagnostic <id>`: a diagnostic that works, in its folder, and its one line in
 * `modules.ts`. The example looks at /proc/uptime; replace it with what yours looks at.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const TEMPLATE = path.join(import.meta.dirname, 'templates/diagnostic');
const FOLDER = path.join(ROOT, 'src/diagnostics');

const [kind, id = '', ...rest] = process.argv.slice(2);
const problem = problemOf();
if (problem === null) {
  writeFolder();
  addLine();
  // A long id breaks lines elsewhere.
  const folder = path.join(FOLDER, id);
  spawnSync(path.join(ROOT, 'node_modules/.bin/biome'), ['check', '--write', folder], {
    cwd: ROOT,
  });
  console.log(`src/diagnostics/${id} is there and registered in src/diagnostics/modules.ts. Next:
  1. probe.sh: what to look at        npm run -s housecall -- diag ${id} <host>  or: sh src/diagnostics/${id}/probe.sh nonce
  2. parse.ts, assess.ts: what it means; codes.ts: a page for each finding; index.ts; README.md
  3. npm run record -- ${id} <case>   a fixture from this machine, or --host user@host
  4. npm run docs && npm run check`);
} else {
  console.error(`${problem}\nusage: npm run new -- diagnostic <id>`);
  process.exitCode = EXIT_USAGE;
}

function problemOf(): string | null {
  if (kind !== 'diagnostic')
    return 'only diagnostics can be scaffolded; copy a module of another kind';
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || rest.length > 0) {
    return `"${[id, ...rest].join(' ')}" is not an id; allowed: lower-case words joined by "-"`;
  }
  if (['list', 'help', 'hosts'].includes(id)) return `"${id}" is a word of /diag`;
  return existsSync(path.join(FOLDER, id)) ? `src/diagnostics/${id} exists` : null;
}

function writeFolder(): void {
  const files = readdirSync(TEMPLATE, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const from = path.join(file.parentPath, file.name);
    const text = readFileSync(from, 'utf8');
    const to = path.join(FOLDER, id, path.relative(TEMPLATE, from).replace(/\.txt$/, ''));
    // A fixture's output.txt is called so; only the ending of template code goes.
    const target = from.endsWith('output.txt') ? `${to}.txt` : to;
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(
      target,
      text.replaceAll('example-id', id).replaceAll('exampleName', camelCase(id)),
    );
  }
}

/** Comments stay on top, the lines are sorted. */
function addLine(): void {
  const file = path.join(FOLDER, 'modules.ts');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const comments = lines.filter((line) => line.startsWith('//'));
  const exports = lines.filter((line) => !line.startsWith('//'));
  exports.push(`export { ${camelCase(id)} } from './${id}/index.ts';`);
  writeFileSync(file, `${[...comments, ...exports.toSorted()].join('\n')}\n`);
}

function camelCase(text: string): string {
  return text.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
