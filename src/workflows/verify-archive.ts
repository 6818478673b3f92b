import { type ArchiveVerdict, verifyArchive } from '../core/audit/verify-archive.ts';
import type { ContentSha256 } from '../core/incident/archive/archive-input.ts';

/** The files of one archive, wherever they are kept. */
export interface ArchiveReader {
  /** Relative names with `/`; everything that is there, also what does not belong. */
  list(): Promise<readonly string[]>;
  /** Null: there is none. */
  read(name: string): Promise<Uint8Array | null>;
}

/** `housecall verify <directory> [--head <sha256>]`. */
export async function verifyArchiveDirectory(
  reader: ArchiveReader,
  options: { readonly sha256: ContentSha256; readonly head?: string },
): Promise<ArchiveVerdict> {
  const files = new Map<string, Uint8Array>();
  const names = await reader.list();
  for (const name of names) {
    const bytes = await reader.read(name);
    if (bytes !== null) files.set(name, bytes);
  }
  return verifyArchive({ names, read: (name) => files.get(name) ?? null }, options);
}
