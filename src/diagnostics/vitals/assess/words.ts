import type { Evidence, Finding } from '../../../core/finding.ts';
import { formatDuration } from '../../../core/format.ts';

/** `1 task`, `3 tasks`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** A name as code. Displayed names hold no backtick. */
export function quote(name: string): string {
  return `\`${name}\``;
}

export function percentOf(part: number, whole: number): number {
  return whole > 0 ? (part * 100) / whole : 0;
}

export function rounded(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/** `3 min ago`, `just now`, `at an unknown time`. */
export function ago(seconds: number | null): string {
  if (seconds === null) return 'at an unknown time';
  return seconds < 5 ? 'just now' : `${formatDuration(seconds)} ago`;
}

export function evidence(argv: readonly string[], output: string): Evidence {
  return { argv, exitCode: 0, output, truncated: false };
}

type Said = Pick<Finding, 'code' | 'status' | 'subject' | 'title' | 'data'> &
  Partial<Pick<Finding, 'evidence' | 'next'>> & { readonly detail: readonly string[] };

/** No fix is offered from here: what is at fault is known to `logs`, `disk` and `ports`. */
export function finding({ detail, ...said }: Said): Finding {
  return {
    evidence: [],
    fixes: [],
    next: [],
    ...said,
    detail: detail.filter((line) => line !== '').join('\n'),
  };
}
