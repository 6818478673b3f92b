import type { Context } from '../context.ts';
import { isRecord, type Json, listOf, parseJson } from '../json.ts';

/** A refusal in Slack's words: `{ok: false, error, …fields}`. */
export class Refusal extends Error {
  readonly code: string;
  readonly fields: Json;

  constructor(code: string, fields: Json = {}) {
    super(code);
    this.code = code;
    this.fields = fields;
  }
}

/** A refusal with the JSON pointers that Slack gives under `response_metadata.messages`. */
export function refusal(code: string, messages: readonly string[]): Refusal {
  if (messages.length === 0) return new Refusal(code);
  return new Refusal(code, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

/** One call of a Web API method: its arguments, all unchecked. */
export interface Call {
  readonly context: Context;
  readonly method: string;
  readonly args: Json;
  /** Milliseconds by which history hides what this call posts: a fault. */
  readonly lateMs: number;
}

export interface Method {
  /** Which token it takes; default the bot's. */
  readonly token?: 'bot' | 'app' | 'none';
  /** One of these is needed. */
  readonly scopes?: readonly string[];
  /** Calls a minute that Slack allows: its rate tier, where it is counted here. */
  readonly perMinute?: number;
  readonly run: (call: Call) => Json | Promise<Json>;
}

export type MethodTable = Readonly<Record<string, Method>>;

/** An argument as text; undefined when absent or empty. */
export function text(call: Call, name: string): string | undefined {
  const value = call.args[name];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function required(call: Call, name: string, error = 'invalid_arguments'): string {
  const value = text(call, name);
  if (value === undefined)
    throw refusal(error, error === 'invalid_arguments' ? [`missing required field: ${name}`] : []);
  return value;
}

export function flag(call: Call, name: string): boolean {
  const value = call.args[name];
  return value === true || value === 'true' || value === '1';
}

/** A whole number within the bounds, or Slack's `invalid_limit`. */
export function limit(call: Call, fallback: number, max: number): number {
  const value = text(call, 'limit');
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new Refusal('invalid_limit');
  return Math.min(number, max);
}

/** An object or list that came as JSON text, as forms carry it. */
export function structured(call: Call, name: string): unknown {
  const value = call.args[name];
  return typeof value === 'string' ? parseJson(value) : value;
}

export function structuredRecord(call: Call, name: string, error: string): Json | undefined {
  if (call.args[name] === undefined || call.args[name] === '') return undefined;
  const value = structured(call, name);
  if (!isRecord(value)) throw new Refusal(error);
  return value;
}

export function structuredList(
  call: Call,
  name: string,
  error: string,
): readonly unknown[] | undefined {
  if (call.args[name] === undefined || call.args[name] === '') return undefined;
  const value = structured(call, name);
  if (!Array.isArray(value)) throw new Refusal(error);
  return listOf(value);
}

/** Comma-separated ids. */
export function ids(call: Call, name: string): readonly string[] {
  const value = text(call, name) ?? '';
  return value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

/** Fails with `missing_scope` unless the bot has one of them. */
export function need(context: Context, scopes: readonly string[]): void {
  if (scopes.length === 0 || scopes.some((scope) => context.scopes.includes(scope))) return;
  throw new Refusal('missing_scope', {
    needed: scopes.join(','),
    provided: context.scopes.join(','),
  });
}

/** One page of a list; the cursor is an opaque offset. */
export function page<T>(
  call: Call,
  items: readonly T[],
  sizes: { readonly fallback: number; readonly max: number },
): { readonly items: readonly T[]; readonly next: string } {
  const size = limit(call, sizes.fallback, sizes.max);
  const cursor = text(call, 'cursor');
  const decoded = cursor === undefined ? 'at:0' : Buffer.from(cursor, 'base64').toString();
  const start = /^at:(\d+)$/.exec(decoded)?.[1];
  if (start === undefined) throw new Refusal('invalid_cursor');
  const end = Number(start) + size;
  const next = end < items.length ? Buffer.from(`at:${end}`).toString('base64') : '';
  return { items: items.slice(Number(start), end), next };
}
