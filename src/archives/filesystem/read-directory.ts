import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The files of one archive, wherever they are kept. */
export interface DirectoryReader {
  /** Relative names with `/`, sorted; everything that is there, also what does not belong. */
  list(): Promise<readonly string[]>;
  /** Null: there is none. */
  read(name: string): Promise<Uint8Array | null>;
}

/** Reads an archive's directory for `housecall verify`. Nothing is written, no link is followed. */
export function readDirectory(directory: string): DirectoryReader {
  const base = path.resolve(directory);
  return {
    async list() {
      const entries = await readdir(base, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => path.relative(base, path.join(entry.parentPath, entry.name)))
        .map((name) => name.split(path.sep).join('/'))
        .toSorted();
    },
    async read(name) {
      const entries = await this.list();
      return entries.includes(name) ? readFile(path.join(base, name)) : null;
    },
  };
}
