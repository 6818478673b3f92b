import { formatPercent } from '../../core/format.ts';
import type { Log } from './state.ts';

/** First bytes of what is no log, hexadecimal, and what it is. */
const KNOWN: readonly (readonly [magic: string, what: string])[] = [
  ['1f8b', 'a gzip archive'],
  ['28b52ffd', 'a zstd archive'],
  ['fd377a585a00', 'an xz archive'],
  ['425a68', 'a bzip2 archive'],
  ['504b0304', 'a zip archive'],
  ['7f454c46', 'a program or a core dump (ELF)'],
  ['4a4156412050524f46494c45', 'a Java heap dump'],
  ['53514c69746520666f726d61742033', 'an SQLite database'],
  ['377f0682', 'a write-ahead log of SQLite'],
  ['377f0683', 'a write-ahead log of SQLite'],
  ['5245444953', 'a Redis snapshot'],
  ['2a320d0a24360d0a53454c454354', 'a Redis append-only file'],
  ['fe62696e', 'a MySQL binary log'],
  ['4c504b5348485248', 'a journal of systemd (journalctl --vacuum-size shrinks it)'],
  ['2d2d204d7953514c2064756d70', 'a MySQL dump'],
  ['2d2d0a2d2d20506f737467726553514c', 'a PostgreSQL dump'],
  ['2d2d2d2d2d424547494e20', 'a key or a certificate'],
  ['25504446', 'a PDF'],
  ['d4c3b2a1', 'a capture of packets'],
  ['0a0d0d0a', 'a capture of packets'],
  ['2321', 'a script'],
];

/** Control characters that text may hold. */
const MOST_CONTROLS = 0.02;

/** Why its content is no log that may be emptied; null: it is text. */
export function notText({ magic, text, firstByte }: Log, sizeBytes: number): string | null {
  const known = KNOWN.find(([start]) => magic.startsWith(start));
  if (known !== undefined) return `it is ${known[1]}, not a log`;
  if (firstByte >= sizeBytes || text.read === 0) return 'it holds nothing but NUL bytes';
  if (text.nuls > 0) {
    return `it is no text: ${text.nuls} of ${text.read} bytes looked at are NUL`;
  }
  const share = text.controls / text.read;
  return share > MOST_CONTROLS
    ? `it is no text: ${formatPercent(share * 100)} of the bytes looked at are control characters`
    : null;
}
