/** Slack allows about one message a second and channel, with short bursts, and so many calls of a method. */
export interface RateLimits {
  /** Takes a place for a message now; otherwise the seconds to wait. */
  take(channel: string): number | null;
  /** Takes a place for a call of a method that may be called so often; otherwise the seconds to wait. */
  takeCall(method: string, perMinute: number): number | null;
}

const CAPACITY = { burst: 5, strict: 1 } as const;

export function createRateLimits(mode: 'off' | 'burst' | 'strict', now: () => number): RateLimits {
  if (mode === 'off') return { take: () => null, takeCall: () => null };
  const buckets = new Map<string, { tokens: number; at: number }>();
  const take = (key: string, capacity: number, perSecond: number): number | null => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: capacity, at };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
    bucket.at = at;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens -= 1;
    return null;
  };
  return {
    take: (channel) => take(channel, CAPACITY[mode], 1),
    takeCall: (method, perMinute) => take(`method ${method}`, perMinute, perMinute / 60),
  };
}
