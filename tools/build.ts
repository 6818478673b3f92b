import { chmodSync, cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runPart } from './part.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SRC = path.join(ROOT, 'src');
const DIST = path.join(ROOT, 'dist');

/** What the programs read beside themselves and the compiler does not copy. */
const ASSET = /\.(sh|html|css|js|svg|png|ico)$/;

/** `npm run build`: JavaScript and assets in `dist`, `dist/main.js` ready to run. */
rmSync(DIST, { recursive: true, force: true });
const compiled = await runPart(
  { name: 'compile', argv: ['tsc', '-p', 'tsconfig.build.json'] },
  { show: true },
);
if (compiled.ok) {
  const assets = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (file) => ASSET.test(file) && !file.split(path.sep).includes('fixtures'),
  );
  for (const file of assets) cpSync(path.join(SRC, file), path.join(DIST, file));
  const main = path.join(DIST, 'main.js');
  if (!readFileSync(main, 'utf8').startsWith('#!/usr/bin/env node\n')) {
    throw new Error('dist/main.js does not begin with the name of its interpreter');
  }
  chmodSync(main, 0o755);
  console.log(`dist is ready: ${assets.length} assets beside the compiled files`);
}
process.exitCode = compiled.ok ? 0 : 1;
