import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SeenChannel } from '../../../src/workspace/control/look.ts';
import { createInstallation, type Installation } from '../../support/installation.ts';
import {
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

const HOSTS = ['host-1', 'host-2', 'host-3', 'host-4'];

describe('a web role that goes away between an alert and its room', () => {
  let site: Installation;
  let web: RoleProcess;
  let stopWatching: (() => void) | undefined;

  beforeAll(async () => {
    site = await createInstallation({ hosts: HOSTS });
    // The worker reads the key that the first web role makes.
    web = await site.start('web');
    await site.start('worker');
  });
  afterAll(() => site.close());
  beforeEach(({ onTestFailed }) => onTestFailed(() => site.printLogs()));
  afterEach(() => stopWatching?.());

  /** Kills the web role in the instant something shows in Slack: before it can hear the answer. */
  function killWhen(seen: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      stopWatching = site.workspace.control.subscribe(() => {
        if (!seen()) return;
        stopWatching?.();
        web.killNow();
        resolve();
      });
    });
  }

  function roomsOf(host: string): readonly SeenChannel[] {
    return rooms(site).filter(({ name }) => name.includes(`-on-${host}`));
  }

  /** One incident, one room, one verdict, one announcement. */
  async function expectOneStory(host: string): Promise<void> {
    await expect.poll(() => roomsOf(host).length, WAIT).toBeGreaterThan(0);
    const [room] = roomsOf(host);
    if (room === undefined) throw new Error('no room');
    const stream = streamOf(room);
    await untilRecorded(site, stream, 'run.finished');
    await untilAllSaid(site);
    const records = await recordOf(site, stream);
    expect(roomsOf(host)).toHaveLength(1);
    expect(eventsOf(records, 'alert.received')).toHaveLength(1);
    expect(eventsOf(records, 'room.opened')).toHaveLength(1);
    expect(eventsOf(records, 'chat.failed')).toEqual([]);
    const [run] = eventsOf(records, 'run.started');
    await expectReportedOnce(site, { stream, run: run?.run ?? '', channel: room.id });
    expectOnceInOrder(site, '#incidents');
    const announced = site.workspace.control
      .messages('#incidents')
      .filter(({ text }) => text.includes(`on ${host}`));
    expect(announced).toHaveLength(1);
  }

  it('dies right after the sender heard 2xx: the room opens after the restart', async () => {
    expect(await postAlert(web.address, opsgenieAlert({ id: 'a', host: 'host-1' }))).toBe(202);
    await web.kill();
    expect(roomsOf('host-1')).toEqual([]);
    web = await site.start('web');
    await expectOneStory('host-1');
  });

  it('dies before it hears that the room was made: the same room is adopted', async () => {
    const killed = killWhen(() => roomsOf('host-2').length > 0);
    expect(await postAlert(web.address, opsgenieAlert({ id: 'b', host: 'host-2' }))).toBe(202);
    await killed;
    web = await site.start('web');
    await expectOneStory('host-2');
  });

  it('dies before it hears that the panel was posted: the panel is found, not posted again', async () => {
    const killed = killWhen(() =>
      roomsOf('host-3').some(({ id }) =>
        site.workspace.control.messages(id).some(({ text }) => text.includes('SEV2')),
      ),
    );
    expect(await postAlert(web.address, opsgenieAlert({ id: 'c', host: 'host-3' }))).toBe(202);
    await killed;
    web = await site.start('web');
    await expectOneStory('host-3');
  });

  it('takes the same delivery twenty times at once for one incident', async () => {
    const body = opsgenieAlert({ id: 'd', host: 'host-4' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => postAlert(web.address, body)),
    );
    expect(answers.filter((status) => status === 202)).toHaveLength(1);
    expect(answers.filter((status) => status === 200)).toHaveLength(19);
    await expectOneStory('host-4');
  });
});
