import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until there is an answer.
 * @throws Error after that many seconds, with what was waited for and how far it came.
 */
export async function poll<T>(
  look: () => Promise<T | null | undefined> | T | null | undefined,
  wait: { readonly what: string; readonly seconds: number; readonly last?: () => string },
): Promise<T> {
  const until = Date.now() + wait.seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    if (Date.now() > until) {
      const last = wait.last === undefined ? '' : `; ${wait.last()}`;
      throw new Error(`not in ${wait.seconds} s: ${wait.what}${last}`);
    }
    await sleep(50);
  }
}
