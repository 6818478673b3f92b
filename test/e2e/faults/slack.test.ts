import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from '../../../src/app/demo/read-message.ts';
import type { FaultRule } from '../../../src/workspace/faults.ts';
import { createInstallation, type Installation } from '../../support/installation.ts';
import {
  eventsOf,
  expectOnceInOrder,
  expectReportedOnce,
  rooms,
  untilAllSaid,
  untilRecorded,
  WAIT,
} from '../../support/observe.ts';
import { opsgenieAlert, postAlert } from '../../support/opsgenie-alert.ts';
import type { RoleProcess } from '../../support/role-process.ts';

describe('a Slack that refuses, breaks, and loses answers', () => {
  let site: Installation;
  let web: RoleProcess;

  beforeAll(async () => {
    site = await createInstallation({ hosts: ['host-1', 'host-2', 'host-3', 'host-4', 'host-5'] });
    [web] = await Promise.all([site.start('web'), site.start('worker')]);
  });
  afterAll(() => site.close());
  beforeEach(({ onTestFailed }) => {
    site.workspace.control.clearFaults();
    onTestFailed(() => site.printLogs());
  });

  /** From the alert to the finding; what the room and the announcement channel then hold, as kinds. */
  async function story(host: string, faults: readonly FaultRule[]): Promise<readonly string[]> {
    const { control } = site.workspace;
    for (const fault of faults) control.addFault(fault);
    expect(await postAlert(web.address, opsgenieAlert({ id: host, host }))).toBe(202);
    const room = await control.waitFor(
      () => rooms(site).find(({ name }) => name.endsWith(`-on-${host}`)),
      WAIT.timeout,
      'the room',
    );
    const stream = /^inc-(\d+-\d+)-/.exec(room.name)?.[1] ?? '';
    const records = await untilRecorded(site, stream, 'run.finished');
    await untilAllSaid(site);
    const [run] = eventsOf(records, 'run.started');
    await expectReportedOnce(site, { stream, run: run?.run ?? '', channel: room.id });
    expectOnceInOrder(site, '#incidents');
    expect(rooms(site).filter(({ name }) => name.includes(`-on-${host}`))).toHaveLength(1);
    expect(eventsOf(records, 'chat.failed')).toEqual([]);
    expect(control.channel(room.id)).toMatchObject({ topic: expect.stringContaining('SEV2') });
    expect(control.channel(room.id)?.pins).toHaveLength(1);
    expect(control.channel(room.id)?.bookmarks).toHaveLength(1);
    const announced = control.messages('#incidents').filter(({ text }) => text.includes(host));
    return [...control.messages(room.id), ...announced]
      .filter(({ metadata }) => metadata !== undefined)
      .map((message) => kindOf(textOf(message), host));
  }

  /** What a message is, without the numbers that differ between two looks. */
  function kindOf(text: string, host: string): string {
    return (text.split('\n')[0] ?? '').replaceAll(host, 'HOST').replaceAll(/[\d.]+/g, '#');
  }

  let undisturbed: readonly string[] = [];

  it('answers: the story as it should be', async () => {
    undisturbed = await story('host-1', []);
    expect(undisturbed.length).toBeGreaterThanOrEqual(3);
  });

  it('answers every second message with 429: the same messages, in the same order', async () => {
    const faults = [1, 3, 5, 7].map(
      (skip): FaultRule => ({
        method: 'chat.postMessage',
        kind: 'rate-limit',
        retryAfterSeconds: 1,
        skip,
      }),
    );
    expect(await story('host-2', faults)).toEqual(undisturbed);
  });

  it('breaks with 500 before and after the fact: the same messages, in the same order', async () => {
    const faults: FaultRule[] = [
      { method: 'conversations.setTopic', kind: 'status', status: 500 },
      { method: 'chat.postMessage', kind: 'status', status: 500 },
      { method: 'chat.update', kind: 'status', status: 503 },
      { method: 'pins.add', kind: 'reset-after' },
      { method: 'conversations.history', kind: 'status', status: 500 },
    ];
    expect(await story('host-3', faults)).toEqual(undisturbed);
  });

  it('loses its answers: the room is adopted and no message is said twice', async () => {
    const faults: FaultRule[] = [
      { method: 'conversations.create', kind: 'reset-after' },
      { method: 'conversations.invite', kind: 'reset-after' },
      { method: 'chat.postMessage', kind: 'reset-after', count: 3 },
      { method: 'bookmarks.add', kind: 'reset-before' },
      { method: 'chat.update', kind: 'reset-after' },
    ];
    expect(await story('host-4', faults)).toEqual(undisturbed);
  });

  it('posts after we have given up waiting: the message is found, not said again', async () => {
    const faults: FaultRule[] = [{ method: 'chat.postMessage', kind: 'slow', ms: 10_300 }];
    expect(await story('host-5', faults)).toEqual(undisturbed);
  });
});
