import type { z } from 'zod';
import { HousecallError } from '../core/errors.ts';

/**
 * Reads a webhook's body with a schema.
 * Integers beyond 2^53 become texts: JSON.parse would round them.
 * @throws HousecallError DELIVERY_INVALID with a plain reason, and nothing else.
 */
export function readPayload<Schema extends z.ZodType>(
  source: string,
  rawBody: string,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(source, rawBody));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).map((key) => String(key).slice(0, 50)).join('.');
  throw invalid(source, `${where === '' ? 'the body' : where}: ${issue?.message ?? 'not valid'}`);
}

export function invalid(source: string, reason: string): HousecallError {
  return new HousecallError('DELIVERY_INVALID', `${source} webhook: ${reason}`, {
    context: { source, reason },
  });
}

/** A string of the text, or a number: as a whole, so that the digits after a point are none. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
/** An integer that may be too long for a double. */
const LONG_INTEGER = /^-?\d{16,}$/;

function parseJson(source: string, rawBody: string): unknown {
  try {
    // First as it is: only in JSON does every string end, and the search below is quadratic without.
    JSON.parse(rawBody);
    return JSON.parse(
      rawBody.replace(STRING_OR_NUMBER, (text) => (LONG_INTEGER.test(text) ? `"${text}"` : text)),
    );
  } catch (error) {
    // Whatever is wrong with the text (also one nested too deep to parse) is the sender's.
    throw invalid(source, `the body is not JSON: ${reasonOf(error)}`);
  }
}

/** V8 quotes the text it failed on, which may hold a secret: only what and where is passed on. */
function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : '';
  const [position] = /at position \d+/.exec(words) ?? [];
  if (words.startsWith('Unexpected end')) return 'it ends too early';
  return position === undefined ? 'syntax error' : `syntax error ${position}`;
}
