import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertApi } from '../ports/alert-api.ts';
import { type ReconcileAlertsDeps, reconcileAlerts } from '../workflows/alert/reconcile-alerts.ts';

/** After a start, what was missed meanwhile is looked for at once; webhooks under way come first. */
const FIRST_SECONDS = 20;

/** Asks the sources for their open alerts again and again, until the signal fires. */
export async function askSources(
  deps: ReconcileAlertsDeps,
  apis: readonly AlertApi[],
  { everySeconds, signal }: { readonly everySeconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const suspects = new Map();
  if (!apis.some((api) => api.open !== undefined)) return;
  for (let seconds = Math.min(FIRST_SECONDS, everySeconds); ; seconds = everySeconds) {
    // Not all processes at the same moment.
    const ms = seconds * 1000 * (0.9 + Math.random() * 0.2);
    await sleep(ms, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    await reconcileAlerts(deps, apis, { suspects, signal }).catch((error: unknown) => {
      deps.log.warn({ error: String(error) }, 'open alerts could not be compared; tried again');
    });
  }
}
