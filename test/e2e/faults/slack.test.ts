import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, makeFault } from '../../../src/app/demo/fault.ts';
import { textOf } from '../../../src/app/demo/read-message.ts';
import type { FaultRule } from '../../../src/workspace/faults.ts';
import type { LoggedRequest } from '../../../src/workspace/request-log.ts';
import {
  createDirectory,
  createInstallation,
  type Installation,
} from '../../support/installation.ts';
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

const HOSTS = ['host-1', 'host-2', 'host-3', 'host-4', 'host-5'];

describe('a Slack that refuses, breaks, and loses answers', () => {
  let site: Installation;
  let web: RoleProcess;
  let fault: Fault | undefined;

  beforeAll(async () => {
    const directory = createDirectory();
    site = await createInstallation({ directory, hosts: HOSTS });
    fault = await makeFault(directory);
    // A sender keeps its row for longer than it waits for Slack, as in production.
    web = await site.start('web', { times: { leaseSeconds: 60 } });
    await site.start('worker');
  });
  afterAll(async () => {
    fault?.stop();
    await site?.close();
  });
  beforeEach(({ onTestFailed }) => {
    site.workspace.control.clearFaults();
    onTestFailed(() => site.printLogs());
  });

  /** From the alert to the finding; what the room and the announcement channel then hold, as kinds. */
  async function story(host: string, faults: readonly FaultRule[]): Promise<readonly string[]> {
    const { control } = site.workspace;
    const calls = site.workspace.requestLog.length;
    for (const rule of faults) control.addFault(rule);
    expect(await postAlert(web.address, opsgenieAlert({ id: host, host }))).toBe(202);
    const room = await control.waitFor(
      () => rooms(site).find(({ name }) => name.endsWith(`-on-${host}`)),
      WAIT.timeout,
      'the room',
    );
    const stream = streamOf(room);
    await untilRecorded(site, stream, 'run.finished');
    await untilAllSaid(site);
    const records = await recordOf(site, stream);
    const [run] = eventsOf(records, 'run.started');
    await expectReportedOnce(site, { stream, run: run?.run ?? '', channel: room.id });
    expectOnceInOrder(site, '#incidents');
    expect(rooms(site).filter(({ name }) => name.includes(`-on-${host}`))).toHaveLength(1);
    expect(eventsOf(records, 'chat.failed')).toEqual([]);
    expect(control.channel(room.id)).toMatchObject({ topic: expect.stringContaining('SEV2') });
    expect(control.channel(room.id)?.pins).toHaveLength(1);
    expect(control.channel(room.id)?.bookmarks).toHaveLength(2);
    const hurt = site.workspace.requestLog.slice(calls).filter(isHurt);
    const wanted = faults.reduce((sum, { count = 1 }) => sum + count, 0);
    expect(hurt.length, 'calls that a fault hit').toBeGreaterThanOrEqual(wanted);
    const announced = control.messages('#incidents').filter(({ text }) => text.includes(host));
    return (
      [...control.messages(room.id), ...announced]
        .filter(({ metadata }) => metadata !== undefined)
        // Whether there is growth to draw depends on what else this machine writes meanwhile.
        .filter(({ blocks }) => !JSON.stringify(blocks ?? []).includes('"data_visualization"'))
        .map((message) => kindOf(textOf(message), host))
    );
  }

  function isHurt(call: LoggedRequest): boolean {
    return call.reset || call.status !== 200 || call.ms > 10_000;
  }

  /** What a message is, without what differs between two looks at a living host. */
  function kindOf(text: string, host: string): string {
    const [first = ''] = text.split('\n');
    const [kind = ''] = first.replaceAll(host, 'HOST').split(/: \/|, /);
    return kind.replaceAll(/#C[0-9A-F]+/g, '#ROOM').replaceAll(/\d+/g, 'N');
  }

  let undisturbed: readonly string[] = [];

  it('answers: the story as it should be', async () => {
    undisturbed = await story('host-1', []);
    // Panel, finding, its evidence, announcement.
    expect(undisturbed.length).toBeGreaterThanOrEqual(4);
  });

  it('answers every second message with 429: the same messages, in the same order', async () => {
    const faults = [1, 3, 5].map(
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
