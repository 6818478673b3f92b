import { HousecallError } from '../../core/errors.ts';
import type { Status } from '../../core/finding.ts';
import { sanitise } from '../../core/sanitise.ts';

/** Public: `housecall diag` ends with these. */
export const EXIT_BY_STATUS: Readonly<Record<Status, number>> = {
  ok: 0,
  warning: 1,
  critical: 2,
  unknown: 3,
};

/** Usage or unknown target; sysexits.h EX_USAGE. */
export const EXIT_USAGE = 64;

/** Configuration; sysexits.h EX_CONFIG. */
export const EXIT_CONFIG = 78;

/** Ended by Ctrl-C: 128 + SIGINT, as shells have it. */
export const EXIT_INTERRUPTED = 130;

/** What a command ends with after an error; `otherwise` for what is neither usage nor configuration. */
export function exitCodeOf(error: unknown, otherwise: number): number {
  if (!(error instanceof HousecallError)) return otherwise;
  if (error.code === 'CONFIG_INVALID') return EXIT_CONFIG;
  if (error.code === 'CANCELLED') return EXIT_INTERRUPTED;
  return error.kind === 'user' ? EXIT_USAGE : otherwise;
}

/** The usual one speaks of commands in Slack. */
const USAGE_HINT =
  '`housecall <command> --help` tells how it is used, `housecall diag list` the diagnostics.';

/** What a person reads on standard error. Messages may quote untrusted text. */
export function errorText(error: unknown): string {
  if (error instanceof HousecallError) {
    const message = sanitise(error.message).replace(/^\/diag\b/, 'diag');
    const hint = error.code === 'USAGE' ? USAGE_HINT : error.hint;
    return `housecall: ${message}\n  ${hint}\n`.replaceAll('/diag', 'housecall diag');
  }
  // A bug: the stack is what a report needs.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `housecall: unexpected error, please report it\n${sanitise(text)}\n`;
}
