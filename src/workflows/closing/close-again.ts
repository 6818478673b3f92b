import { HousecallError } from '../../core/errors.ts';
import type { Incident } from '../../core/incident/case.ts';
import { readCase } from '../record/transact.ts';
import type { CancelRunDeps } from '../run/cancel-run.ts';
import { isStuck, requestClose } from './request-close.ts';

export interface CloseAgainDeps extends CancelRunDeps {
  /** Resolves when every sink could be written to now; else throws with a reason. */
  readonly archiveReady: () => Promise<void>;
  /** How long a minute lasts. */
  readonly times: { readonly minuteMs: number };
}

/** The longest wait between two tries; the first is a minute, then each is twice the one before. */
const MOST_MINUTES = 60;

/**
 * Somebody asked to close, and the archive could not be written: asks again as soon as every sink can
 * be written to. Safe to run anywhere at any time; what cannot be closed now waits for the next look.
 */
export async function closeAgain(deps: CloseAgainDeps, stream: string): Promise<void> {
  const { incident } = await readCase(deps.journal, stream);
  if (incident === null || !isDue(incident, deps)) return;
  try {
    await deps.archiveReady();
    await requestClose(deps, { stream, person: null, again: true });
  } catch (error) {
    // Still away, or another process was first, or a fix is open again.
    if (error instanceof HousecallError && !error.retryable) return;
    throw error;
  }
}

function isDue(incident: Incident, { clock, times }: CloseAgainDeps): boolean {
  const now = clock.now();
  if (incident.state !== 'resolved') return false;
  if (incident.closing) return isStuck(incident, now);
  const { notArchived } = incident;
  if (notArchived === null) return false;
  const minutes = Math.min(MOST_MINUTES, 2 ** (notArchived.tries - 1));
  return now.getTime() - Date.parse(notArchived.at) >= minutes * times.minuteMs;
}
