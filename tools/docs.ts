import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { configurationPage } from './docs/configuration.ts';
import { findingPages, findingsPage } from './docs/finding-pages.ts';
import { diagnosticsPage, fixesPage } from './docs/modules.ts';
import { commandsPage, errorsPage, metricsPage } from './docs/tables.ts';

/** `npm run docs`: the reference, from the values that run; `--check` says whether it is up to date. */
const FOLDER = path.resolve(import.meta.dirname, '../docs/reference');

const pages: Readonly<Record<string, string>> = {
  'commands.md': commandsPage(),
  'configuration.md': configurationPage(),
  'diagnostics.md': diagnosticsPage(),
  'errors.md': errorsPage(),
  'findings.md': findingsPage(),
  ...findingPages(),
  'fixes.md': fixesPage(),
  'metrics.md': metricsPage(),
};

const stale = Object.entries(pages).filter(([name, text]) => {
  const file = path.join(FOLDER, name);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});

if (process.argv.includes('--check')) {
  for (const [name] of stale) console.log(`docs/reference/${name} is out of date: npm run docs`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  mkdirSync(path.join(FOLDER, 'findings'), { recursive: true });
  for (const [name, text] of stale) writeFileSync(path.join(FOLDER, name), text);
  console.log(`docs/reference: ${stale.length} of ${Object.keys(pages).length} pages changed`);
}
