import { HousecallError } from '../../core/errors.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { Log } from '../../ports/log.ts';
import type { LeasedRow, Outbox } from '../../ports/outbox.ts';
import { transact } from '../record/transact.ts';
import { failureRows } from './failure-rows.ts';
import { isBeside, isGivenUp, tellLate } from './late-row.ts';
import { type PerformRowDeps, performRow } from './perform-row.ts';

export interface DeliverOutboxDeps extends PerformRowDeps {
  readonly outbox: Outbox;
  readonly log: Log;
  readonly announceChannel: string;
  /** Who holds the lease: one per process and sender. */
  readonly owner: string;
  /** How long Slack may take to show a message that it accepted before we look for it. */
  readonly settleSeconds: number;
  /** How long a row is this sender's alone. Default: a minute. */
  readonly leaseSeconds?: number;
}

/** Renewed while a sender works: a sender that dies holds its lane up for no longer than this. */
export const LEASE_SECONDS = 20;

/** Sends the head of one lane, if any is due. False: there was nothing to do. */
export async function deliverOne(deps: DeliverOutboxDeps): Promise<boolean> {
  const row = await lease(deps);
  if (row === null) return false;
  await deliver(deps, row);
  return true;
}

function lease(deps: DeliverOutboxDeps): Promise<LeasedRow | null> {
  return deps.outbox.lease(deps.owner, deps.leaseSeconds ?? LEASE_SECONDS);
}

async function deliver(deps: DeliverOutboxDeps, row: LeasedRow): Promise<void> {
  const seconds = deps.leaseSeconds ?? LEASE_SECONDS;
  const keeping = keep(deps, row, seconds);
  try {
    const ref = await performRow(deps, row);
    await deps.outbox.done(row, deps.owner, ref);
  } catch (error) {
    await failed(deps, row, error);
  } finally {
    clearInterval(keeping);
  }
}

/** A message of many parts, or a slow Slack, takes longer than a lease: nobody else may begin it meanwhile. */
function keep(deps: DeliverOutboxDeps, row: LeasedRow, seconds: number): NodeJS.Timeout {
  return setInterval(
    () => {
      deps.outbox.renew(row, deps.owner, seconds).catch((error: unknown) => {
        deps.log.warn({ row: row.id, error: String(error) }, 'outbox: the lease was not renewed');
      });
    },
    (seconds * 1000) / 3,
  );
}

/** E-mails and words to alert sources that one sender has under way. */
const MOST_BESIDE = 16;

/**
 * Sends until the signal fires. A mail server or an alert source that is slow to answer is not waited
 * for: what is said in the chat, pages above all, goes on meanwhile.
 */
export async function deliverOutbox(deps: DeliverOutboxDeps, signal: AbortSignal): Promise<void> {
  const beside = new Set<Promise<void>>();
  while (!signal.aborted) {
    const worked = await deliverNext(deps, beside).catch((error: unknown) => {
      warnOfStore(deps, error);
      return false;
    });
    if (!worked) await deps.outbox.wait(1_000, signal);
  }
  await Promise.all(beside);
}

async function deliverNext(deps: DeliverOutboxDeps, beside: Set<Promise<void>>): Promise<boolean> {
  const row = await lease(deps);
  if (row === null) return false;
  const sending = deliver(deps, row);
  if (isBeside(row) && beside.size < MOST_BESIDE) {
    const going: Promise<void> = sending
      .catch((error: unknown) => warnOfStore(deps, error))
      .finally(() => beside.delete(going));
    beside.add(going);
  } else await sending;
  return true;
}

function warnOfStore({ log }: DeliverOutboxDeps, error: unknown): void {
  log.warn({ error: String(error) }, 'outbox: the store does not answer');
}

async function failed(deps: DeliverOutboxDeps, row: LeasedRow, error: unknown): Promise<void> {
  const known = error instanceof HousecallError ? error : null;
  if (known?.code === 'CHAT_RATE_LIMITED') {
    const seconds = Number(known.context['retryAfterSeconds'] ?? 1);
    await deps.outbox.retry(row, deps.owner, {
      afterMs: Math.max(1, seconds) * 1_000,
      uncertain: row.uncertain,
      error: known.message,
    });
    return;
  }
  if (known !== null && (!known.retryable || isGivenUp(row, deps.clock.now()))) {
    await refused(deps, row, known);
    return;
  }
  const backOff = Math.min(60_000, 1_000 * 2 ** Math.min(row.attempts, 6));
  deps.log.warn({ row: row.id, lane: row.lane, error: String(error) }, 'outbox: will try again');
  await tellLate(deps, row, known?.message ?? String(error));
  await deps.outbox.retry(row, deps.owner, {
    afterMs: Math.max(deps.settleSeconds * 1_000, backOff),
    uncertain: true,
    error: String(error),
  });
}

/** Slack said no: the lane goes on, and people see that a step failed. */
async function refused(
  deps: DeliverOutboxDeps,
  row: LeasedRow,
  error: HousecallError,
): Promise<void> {
  deps.log.error({ row: row.id, lane: row.lane, error: error.message }, 'outbox: refused');
  const operation = row.operation.op;
  if (!row.lane.startsWith('form:') && !lacksRoom(error)) {
    const reason = error.message;
    await transact(deps, { stream: row.stream, actor: HOUSECALL }, (state) => ({
      events: [{ type: 'chat.failed', operation, reason }],
      chat: failureRows(deps.announceChannel, state, { row, reason }),
    }));
  }
  await deps.outbox.reject(row, deps.owner, error.message);
}

/** The refusal that there is no room was told when it was not opened. */
function lacksRoom({ context }: HousecallError): boolean {
  return context['key'] === 'room';
}
