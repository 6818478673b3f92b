import { availableParallelism } from 'node:os';
import { findProgram } from '../src/app/sshd-program.ts';
import { type Part, type PartResult, runPart } from './part.ts';
import { byShell, shellFiles } from './shell-files.ts';

/** What `npm run check` runs; the longest first, so that nothing waits for it at the end. */
async function partsOfCheck(unit: Part): Promise<readonly Part[]> {
  return [
    unit,
    { name: 'lint', argv: ['oxlint', '--deny-warnings', '.'] },
    { name: 'types', argv: ['tsc'] },
    { name: 'unused code', argv: ['knip', '--no-progress'] },
    { name: 'reference is up to date', argv: ['tsx', 'tools/docs.ts', '--check'] },
    { name: 'format', argv: ['biome', 'check', '--error-on-warnings', '.'] },
    ...(await shellParts()),
  ];
}

async function shellParts(): Promise<readonly Part[]> {
  if ((await findProgram('shellcheck')) === null) {
    console.log('skipped  shell scripts: shellcheck is not installed (apt-get install shellcheck)');
    return [];
  }
  const { declared, posix } = byShell(shellFiles());
  const parts: Part[] = [];
  if (declared.length > 0)
    parts.push({ name: 'shell scripts', argv: ['shellcheck', '--severity=warning', ...declared] });
  if (posix.length > 0) {
    parts.push({
      name: 'probe scripts',
      argv: ['shellcheck', '--severity=warning', '--shell=sh', ...posix],
    });
  }
  return parts;
}

/** Runs all parts side by side, a line for each as it ends, then the output of those that failed. */
export async function runCheck(unit: Part): Promise<readonly PartResult[]> {
  const queue = (await partsOfCheck(unit)).values();
  const results: PartResult[] = [];
  const lane = async (): Promise<void> => {
    for (const part of queue) {
      const result = await runPart(part, { show: false });
      const word = result.ok ? 'ok    ' : 'FAILED';
      console.log(`${word}  ${result.name} (${result.seconds.toFixed(1)} s)`);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  for (const { name, ok, output } of results) {
    if (!ok) console.log(`\n──── ${name}\n${output.trim()}`);
  }
  return results;
}
