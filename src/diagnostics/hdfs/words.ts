import type { Evidence, Finding } from '../../core/finding.ts';
import type { Look } from './reading.ts';

const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}`]|\u115f|\u1160|\u3164|\uffa0|\u034f/gu;

/** A name as people read it: what shows nothing, reorders or would end a quotation is escaped. */
export function shown(name: string): string {
  return name.replace(INVISIBLE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

export function quote(name: string): string {
  return `\`${shown(name)}\``;
}

/** `1 item`, `1,048,576 items`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** GNU timeout says 124 and 137, busybox 143. */
export function timedOut({ exitCode }: Look): boolean {
  return exitCode === 124 || exitCode >= 128;
}

/** The probe did not begin it: its time was over. */
export function notBegun({ exitCode }: Look): boolean {
  return exitCode === 125;
}

export function evidence(argv: readonly string[], look: Look): Evidence {
  return { argv, exitCode: look.exitCode, output: look.output, truncated: false };
}

type Said = Pick<Finding, 'code' | 'status' | 'subject' | 'title' | 'data'> & {
  readonly detail: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly fixes?: Finding['fixes'];
  readonly next?: Finding['next'];
};

export function finding({ detail, fixes = [], next = [], ...said }: Said): Finding {
  return { ...said, detail: detail.join('\n'), fixes, next };
}
