/** Wakes one sleeper; rung while nobody sleeps, it lets the next sleep end at once. */
export interface Bell {
  readonly ring: () => void;
  /** Returns after the bell was rung, or after the time. */
  readonly sleep: (timeoutMs: number) => Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    sleep: async (timeoutMs) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      wake = null;
    },
  };
}
