import type { Log } from '../../src/ports/log.ts';

/** A log that keeps what was written, to be looked at. */
export function createSilentLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { lines, info: keep, warn: keep, error: keep };
}
