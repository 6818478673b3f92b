import { HousecallError } from '../../core/errors.ts';

/** Replies by which Redis refuses a command for the state it is in: it did nothing. */
const REFUSALS =
  /^(OOM|READONLY|LOADING|MASTERDOWN|NOREPLICAS|MISCONF|NOPERM|NOAUTH|WRONGPASS|BUSY|CLUSTERDOWN|TRYAGAIN|ERR max number of clients|(?:ERR )?(?:Error running script|user_script).*(?:OOM|READONLY|NOPERM|MISCONF))|The user .* (?:has no permissions|can't run this command)|^ERR The user executing the script/;

/** What ioredis itself says when there was no answer: the command may have been applied. */
const NO_ANSWER =
  /^(Command timed out|Connection is closed|Stream isn't writeable|connect |read |write |Socket|Reached the max retries|getaddrinfo|Client network socket)/;

/**
 * STORE_UNAVAILABLE for everything that is Redis' state or the network's; any other error (a wrong
 * type, a broken script) is a bug and passes unchanged.
 */
export function storeError(error: unknown, operation: string, timeoutMs: number): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  const refused = REFUSALS.test(error.message);
  const silent =
    NO_ANSWER.test(error.message) ||
    error.name === 'MaxRetriesPerRequestError' ||
    /^E[A-Z]+$/.test(code);
  if (!refused && !silent) return error;
  const offline = error.message.startsWith("Stream isn't writeable");
  const late = error.message === 'Command timed out';
  const why = offline
    ? 'no connection'
    : late
      ? `no answer in ${timeoutMs / 1000} s`
      : error.message;
  return new HousecallError('STORE_UNAVAILABLE', `${operation}: ${why}`, {
    cause: error,
    // Refused or never sent: nothing was stored. No answer: nobody knows.
    context: { outcome: refused || offline ? 'refused' : 'unknown' },
  });
}
