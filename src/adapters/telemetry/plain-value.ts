import { HousecallError } from '../../core/errors.ts';

const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const MAX_TEXT = 10_000;

/** Fields whose value is secret whatever it looks like; compared without case, `-` and `_`. */
const SECRET_KEYS = new Set([
  'authorization',
  'cookie',
  'setcookie',
  'headers',
  'password',
  'passphrase',
  'passwd',
  'secret',
  'secrets',
  'clientsecret',
  'signingsecret',
  'token',
  'tokens',
  'bottoken',
  'apptoken',
  'apikey',
  'privatekey',
]);

/**
 * A value as the log may write it: plain, bounded, every text cleaned, secret fields blank. Errors
 * become objects with their causes; what refers to itself or goes too deep is cut. Never throws.
 */
export function plainValue(value: unknown, clean: (text: string) => string, depth = 0): unknown {
  const deeper = (inner: unknown): unknown => plainValue(inner, clean, depth + 1);
  if (typeof value === 'string') return clean(value.slice(0, MAX_TEXT));
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[…]';
  if (value instanceof Error) return deeper(errorFields(value));
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  }
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(deeper);
  if (value instanceof Map) return deeper(Object.fromEntries(value));
  if (value instanceof Set) return deeper([...value]);
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([key, item]) => [key, isSecretKey(key) ? '[redacted:field]' : deeper(item)]),
  );
}

function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(key.toLowerCase().replaceAll(/[-_]/g, ''));
}

/** An expected failure says all in its message; a stack is for surprises. */
function errorFields(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const { code, context } = error as { code?: unknown; context?: unknown };
  const expected = error instanceof HousecallError && error.kind !== 'bug';
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(context === undefined ? {} : { context }),
    ...(cause === undefined ? {} : { cause: expected ? causeText(cause) : cause }),
    ...(expected ? {} : { stack }),
  };
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
