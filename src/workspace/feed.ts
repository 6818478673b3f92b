import type { Change } from './model.ts';

/** Tells listeners of every change, in order. */
export interface Feed {
  publish(change: Change): void;
  subscribe(listener: (change: Change) => void): () => void;
  /** Resolves with what `look` gives once it gives something; rejects after the time. */
  waitFor<T>(look: () => T | null | undefined | false, timeoutMs: number, what: string): Promise<T>;
}

export function createFeed(): Feed {
  const listeners = new Set<(change: Change) => void>();
  const subscribe = (listener: (change: Change) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    publish: (change) => {
      for (const listener of listeners) listener(change);
    },
    subscribe,
    waitFor: <T>(look: () => T | null | undefined | false, timeoutMs: number, what: string) =>
      new Promise<T>((resolve, reject) => {
        const check = (): void => {
          try {
            const found = look();
            if (found === null || found === undefined || found === false) return;
            finish();
            resolve(found);
          } catch (error) {
            finish();
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        const finish = (): void => {
          unsubscribe();
          clearTimeout(timer);
          clearInterval(poll);
        };
        const unsubscribe = subscribe(check);
        // What is waited for may lie outside of the workspace.
        const poll = setInterval(check, 50);
        const timer = setTimeout(() => {
          finish();
          reject(new Error(`workspace: waited ${timeoutMs} ms in vain for ${what}`));
        }, timeoutMs);
        check();
      }),
  };
}
