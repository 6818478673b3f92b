import { fold } from './fold.ts';
import { mergeVariants, type Pattern } from './merge.ts';
import { unwrap } from './unwrap.ts';

/** Lines that the host counted as one, in a first and coarse way. */
export interface RawPattern {
  readonly bytes: number;
  readonly lines: number;
  /** One of them, as it stands in the log, at most 300 bytes. */
  readonly text: string;
}

/** What a log consists of, most bytes first. */
export function patternsOf(raw: readonly RawPattern[]): readonly Pattern[] {
  const byTemplate = new Map<
    string,
    { bytes: number; lines: number; text: string; most: number }
  >();
  for (const { bytes, lines, text } of raw) {
    const template = fold(unwrap(text));
    const known = byTemplate.get(template);
    if (known === undefined) byTemplate.set(template, { bytes, lines, text, most: bytes });
    else {
      known.bytes += bytes;
      known.lines += lines;
      if (bytes > known.most) {
        known.text = text;
        known.most = bytes;
      }
    }
  }
  const patterns = [...byTemplate].map(([template, { bytes, lines, text }]) => ({
    template,
    bytes,
    lines,
    example: text,
    variants: 1,
  }));
  return mergeVariants(patterns);
}
