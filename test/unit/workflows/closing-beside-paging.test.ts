import { afterEach, expect, it, vi } from 'vitest';
import { startClosingAgain } from '../../../src/app/closing-again.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { requestClose } from '../../../src/workflows/closing/request-close.ts';
import { changeIncident } from '../../../src/workflows/incident/change-incident.ts';
import { deliverOne } from '../../../src/workflows/outbox/deliver-outbox.ts';
import { createSilentLog } from '../../support/silent-log.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ID = '20261120-1';
const ADA = { team: 'T1', user: 'UADA' };

let running: { stop(): Promise<void> } | undefined;

/** Somebody asked to close it, and the job has not run yet. */
async function toBeClosed() {
  const war = createWarRoom();
  const settle = async (): Promise<void> => {
    while (await deliverOne(war.deps)) {
      // until everything is said
    }
    await war.settle();
  };
  await war.opsgenie('Create');
  await war.settle();
  const change = { change: 'resolve', reason: 'done' } as const;
  await changeIncident(war.deps, { stream: ID, person: ADA, change });
  await requestClose(war.deps, { stream: ID, person: ADA });
  return { war, settle };
}

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

it('ends at once although an archive does not answer', async () => {
  const { war, settle } = await toBeClosed();
  war.deps.archive = async () => {
    throw new HousecallError('ARCHIVE_INVALID', 'away');
  };
  await settle();
  war.clock.advance(60_000);
  let answer = (): void => {};
  const silent = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const asked = vi.fn<() => Promise<void>>(() => silent);
  const times = { minuteMs: 60_000 };
  running = startClosingAgain(
    { ...war.deps, archiveReady: asked, times, log: createSilentLog() },
    5,
  );
  await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 10_000 });
  await running.stop();
  expect((await war.incident(ID)).incident?.closing).toBe(false);
  answer();
});

it('closes by itself, at intervals, as soon as the archive is there again', async () => {
  const { war, settle } = await toBeClosed();
  const { archive } = war.deps;
  let up = false;
  let asked = 0;
  const archiveReady = async (): Promise<void> => {
    asked += 1;
    if (!up) throw new HousecallError('ARCHIVE_INVALID', 'away');
  };
  war.deps.archive = async (stream) => {
    await archiveReady();
    return archive(stream);
  };
  await settle();
  war.clock.advance(60_000);
  asked = 0;
  const times = { minuteMs: 60_000 };
  running = startClosingAgain({ ...war.deps, archiveReady, times, log: createSilentLog() }, 5);
  await vi.waitFor(() => expect(asked).toBeGreaterThan(1), { timeout: 10_000 });
  expect((await war.incident(ID)).incident?.closing).toBe(false);
  up = true;
  await vi.waitFor(async () => expect((await war.incident(ID)).incident?.closing).toBe(true), {
    timeout: 10_000,
  });
  await settle();
  expect((await war.incident(ID)).incident?.state).toBe('closed');
});
