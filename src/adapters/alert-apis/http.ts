import { HousecallError } from '../../core/errors.ts';
import { sanitiseLine } from '../../core/sanitise.ts';
import { fieldsOf, listOf, textOf } from './json.ts';

const TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 5 * 1024 * 1024;

/** What the configuration says of every vendor's REST API. */
export interface ApiOptions {
  /** A path in it stays in front of every request's own. */
  readonly apiUrl: string;
  /** Never in an error, whatever the vendor answers. */
  readonly apiKey: string;
  readonly timeoutMs?: number;
}

export interface Api extends ApiOptions {
  readonly source: string;
  /** They carry the key. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ApiRequest {
  /** In words, for errors: `list the open alerts`. */
  readonly what: string;
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Segments from alerts go through `segment`. */
  readonly path: string;
  readonly query?: readonly (readonly [key: string, value: string])[];
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks, and gives back the JSON of the answer; null: it had no body. No redirect is followed: the key goes to the
 * configured address and nowhere else.
 * @throws HousecallError SOURCE_UNAVAILABLE (no answer, 408, 429, 5xx); SOURCE_REFUSED (everything else but 2xx),
 *   with `context.status` and the vendor's words in `context.reason`.
 */
export async function callApi(api: Api, request: ApiRequest): Promise<unknown> {
  const { status, text } = await exchange(api, request);
  if (status >= 200 && status < 300) {
    if (text.trim() === '') return null;
    try {
      return JSON.parse(text);
    } catch {
      throw failure(api, request, { status, reason: 'the answer is not JSON' });
    }
  }
  throw failure(api, request, { status, reason: reasonOf(text) });
}

/**
 * A list in an answer. Something else that answers 200 (a proxy, a login page) must not be taken for
 * "nothing is open".
 * @throws HousecallError SOURCE_UNAVAILABLE.
 */
export function listIn(api: Api, what: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const reason = 'the answer holds no list';
  throw new HousecallError('SOURCE_UNAVAILABLE', `${api.source}: ${what}: ${reason}`, {
    context: { source: api.source, status: 200, reason },
  });
}

/** A part of a path that came from outside: it can never lead to another path. */
export function segment(api: Api, what: string, id: string): string {
  if (/^[\w:@+-][\w.:@+-]{0,199}$/.test(id)) return encodeURIComponent(id);
  throw new HousecallError('SOURCE_REFUSED', `${api.source}: ${what}: not an id of an alert there`);
}

async function exchange(api: Api, request: ApiRequest): Promise<{ status: number; text: string }> {
  const { method = 'GET', path, query = [], body, signal } = request;
  const search = new URLSearchParams(
    query.map(([key, value]): [string, string] => [key, value]),
  ).toString();
  const address = `${api.apiUrl.replace(/\/+$/, '')}${path}${search === '' ? '' : `?${search}`}`;
  const timeout = AbortSignal.timeout(api.timeoutMs ?? TIMEOUT_MS);
  try {
    const response = await fetch(address, {
      method,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...api.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await boundedText(response) };
  } catch (error) {
    if (error instanceof HousecallError) throw error;
    const seconds = (api.timeoutMs ?? TIMEOUT_MS) / 1000;
    const reason = timeout.aborted ? `no answer in ${seconds} s` : networkReason(error);
    throw failure(api, request, { status: null, reason });
  }
}

/** The body as text, up to the limit: a vendor, or whoever answers for it, cannot fill our memory. */
async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new RangeError(`more than ${MAX_BODY_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** `fetch failed` says nothing; its cause has the code. */
function networkReason(error: unknown): string {
  if (error instanceof RangeError) return error.message;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : 'no connection';
}

/** What the vendor says about its refusal: Opsgenie and Grafana in `message`, PagerDuty under `error`. */
function reasonOf(text: string): string {
  try {
    const answer = fieldsOf(JSON.parse(text));
    const error = fieldsOf(answer['error']);
    const errors = listOf(error['errors']).map((one) => textOf(one));
    return [textOf(answer['message']), textOf(error['message']), ...errors]
      .filter((part) => part !== '')
      .join(': ');
  } catch {
    return '';
  }
}

function failure(
  api: Api,
  request: ApiRequest,
  { status, reason }: { readonly status: number | null; readonly reason: string },
): HousecallError {
  const later = status === null || status === 408 || status === 429 || status >= 500;
  const moved = status !== null && status >= 300 && status < 400;
  const words = moved ? 'redirects, which is not followed; is apiUrl right?' : reason;
  const shown = sanitiseLine(words.replaceAll(api.apiKey, '…')).slice(0, 200);
  const answer = [status === null ? '' : `HTTP ${status}`, shown].filter((part) => part !== '');
  return new HousecallError(
    later ? 'SOURCE_UNAVAILABLE' : 'SOURCE_REFUSED',
    `${api.source}: ${request.what}: ${answer.join(', ')}`,
    { context: { source: api.source, status, reason: shown } },
  );
}
