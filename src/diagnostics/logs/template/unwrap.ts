/** `2026-11-20T12:00:00.1Z stdout F …`: how containerd and CRI-O write the lines of containers. */
const CRI = /^\d{4}-\d\d-\d\dT\S+ std(?:out|err) [FP] /;

/** `1795266239.170215 host `: how journalctl -o short-unix begins a line. */
const JOURNAL = /^1\d{9}\.\d{6} \S+ (?=\S+: )/;

const ESCAPES: Readonly<Record<string, string>> = { n: '', r: '', t: '\t', b: '', f: '' };

/** The line that a program wrote, out of what docker, containerd or the journal made of it. */
export function unwrap(line: string): string {
  if (line.startsWith('{"log":"')) return unescapeJson(line.slice('{"log":"'.length));
  return line.replace(CRI, '').replace(JOURNAL, '');
}

/** Up to the closing quote; a cut-off text has none. */
function unescapeJson(text: string): string {
  const inner = /^(?:[^"\\]|\\.)*/s.exec(text)?.[0] ?? '';
  return inner.replace(
    // The second one was cut off in the middle.
    /\\(?:u([0-9a-fA-F]{4})|u[0-9a-fA-F]{0,3}$|(.))/gs,
    (_, hex: string | undefined, char = '') =>
      hex === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
