/** Lets one of many equal messages through per interval, and counts those it held back. */
export interface Throttle {
  /** Null: hold it back. Else how many were held back since the last one that passed. */
  pass(nowMs: number): { readonly heldBack: number } | null;
}

export function createThrottle(intervalMs: number): Throttle {
  let last = Number.NEGATIVE_INFINITY;
  let heldBack = 0;
  return {
    pass: (nowMs) => {
      if (nowMs - last < intervalMs) {
        heldBack += 1;
        return null;
      }
      const passed = { heldBack };
      last = nowMs;
      heldBack = 0;
      return passed;
    },
  };
}
