import { describe, expect, it } from 'vitest';
import { createLadderWatch, type LadderWatch } from '../../../src/workflows/paging/ladder-watch.ts';
import { nudgeIncident } from '../../../src/workflows/paging/nudge-incident.ts';
import { ADA, createPagingSite, GRACE } from '../../support/paging-site.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A site with processes that look, each with its own memory; `steady` is time as it really passes. */
function createClockSite(processes = 1) {
  const site = createPagingSite();
  let steady = 0;
  const watches: LadderWatch[] = Array.from({ length: processes }, () =>
    createLadderWatch(() => steady),
  );
  const paged: { readonly minute: number; readonly step: string }[] = [];
  return {
    site,
    paged,
    set: (ms: number) => site.clock.advance(ms),
    /** All of them end, and others begin. */
    restart: () => watches.forEach((_, n) => void (watches[n] = createLadderWatch(() => steady))),
    pass: async (stream: string, minutes: number): Promise<void> => {
      for (let n = 0; n < minutes; n++) {
        steady += MINUTE;
        site.clock.advance(MINUTE);
        for (const watch of watches) await nudgeIncident({ ...site.deps, watch }, stream);
        const { incident } = await site.incident(stream);
        const pages = incident?.pages.filter(({ reason }) => reason !== 'command') ?? [];
        for (const { round, step } of pages.slice(paged.length)) {
          paged.push({ minute: steady / MINUTE, step: `${round}.${step}` });
        }
      }
    },
    alarms: async (stream: string): Promise<number> => {
      const records = await site.store.journal.read(stream);
      return records.filter(({ event }) => event.type === 'page.exhausted').length;
    },
  };
}

describe('a clock that goes a day forward and back', () => {
  it('before the first call: it comes when it would have come', async () => {
    const { site, set, pass, paged } = createClockSite();
    set(DAY);
    const stream = await site.open();
    set(-DAY);
    await pass(stream, 6);
    expect(paged).toEqual([{ minute: 6, step: '0.0' }]);
  });

  it('before the first call: the second comes after its own wait, not at once', async () => {
    const { site, set, pass, paged } = createClockSite(2);
    set(DAY);
    const stream = await site.open();
    set(-DAY);
    await pass(stream, 17);
    expect(paged).toEqual([
      { minute: 6, step: '0.0' },
      { minute: 16, step: '0.1' },
    ]);
  });

  it('between two calls: the ladder goes on in time, no step comes twice, and it ends once', async () => {
    const { site, set, pass, paged, alarms } = createClockSite(2);
    const stream = await site.open();
    await pass(stream, 2);
    set(DAY);
    await pass(stream, 2);
    expect(paged.map(({ step }) => step)).toEqual(['0.0']);
    set(-DAY);
    await pass(stream, 60);
    expect(paged.map(({ step }) => step)).toEqual(['0.0', '0.1', '1.0', '1.1']);
    expect(paged.map(({ minute }) => minute)).toEqual([3, 13, 19, 29]);
    expect(await alarms(stream)).toBe(1);
  });

  it('and a restart: the next call comes no later than its own wait after it', async () => {
    const { site, set, pass, paged, restart } = createClockSite();
    const stream = await site.open();
    await pass(stream, 2);
    set(DAY);
    await pass(stream, 1);
    set(-DAY);
    await pass(stream, 9);
    restart();
    await pass(stream, 11);
    expect(paged.map(({ minute, step }) => [minute, step])).toEqual([
      [3, '0.0'],
      [23, '0.1'],
    ]);
  });

  it('what is given back begins with the first step, whatever time the pages before have', async () => {
    const { site, set, pass, paged } = createClockSite();
    const stream = await site.open();
    set(DAY);
    await pass(stream, 1);
    await site.change(stream, { change: 'ack' });
    set(-DAY);
    await site.change(stream, { change: 'unack' });
    await pass(stream, 6);
    expect(paged.map(({ step }) => step)).toEqual(['0.0', '0.0']);
  });

  it('everybody is called again after the wait, and told once that nobody came', async () => {
    const { site, set, pass, paged, alarms } = createClockSite();
    const stream = await site.open();
    set(DAY);
    await site.change(stream, { change: 'severity', severity: 'SEV1' });
    await pass(stream, 1);
    await site.settle();
    set(-DAY);
    await pass(stream, 30);
    expect(paged.map(({ step }) => step)).toEqual(['0.null', '1.null']);
    expect(await alarms(stream)).toBe(1);
    await site.settle();
    expect([site.told(ADA).length, site.told(GRACE).length]).toEqual([2, 2]);
    const texts = site.room(stream).map(({ text }) => text);
    expect(texts.join('\n')).not.toMatch(/for -|in -/);
  });

  it('the room is told once that pages wait for the end of quiet hours', async () => {
    const { site, set, pass } = createClockSite();
    Object.assign(site.deps.policy, {
      quietHours: { from: '00:00', to: '23:59', timeZone: 'UTC' },
    });
    set(DAY);
    const stream = await site.open();
    set(-DAY);
    await pass(stream, 20);
    const records = await site.store.journal.read(stream);
    expect(records.filter(({ event }) => event.type === 'reminder.sent')).toHaveLength(1);
  });
});

it('whatever the clock does, every step is called once, in order', async () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let story = 0; story < 20; story++) {
    const { site, set, pass, paged, alarms } = createClockSite(1 + random(3));
    const stream = await site.open();
    for (let n = 0; n < 12; n++) {
      set((random(5) - 2) * random(2 * DAY));
      await pass(stream, 1 + random(8));
    }
    set(-DAY);
    await pass(stream, 45);
    const steps = ['0.0', '0.1', '1.0', '1.1'];
    expect(paged.map(({ step }) => step)).toEqual(steps);
    expect(await alarms(stream)).toBe(1);
  }
});
