/** Slack allows about one message a second and channel, with short bursts. */
export interface RateLimits {
  /** Takes a place for a message now; otherwise the seconds to wait. */
  take(channel: string): number | null;
}

const CAPACITY = { burst: 5, strict: 1 } as const;

export function createRateLimits(mode: 'off' | 'burst' | 'strict', now: () => number): RateLimits {
  if (mode === 'off') return { take: () => null };
  const capacity = CAPACITY[mode];
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take: (channel) => {
      const at = now();
      const bucket = buckets.get(channel) ?? { tokens: capacity, at };
      bucket.tokens = Math.min(capacity, bucket.tokens + (at - bucket.at) / 1000);
      bucket.at = at;
      buckets.set(channel, bucket);
      if (bucket.tokens < 1) return Math.ceil(1 - bucket.tokens);
      bucket.tokens -= 1;
      return null;
    },
  };
}
