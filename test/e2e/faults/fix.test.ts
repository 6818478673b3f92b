import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, makeFault } from '../../../src/app/demo/fault.ts';
import { playRequest } from '../../../src/app/demo/play-fix.ts';
import { buttonsOf, textOf } from '../../../src/app/demo/read-message.ts';
import type { FixOutcome } from '../../../src/core/plan.ts';
import {
  ADA,
  createDirectory,
  createInstallation,
  GRACE,
  type Installation,
} from '../../support/installation.ts';
import {
  eventsOf,
  expectOnceInOrder,
  recordOf,
  rooms,
  streamOf,
  untilAllSaid,
  untilRecorded,
  WAIT,
} from '../../support/observe.ts';
import { opsgenieAlert, postAlert } from '../../support/opsgenie-alert.ts';
import type { RoleProcess } from '../../support/role-process.ts';

describe('a worker that is killed during a fix', () => {
  const directory = createDirectory();
  const bin = join(directory, 'bin');
  const hold = join(directory, 'hold');
  let site: Installation;
  let fault: Fault;
  let worker: RoleProcess;
  let room = '';
  let stream = '';

  beforeAll(async () => {
    slowGzip();
    site = await createInstallation({ directory, hostPath: bin });
    fault = await makeFault(directory);
    const web = await site.start('web');
    worker = await site.start('worker');
    await postAlert(web.address, opsgenieAlert({ id: 'full', host: 'host-17' }));
    const look = () => rooms(site)[0];
    const channel = await site.workspace.control.waitFor(look, WAIT.timeout, 'the room');
    room = channel.id;
    stream = streamOf(channel);
    await untilRecorded(site, stream, 'run.finished');
    await untilAllSaid(site);
  });
  afterAll(async () => {
    rmSync(hold, { force: true });
    fault?.stop();
    await site?.close();
  });
  beforeEach(({ onTestFailed, skip }) => {
    onTestFailed(() => site.printLogs());
    if (fault.ownFileSystem) return;
    const why = 'a small file system of its own needs root and loop devices';
    process.stderr.write(`skipped: ${why}\n`);
    skip(why);
  });

  /** The host's gzip waits while somebody holds the step that runs it; not while a fix is planned. */
  function slowGzip(): void {
    mkdirSync(bin);
    const claims = join(directory, 'saved/claims');
    const script = [
      '#!/bin/sh',
      `while step=$(cat '${hold}' 2>/dev/null) && grep -qs "^running $step" '${claims}'/*/status`,
      'do sleep 0.05; done',
      'exec /bin/gzip "$@"',
    ];
    writeFileSync(join(bin, 'gzip'), `${script.join('\n')}\n`, { mode: 0o755 });
  }

  /** Ada reviews and requests the fix, Grace approves it; resolves with its id. */
  async function approve(): Promise<string> {
    const { control } = site.workspace;
    const offered = control
      .messages(room)
      .flatMap((message) => buttonsOf(message).map((button) => ({ message, button })))
      .find(({ message, button }) => {
        return button.action === 'fix.review' && textOf(message).includes(fault.mount);
      });
    if (offered === undefined) throw new Error('no fix is offered');
    const { message, button } = offered;
    const ask = { person: ADA, room, ts: message.ts, value: button.value };
    const asked = await playRequest(control, ask);
    const fix = eventsOf(await recordOf(site, stream), 'fix.requested').at(-1)?.fix ?? '';
    expect(await control.click(GRACE, room, asked.ts, 'fix.approve')).toMatchObject({ ok: true });
    return fix;
  }

  /** What the host remembers of the fix. */
  function mark(fix: string): string {
    try {
      return readFileSync(join(site.saveDirectory, 'claims', fix, 'status'), 'utf8').trim();
    } catch {
      return 'none';
    }
  }

  /** The log that was deleted under its writer, through the writer. */
  function heldMebibytes(): number {
    const descriptors = join('/proc', String(fault.pid), 'fd');
    const sizes = readdirSync(descriptors).map((fd) => statSync(join(descriptors, fd)).blocks);
    return Math.max(...sizes) / 2048;
  }

  async function outcomeOf(fix: string): Promise<{ outcome: FixOutcome; reason: string }> {
    await expect.poll(async () => endsOf(fix), WAIT).toHaveLength(1);
    await untilAllSaid(site);
    const [end] = await endsOf(fix);
    if (end === undefined) throw new Error('no end');
    return end;
  }

  async function endsOf(fix: string) {
    const records = await recordOf(site, stream);
    return eventsOf(records, 'fix.finished').filter((event) => event.fix === fix);
  }

  /** Begun once on record; ended once in the room; and so it stays. */
  async function expectOnce(fix: string, words: string): Promise<void> {
    const settled = mark(fix);
    await sleep(1_500);
    expect(mark(fix)).toBe(settled);
    const records = await recordOf(site, stream);
    expect(eventsOf(records, 'fix.claimed').filter((event) => event.fix === fix)).toHaveLength(1);
    expect(await endsOf(fix)).toHaveLength(1);
    const lines = site.workspace.control
      .messages(room)
      .filter(({ threadTs, text }) => threadTs === undefined && text.includes(words));
    expect(lines).toHaveLength(1);
    expectOnceInOrder(site, room);
  }

  it('while it saves: the outcome is unknown, the room hears so, and nothing is truncated', async () => {
    writeFileSync(hold, 'save');
    const fix = await approve();
    await expect.poll(() => mark(fix), WAIT).toMatch(/^running save/);
    await worker.kill();
    worker = await site.start('worker');
    // The step that runs on the host is left to end by itself, and nobody goes on from there.
    await sleep(2_500);
    expect(await endsOf(fix)).toEqual([]);
    rmSync(hold);
    await expect.poll(() => mark(fix), WAIT).toMatch(/^done save/);

    expect(await outcomeOf(fix)).toMatchObject({
      outcome: 'unknown',
      reason: 'step save was done; whether the next one began is not known',
    });
    expect(heldMebibytes()).toBeGreaterThan(50);
    expect(existsSync(join(site.saveDirectory, 'claims', fix, 'truncate'))).toBe(false);
    await expectOnce(fix, 'Outcome unknown. It may have run. It will not be run again.');
  });

  it('while it truncates: the host says how that ended, and it is not run again', async () => {
    writeFileSync(hold, 'save');
    const fix = await approve();
    await expect.poll(() => mark(fix), WAIT).toMatch(/^running save/);
    // On a disk that is full to the last block it could not write.
    rmSync(join(fault.mount, 'orders.db'));
    // The writer writes once a second: then there is a rest to save, which the held gzip does.
    await sleep(2_000);
    writeFileSync(hold, 'truncate');
    await expect.poll(() => mark(fix), WAIT).toMatch(/^running truncate/);
    await worker.kill();
    worker = await site.start('worker');
    expect(heldMebibytes()).toBeGreaterThan(50);
    rmSync(hold);

    expect(await outcomeOf(fix)).toMatchObject({ outcome: 'verified' });
    expect(mark(fix)).toMatch(/^done truncate/);
    expect(heldMebibytes()).toBeLessThan(10);
    await expectOnce(fix, 'Fixed');
    expect(eventsOf(await recordOf(site, stream), 'fix.finished')).toHaveLength(2);
  });
});
