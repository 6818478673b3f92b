import type { Evidence } from '../../../core/finding.ts';

/** `1 image`, `3 images`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** A name as code: `plain` leaves no backtick in a text. */
export function quote(name: string): string {
  return `\`${name}\``;
}

/** At most six of them. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}

export function evidence(argv: readonly string[], output: string, exitCode = 0): Evidence {
  return { argv, exitCode, output, truncated: false };
}

export const short = (id: string): string => id.slice(0, 12);
