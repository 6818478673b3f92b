import type { Counts, Look, Quota, QuotaAbove } from './reading.ts';

const QUOTA = String.raw`^ *(none|-?\d+) +(inf|-?\d+) +(none|-?\d+) +(inf|-?\d+) `;
/** Columns of `-count -q` (ContentSummary.toString); never of `-h`, whose values hold blanks. */
const COUNT = new RegExp(`${QUOTA}+(\\d+) +(\\d+) +(\\d+) /`, 'm');
const USAGE = new RegExp(`${QUOTA}*(/.*)$`);

export function parseCounts({ output, exitCode }: Look): Counts | null {
  const found = exitCode === 0 ? COUNT.exec(output) : null;
  if (found === null) return null;
  const [, names, namesLeft, space, spaceLeft, directories, files, size] = found;
  return {
    directories: Number(directories),
    files: Number(files),
    sizeBytes: Number(size),
    names: quota(names, namesLeft),
    space: quota(space, spaceLeft),
  };
}

export function parseAbove(output: string): QuotaAbove[] {
  return output.split('\n').flatMap((line) => {
    const [, names, namesLeft, space, spaceLeft, path] = USAGE.exec(line) ?? [];
    if (path === undefined) return [];
    return [{ path, names: quota(names, namesLeft), space: quota(space, spaceLeft) }];
  });
}

/** `none` and `inf`: there is none. */
function quota(limit: string | undefined, remaining: string | undefined): Quota | null {
  const found = { limit: Number(limit), remaining: Number(remaining) };
  return Number.isFinite(found.limit) && Number.isFinite(found.remaining) ? found : null;
}
