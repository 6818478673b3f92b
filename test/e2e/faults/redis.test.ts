import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstallation, type Installation } from '../../support/installation.ts';
import {
  commandLines,
  eventsOf,
  expectOnceInOrder,
  expectReportedOnce,
  recordOf,
  rooms,
  streamOf,
  untilAllSaid,
  untilRecorded,
  WAIT,
} from '../../support/observe.ts';
import { opsgenieAlert, postAlert } from '../../support/opsgenie-alert.ts';
import type { RoleProcess } from '../../support/role-process.ts';

const STORM_HOSTS = Array.from({ length: 6 }, (_, n) => `host-${n + 1}`);
const STORM = 30;
/** How long Redis stays away: less than the lock of a job. */
const AWAY_MS = 1_500;

describe('a Redis that crashes and comes back with its append-only file', () => {
  let site: Installation;
  let web: RoleProcess;

  beforeAll(async () => {
    site = await createInstallation({ hosts: ['host-17', ...STORM_HOSTS], rateLimits: 'off' });
    // The worker reads the key that the first web role makes.
    web = await site.start('web');
    await site.start('worker');
  });
  afterAll(() => site.close());
  beforeEach(({ onTestFailed }) => onTestFailed(() => site.printLogs()));

  async function readiness(): Promise<number> {
    const response = await fetch(`${web.address}/readyz`);
    await response.arrayBuffer();
    return response.status;
  }

  /** As Opsgenie does: what was not answered with 2xx is sent again. */
  async function sendUntilStored(body: string): Promise<readonly number[]> {
    const answers: number[] = [];
    while (answers.length < 40) {
      const answer = await postAlert(web.address, body);
      answers.push(answer);
      if (answer >= 200 && answer < 300) return answers;
      await sleep(250);
    }
    throw new Error(`never stored: ${answers.join(' ')}`);
  }

  it('during a run: senders hear 503 meanwhile, and the run is reported once', async () => {
    await sendUntilStored(opsgenieAlert({ id: 'run', host: 'host-17' }));
    await expect.poll(() => commandLines().some((line) => line.endsWith(' 20 2')), WAIT).toBe(true);
    await site.redis.kill();
    const away = opsgenieAlert({ id: 'away', host: 'host-17' });
    expect(await postAlert(web.address, away)).toBe(503);
    expect(await readiness()).toBe(503);
    await sleep(AWAY_MS);
    await site.redis.restart();
    await expect.poll(readiness, WAIT).toBe(200);
    await sendUntilStored(away);

    const [room] = rooms(site);
    if (room === undefined) throw new Error('no room');
    const stream = streamOf(room);
    const records = await untilRecorded(site, stream, 'run.finished');
    await expect
      .poll(async () => eventsOf(await recordOf(site, stream), 'alert.received').length, WAIT)
      .toBe(2);
    await untilAllSaid(site);
    const [run] = eventsOf(records, 'run.started');
    const channel = room.id;
    await expectReportedOnce(site, { stream, run: run?.run ?? '', channel });
    expect(rooms(site)).toHaveLength(1);
  });

  it('in a storm of alerts: each that was acknowledged is on record once, each incident reported once', async () => {
    const before = new Set(rooms(site).map(({ id }) => id));
    const bodies = Array.from({ length: STORM }, (_, n) => {
      const host = STORM_HOSTS[n % STORM_HOSTS.length] ?? '';
      return { id: `storm-${n}`, body: opsgenieAlert({ id: `storm-${n}`, host }) };
    });
    let stored = 0;
    const sending = bodies.map(async ({ body }, n) => {
      await sleep(n * 20);
      const answers = await sendUntilStored(body);
      stored += 1;
      return answers;
    });
    await expect.poll(() => stored, { ...WAIT, interval: 1 }).toBeGreaterThanOrEqual(8);
    await site.redis.kill();
    await sleep(AWAY_MS);
    await site.redis.restart();
    const answers = await Promise.all(sending);
    expect(answers.flat()).toContain(503);

    const stormRooms = () => rooms(site).filter(({ id }) => !before.has(id));
    await expect.poll(() => stormRooms().length, WAIT).toBe(STORM_HOSTS.length);
    const streams = stormRooms().map((room) => ({
      channel: room.id,
      stream: streamOf(room),
    }));
    for (const { stream } of streams) await untilRecorded(site, stream, 'run.finished');
    const received = async (): Promise<string[]> => {
      const records = await Promise.all(streams.map(({ stream }) => recordOf(site, stream)));
      return records
        .flatMap((own) => eventsOf(own, 'alert.received'))
        .map(({ alert }) => alert.fingerprint)
        .toSorted();
    };
    await expect.poll(received, WAIT).toEqual(bodies.map(({ id }) => id).toSorted());
    await untilAllSaid(site);
    for (const { stream, channel } of streams) {
      const runs = eventsOf(await recordOf(site, stream), 'run.started');
      expect(runs).toHaveLength(1);
      await expectReportedOnce(site, { stream, run: runs[0]?.run ?? '', channel });
    }
    expectOnceInOrder(site, '#incidents');
    expect(stormRooms()).toHaveLength(STORM_HOSTS.length);
    expect(await site.store.journal.open()).toHaveLength(STORM_HOSTS.length + before.size);
  });
});
