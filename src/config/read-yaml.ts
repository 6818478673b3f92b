import { parseDocument } from 'yaml';

export type YamlResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * YAML 1.2 to plain values. Duplicate keys, unknown tags and alias bombs are problems. The parser's
 * messages may quote the file, so what stands in quotation marks is left out of them.
 */
export function readYaml(text: string): YamlResult {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true });
  const problems = [...document.errors, ...document.warnings].map((error) => {
    const start = error.linePos?.[0];
    const place = start === undefined ? '' : `line ${start.line}, column ${start.col}: `;
    const [sentence = error.code] = error.message.split(/ at line \d+|\n/);
    return `${place}${sentence.replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"')}`;
  });
  if (problems.length > 0) return { ok: false, problems };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 50 });
    return { ok: true, value };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { ok: false, problems: [`not readable as YAML: ${reason}`] };
  }
}
