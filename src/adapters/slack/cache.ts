/** Answers kept for a while; the same question asked twice at once is asked once. Failures are not kept. */
export interface Cache<T> {
  get(key: string, ask: () => Promise<T>): Promise<T>;
}

export function createCache<T>(options: { ttlMs: number; max: number }): Cache<T> {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<T> }>();
  return {
    get(key, ask) {
      const now = Date.now();
      const entry = kept.get(key);
      if (entry !== undefined && entry.until > now) return entry.answer;
      const oldest = kept.size >= options.max ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      const answer = ask();
      kept.delete(key);
      kept.set(key, { until: now + options.ttlMs, answer });
      answer.catch(() => {
        if (kept.get(key)?.answer === answer) kept.delete(key);
      });
      return answer;
    },
  };
}
