import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from './scenario.ts';

const FOLDER = join(import.meta.dirname, '../scenarios');

/** Every scenario: `scenarios/<name>.ts` or `scenarios/<name>/index.ts`. */
export async function loadScenarios(): Promise<readonly Scenario[]> {
  const entries = readdirSync(FOLDER, { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  return await Promise.all(
    entries.map(async (entry) => {
      const file = entry.isDirectory() ? join(entry.name, 'index.ts') : entry.name;
      const url = pathToFileURL(join(FOLDER, file)).href;
      const { scenario } = (await import(/* @vite-ignore */ url)) as { scenario?: Scenario };
      if (scenario === undefined) throw new Error(`${file} exports no scenario`);
      const name = entry.name.replace(/\.ts$/, '');
      if (scenario.name !== name) throw new Error(`${file}: the scenario is called ${name} here`);
      return scenario;
    }),
  );
}

/** @throws Error naming the scenarios there are. */
export async function loadScenario(name: string): Promise<Scenario> {
  const all = await loadScenarios();
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new Error(`no scenario ${name}; there are ${all.map((one) => one.name).join(', ')}`);
}
