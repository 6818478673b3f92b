import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { HousecallError } from '../../core/errors.ts';

/** Slack's codes for "something broke here": it may have acted. */
const BROKEN = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  // Our client_msg_id was seen before, so the message is probably there: look for it.
  'duplicate_message_not_found',
  'duplicate_channel_not_found',
  // A section's id is another one after every edit: somebody wrote between our look and ours.
  'canvas_editing_failed',
  'canvas_creation_failed',
  'canvas_tab_creation_failed',
  'channel_canvas_creation_failed',
]);

/** Slack's codes for "not so fast", in an answer that otherwise succeeded. */
const TOO_FAST = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
const DEFAULT_WAIT_SECONDS = 10;

/** What went wrong with one call, in the words of the Chat port. */
export function chatError(method: string, on: string, error: unknown): HousecallError {
  if (error instanceof HousecallError) return error;
  const what = on === '' ? `slack ${method}` : `slack ${method} (${on})`;
  if (error instanceof WebAPIRateLimitedError) return rateLimited(method, what, error.retryAfter);
  if (error instanceof WebAPIPlatformError) return platform(method, what, error);
  if (error instanceof WebAPIHTTPError) {
    if (error.statusCode === 429) return rateLimited(method, what, DEFAULT_WAIT_SECONDS);
    const code = `http_${error.statusCode}`;
    return error.statusCode >= 500
      ? unavailable(method, `${what}: HTTP ${error.statusCode}`, error)
      : refused({
          method,
          message: `${what}: HTTP ${error.statusCode}`,
          error: code,
          cause: error,
        });
  }
  // web-api throws a plain Error for a 429 without a Retry-After header.
  if (error instanceof Error && error.message.startsWith('Retry header')) {
    return rateLimited(method, what, DEFAULT_WAIT_SECONDS);
  }
  const cause = error instanceof WebAPIRequestError ? error.original : error;
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return unavailable(method, `${what}: no answer (${reason})`, error);
}

function platform(method: string, what: string, error: WebAPIPlatformError): HousecallError {
  const { error: code } = error.data;
  if (TOO_FAST.has(code)) return rateLimited(method, what, DEFAULT_WAIT_SECONDS);
  if (BROKEN.has(code)) return unavailable(method, `${what}: ${code}`, error);
  const details = detailsOf(error.data);
  const message = details === '' ? `${what}: ${code}` : `${what}: ${code}, ${details}`;
  return refused({ method, message, error: code, cause: error });
}

/** `needed` of missing_scope, and Slack's sentences about invalid blocks. */
function detailsOf(answer: object): string {
  const parts: string[] = [];
  if ('needed' in answer && typeof answer.needed === 'string') {
    parts.push(`needs the scope ${answer.needed}`);
  }
  if ('errors' in answer && Array.isArray(answer.errors)) {
    parts.push(...answer.errors.filter((e) => typeof e === 'string').slice(0, 3));
  }
  return parts.join('; ');
}

function rateLimited(method: string, what: string, seconds: number): HousecallError {
  const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
  return new HousecallError(
    'CHAT_RATE_LIMITED',
    `${what}: Slack asks to wait ${retryAfterSeconds} s`,
    { context: { method, retryAfterSeconds } },
  );
}

function unavailable(method: string, message: string, cause: unknown): HousecallError {
  return new HousecallError('CHAT_UNAVAILABLE', message, { cause, context: { method } });
}

function refused(of: {
  method: string;
  message: string;
  error: string;
  cause: unknown;
}): HousecallError {
  const { method, message, error, cause } = of;
  return new HousecallError('CHAT_REFUSED', message, { cause, context: { method, error } });
}

/** Slack's own code of a refusal, or null for anything else. */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof HousecallError) || error.code !== 'CHAT_REFUSED') return null;
  const { error: code } = error.context;
  return typeof code === 'string' ? code : null;
}
