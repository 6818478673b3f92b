import type { Json } from './json.ts';

/** One call that the app made; tokens are not kept. */
export interface LoggedRequest {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  /** The Web API method, `response_url` or `upload`. */
  readonly method: string;
  readonly args: Json;
  readonly status: number;
  readonly ok: boolean;
  readonly error?: string;
  /** The connection was cut by a fault instead of being answered. */
  readonly reset: boolean;
  readonly ms: number;
}

const KEPT = 5000;

export interface RequestLog {
  readonly entries: readonly LoggedRequest[];
  add(entry: Omit<LoggedRequest, 'id' | 'at'>): LoggedRequest;
}

export function createRequestLog(now: () => number): RequestLog {
  const entries: LoggedRequest[] = [];
  let last = 0;
  return {
    entries,
    add: (entry) => {
      last += 1;
      const logged = { ...entry, id: last, at: new Date(now()).toISOString() };
      entries.push(logged);
      if (entries.length > KEPT) entries.shift();
      return logged;
    },
  };
}
