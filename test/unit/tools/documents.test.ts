import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];

function read(name: string): string {
  return readFileSync(path.join(ROOT, name), 'utf8');
}

describe('the documents', () => {
  it.each(documents)('%s links to files that exist', (name) => {
    const links = [...read(name).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(
      ([, to]) => to,
    );
    const missing = links.filter(
      (to) => !existsSync(path.resolve(ROOT, path.dirname(name), to ?? '')),
    );
    expect(missing).toEqual([]);
  });

  it.each(documents)('%s names scripts of package.json only', (name) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(name).matchAll(/npm run (?:-s )?([a-z]+)/g)].map(([, script]) => script);
    expect(named.filter((script) => !Object.hasOwn(scripts, script ?? ''))).toEqual([]);
  });

  it('tell the two commands of the README, the second of which is what CI runs', () => {
    const readme = read('README.md');
    expect(readme).toContain('npm ci && npm run demo');
    expect(readme).toContain('npm ci && npm test');
    expect(read('.ci/run').trimEnd().split('\n').at(-1)).toBe('npm ci && npm test');
  });

  it('keep AGENTS.md to 120 lines', () => {
    expect(read('AGENTS.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  });
});
