/** Lets `burst` through at once and `perSecond` afterwards. */
export interface TokenBucket {
  /** 0: go ahead. Else the seconds until there is room, and nothing was taken. */
  take(): number;
}

export function createTokenBucket(
  options: { readonly perSecond: number; readonly burst: number },
  nowMs: () => number = () => performance.now(),
): TokenBucket {
  const { perSecond, burst } = options;
  let tokens = burst;
  let last = nowMs();
  return {
    take() {
      const now = nowMs();
      tokens = Math.min(burst, tokens + ((now - last) / 1000) * perSecond);
      last = now;
      if (tokens < 1) return (1 - tokens) / perSecond;
      tokens -= 1;
      return 0;
    },
  };
}
