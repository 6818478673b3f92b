import type { Row } from './run-scenario.ts';

/** Incident, finding codes, seconds to the first finding, what was fixed and verified. */
export function tableText(rows: readonly Row[]): string {
  const head = ['incident', 'first finding', 'total', 'verified fixes', 'finding codes'];
  const cells = rows.map((row) => [
    row.name,
    row.played === undefined ? '-' : `${row.played.secondsToFirst.toFixed(1)} s`,
    `${row.seconds.toFixed(1)} s`,
    verdict(row),
    row.played?.codes.join(' ') ?? '-',
  ]);
  const widths = head.map((_, n) =>
    Math.max(...[head, ...cells].map((line) => (line[n] ?? '').length)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, n) => text.padEnd(widths[n] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), ...cells.map(line), ...rows.flatMap(notes)].join('\n');
}

function verdict({ played, skipped }: Row): string {
  if (skipped !== undefined) return 'skipped';
  return played === undefined ? 'FAILED' : played.verified.join(' ') || 'none';
}

function notes({ name, played, error, skipped }: Row): readonly string[] {
  if (skipped !== undefined) return [`  ${name}: skipped, ${skipped}`];
  if (error !== undefined) return [`  ${name}: ${error}`];
  const missing = played?.missing ?? [];
  return missing.length === 0 ? [] : [`  ${name}: not installed here: ${missing.join(' ')}`];
}

/** 1 when an incident was not found or not fixed. */
export function exitStatus(rows: readonly Row[]): number {
  return rows.some(({ error }) => error !== undefined) ? 1 : 0;
}
