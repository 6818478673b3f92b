import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { verifyArchive } from '../core/audit/verify-archive.ts';

export interface DirectoryVerdict {
  readonly ok: boolean;
  /** The audit chain ends in the hash that was announced. */
  readonly anchored: boolean;
  /** One per thing that was checked, `good`, `bad` or `note` first. */
  readonly lines: readonly string[];
}

/**
 * Checks the archive of one incident: every file against the manifest, the audit chain, and its end
 * against `head`. Links are not followed: a file that is not in the folder itself counts as missing.
 */
export async function verifyDirectory(directory: string, head?: string): Promise<DirectoryVerdict> {
  let names: readonly string[];
  try {
    names = filesIn(directory);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { ok: false, anchored: false, lines: [`bad   ${directory} cannot be read (${reason})`] };
  }
  const known = new Set(names);
  const verdict = verifyArchive(
    {
      names,
      read: (name) => (known.has(name) ? plainFile(path.join(directory, name)) : null),
    },
    {
      sha256: (content) => createHash('sha256').update(content).digest('hex'),
      ...(head === undefined ? {} : { head }),
    },
  );
  return {
    ok: verdict.good,
    anchored: verdict.anchored,
    lines: verdict.checks.map(({ result, text }) => `${result.padEnd(5)} ${text}`),
  };
}

/** Relative names with `/`. */
function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join('/'));
}

/** Null for what is no plain file: a link, a pipe. */
function plainFile(file: string): Buffer | null {
  return lstatSync(file).isFile() ? readFileSync(file) : null;
}
