/** What goes wrong, for the calls that `method` matches. */
export type Fault =
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'status'; readonly status: number }
  /** The connection is cut and the call has not happened. */
  | { readonly kind: 'reset-before' }
  /** The connection is cut after the call has happened: the caller cannot know. */
  | { readonly kind: 'reset-after' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'error'; readonly error: string }
  /** What this call posts shows up in history and replies only after so many milliseconds. */
  | { readonly kind: 'late-history'; readonly ms: number };

export type FaultRule = Fault & {
  /** A method's name, or a regular expression over it. */
  readonly method: string | RegExp;
  /** How many calls it hits; default 1. */
  readonly count?: number;
  /** How many matching calls pass unharmed first; default 0. */
  readonly skip?: number;
};

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The faults that hit this call; each use counts. */
  take(method: string): readonly Fault[];
}

export function createFaults(initial: readonly FaultRule[]): Faults {
  let rules: { rule: FaultRule; skip: number; left: number }[] = [];
  const add = (rule: FaultRule): void => {
    rules.push({ rule, skip: rule.skip ?? 0, left: rule.count ?? 1 });
  };
  for (const rule of initial) add(rule);
  return {
    add,
    clear: () => {
      rules = [];
    },
    take: (method) => {
      const hits: Fault[] = [];
      for (const entry of rules) {
        if (!matches(entry.rule.method, method)) continue;
        if (entry.skip > 0) entry.skip -= 1;
        else if (entry.left > 0) {
          entry.left -= 1;
          hits.push(entry.rule);
        }
      }
      rules = rules.filter((entry) => entry.left > 0);
      return hits;
    },
  };
}

function matches(pattern: string | RegExp, method: string): boolean {
  return typeof pattern === 'string' ? pattern === method : pattern.test(method);
}
