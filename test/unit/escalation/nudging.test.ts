import { afterEach, expect, it, vi } from 'vitest';
import { startNudging } from '../../../src/app/nudging.ts';
import { createPagingSite } from '../../support/paging-site.ts';
import { createSilentLog } from '../../support/silent-log.ts';

const DAY = 24 * 60 * 60_000;

let running: { stop(): Promise<void> } | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

it('calls people in time after the clock was put back: the time that passed is counted, not the clock', async () => {
  const site = createPagingSite({ ackMs: 20, roomMs: 0 });
  site.clock.advance(DAY);
  const stream = await site.open();
  site.clock.advance(-DAY);
  running = startNudging({ ...site.deps, log: createSilentLog() }, 5);
  await vi.waitFor(
    async () => {
      const { incident } = await site.incident(stream);
      expect(incident?.pages.length).toBeGreaterThan(0);
    },
    { timeout: 10_000 },
  );
});
