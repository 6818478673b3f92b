import type { NodemailerError } from 'nodemailer';
import { HousecallError } from '../../core/errors.ts';
import { sanitiseLine } from '../../core/sanitise.ts';

/** What will not get better by itself: the login, or TLS that the server does not offer. */
const CONFIGURATION = ['EAUTH', 'ENOAUTH', 'ECONFIG'];
const LONGEST = 200;

/** A failure of the mail server as one of ours: refused for good, or to be tried again. */
export function mailError(what: string, error: unknown): HousecallError {
  if (error instanceof HousecallError) return error;
  const { code = '', permanent, message } = asMailError(error);
  const refused = permanent ?? (CONFIGURATION.includes(code) || isWithoutTls(code, message));
  return new HousecallError(
    refused ? 'MAIL_REFUSED' : 'MAIL_UNAVAILABLE',
    `${what}: ${reasonOf(error)}`,
    { cause: error, context: { code } },
  );
}

/** In one line; what the server said is from outside. */
export function reasonOf(error: unknown): string {
  const { message, response } = asMailError(error);
  const text = sanitiseLine(response ?? message);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

function isWithoutTls(code: string, message: string): boolean {
  return code === 'ETLS' && /STARTTLS|not support/i.test(message);
}

function asMailError(error: unknown): NodemailerError {
  return error instanceof Error ? error : new Error(String(error));
}
