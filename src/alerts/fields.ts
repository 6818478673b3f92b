import { z } from 'zod';

/** Longest texts that are kept of a payload, in characters: a line, a text, an address. */
export const LINE = 1_000;
export const TEXT = 15_000;
export const ADDRESS = 2_000;
/** Entries of a map or a list that are kept. */
export const MAX_ENTRIES = 100;

/** Any text, also a number or truth value, cut and trimmed; everything else is the empty text. */
export const text = (max: number) =>
  z.preprocess(
    (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
    z
      .string()
      .transform((value) => value.slice(0, max).trim())
      .catch(''),
  );

/** A map of texts by the book; numbers, truth values and lists of them are read as well. */
export const TextMap = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((map) =>
    Object.fromEntries(
      Object.entries(map)
        .slice(0, MAX_ENTRIES)
        .flatMap(([key, value]) => {
          const read = plainText(value);
          return read === null || key.length > LINE ? [] : [[key, read.slice(0, LINE)] as const];
        }),
    ),
  );

/** One value of such a map; null when there is no text in it. */
export const plainValue = z
  .unknown()
  .transform((value) => plainText(value)?.slice(0, LINE) ?? null);

/** Lists of lists of lists are nobody's labels, and thousands of them no stack can take. */
const DEEPEST = 3;

function plainText(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value) || depth === DEEPEST) return null;
  const parts = value.slice(0, MAX_ENTRIES).map((part) => plainText(part, depth + 1));
  return parts.every((part) => part !== null) ? parts.join(',') : null;
}
