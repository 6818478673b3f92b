import type { Context } from '../context.ts';
import type { Faults } from '../faults.ts';
import { entryOf, type Json } from '../json.ts';
import type { RateLimits } from '../rate-limits.ts';
import { findChannel } from '../state.ts';
import { type MethodTable, need, Refusal } from './method.ts';

/** One call of the Web API as the server got it. */
export interface ApiRequest {
  readonly method: string;
  readonly args: Json;
  /** The bearer token; empty when there is none. */
  readonly token: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  /** Cut the connection instead of answering. */
  readonly reset: boolean;
}

export interface Tokens {
  readonly bot: string;
  readonly app: string;
}

export interface Dispatcher {
  readonly context: Context;
  readonly methods: MethodTable;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
}

/** Carries out one call: faults first, then who asks, what they may, and the method itself. */
export async function dispatch(api: Dispatcher, request: ApiRequest): Promise<ApiResponse> {
  const faults = api.faults.take(request.method);
  for (const fault of faults) {
    if (fault.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    if (fault.kind === 'reset-before') return { ...answer({}), reset: true };
    if (fault.kind === 'status') return answer({ ok: false, error: 'server_error' }, fault.status);
    if (fault.kind === 'rate-limit') return rateLimited(fault.retryAfterSeconds);
    if (fault.kind === 'error') return answer({ ok: false, error: fault.error });
  }
  const wait = waitFor(api, request);
  if (wait !== null) return rateLimited(wait);
  const lateMs = faults.reduce((ms, fault) => (fault.kind === 'late-history' ? fault.ms : ms), 0);
  const body = await carryOut(api, request, lateMs);
  const reset = faults.some((fault) => fault.kind === 'reset-after');
  return { ...answer(body, 200, scopeHeaders(api, request.method)), reset };
}

async function carryOut(api: Dispatcher, request: ApiRequest, lateMs: number): Promise<Json> {
  try {
    const method = entryOf(api.methods, request.method);
    if (!method) throw new Refusal('unknown_method', { req_method: request.method });
    authorize(api.tokens, request.token, method.token ?? 'bot');
    need(api.context, method.scopes ?? []);
    const { args, method: name } = request;
    return {
      ok: true,
      ...(await method.run({ context: api.context, method: name, args, lateMs })),
    };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.code, ...error.fields };
    throw error;
  }
}

function authorize(tokens: Tokens, token: string, wanted: 'bot' | 'app' | 'none'): void {
  if (wanted === 'none') return;
  if (token === '') throw new Refusal('not_authed');
  if (token === tokens[wanted]) return;
  const isOther = token === tokens.bot || token === tokens.app;
  throw new Refusal(isOther ? 'not_allowed_token_type' : 'invalid_auth');
}

/** Seconds to wait: the channel had its message this second, or the method its calls this minute. */
function waitFor(api: Dispatcher, request: ApiRequest): number | null {
  const perMinute = entryOf(api.methods, request.method)?.perMinute;
  if (perMinute !== undefined) return api.rateLimits.takeCall(request.method, perMinute);
  if (request.method !== 'chat.postMessage' || request.token !== api.tokens.bot) return null;
  const channel = String(request.args['channel']);
  return api.rateLimits.take(findChannel(api.context.state, channel)?.id ?? channel);
}

function scopeHeaders(api: Dispatcher, method: string): Record<string, string> {
  const accepted = entryOf(api.methods, method)?.scopes ?? [];
  return {
    'x-oauth-scopes': api.context.scopes.join(','),
    ...(accepted.length > 0 ? { 'x-accepted-oauth-scopes': accepted.join(',') } : {}),
  };
}

function rateLimited(seconds: number): ApiResponse {
  return answer({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(seconds) });
}

function answer(body: Json, status = 200, headers: Record<string, string> = {}): ApiResponse {
  return { status, headers, body, reset: false };
}
