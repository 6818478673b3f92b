import type { LadderWait } from '../../core/escalation/ladder.ts';

/** What one process has seen of the ladders of open incidents, by a clock that nobody can set. */
export interface LadderWatch {
  /** Since when (ISO 8601, as the record says) a ladder waits, and for how long (ms) that was seen. */
  seen(stream: string, wait: LadderWait): { readonly since: string; readonly ms: number };
  /** Forgets all other cases. */
  keep(streams: readonly string[]): void;
}

/** `steadyMs`: milliseconds since any beginning, never set by anybody. */
export function createLadderWatch(steadyMs: () => number): LadderWatch {
  const first = new Map<string, LadderWait & { readonly atMs: number }>();
  return {
    seen(stream, { since, calls }) {
      const nowMs = steadyMs();
      const before = first.get(stream);
      if (before?.since === since && before.calls === calls) {
        return { since, ms: nowMs - before.atMs };
      }
      first.set(stream, { since, calls, atMs: nowMs });
      return { since, ms: 0 };
    },
    keep(streams) {
      const kept = new Set(streams);
      for (const stream of first.keys()) if (!kept.has(stream)) first.delete(stream);
    },
  };
}
