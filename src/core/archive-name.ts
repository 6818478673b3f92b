import { HousecallError } from './errors.ts';

/** Longest file name of common file systems, in bytes (NAME_MAX). */
const NAME_MAX = 255;

/**
 * The parts of a key. Only names that mean the same on every file system and to every person pass.
 * @throws HousecallError ARCHIVE_INVALID for anything that could lead elsewhere.
 */
export function segmentsOf(key: string): readonly string[] {
  const segments = key.split('/');
  const good =
    key.length <= 1024 &&
    segments.every(
      (segment) => segment.length <= NAME_MAX && /^[A-Za-z0-9_][A-Za-z0-9._ +@-]*$/.test(segment),
    );
  if (!good) {
    throw new HousecallError(
      'ARCHIVE_INVALID',
      `not a name within an archive: ${JSON.stringify(key)}`,
      {
        context: { key },
      },
    );
  }
  return segments;
}
