import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from '../../../src/app/demo/read-message.ts';
import { verifyDirectory } from '../../../src/app/verify-directory.ts';
import type { SeenChannel } from '../../../src/workspace/control/look.ts';
import { ADA, createInstallation, type Installation } from '../../support/installation.ts';
import {
  eventsOf,
  recordOf,
  rooms,
  streamOf,
  untilAllSaid,
  untilRecorded,
  WAIT,
} from '../../support/observe.ts';
import {
  S3_BUCKET,
  type S3Server,
  startS3Server,
  useS3Credentials,
} from '../../support/s3-server.ts';

describe('closing while a place of the archive is away', { timeout: 120_000 }, () => {
  let site: Installation;
  let s3: S3Server;
  let restore: (() => void) | undefined;

  beforeAll(async () => {
    restore = useS3Credentials();
    s3 = await startS3Server();
    site = await createInstallation({
      rateLimits: 'off',
      settings: { archive: { s3: { bucket: S3_BUCKET, endpoint: s3.endpoint } } },
    });
    // Tried again after seconds, not minutes.
    await site.start('web', { times: { minuteMs: 1_000 } });
  }, 120_000);
  afterAll(async () => {
    await site?.close();
    await s3?.stop();
    restore?.();
  });
  beforeEach(({ onTestFailed }) => onTestFailed(() => site.printLogs()));

  const slash = async (text: string, where: string): Promise<void> => {
    const outcome = await site.workspace.control.slash(ADA, where, '/incident', text);
    expect(outcome).toMatchObject({ ok: true });
  };

  /** An incident in which somebody said something; it is resolved, and all of it is said. */
  async function resolved(title: string): Promise<SeenChannel> {
    await slash(`open ${title}`, '#incidents');
    const { control } = site.workspace;
    const room = await control.waitFor(
      () => rooms(site).find(({ name }) => name.endsWith(title)),
      WAIT.timeout,
      'the room',
    );
    await untilRecorded(site, streamOf(room), 'room.opened');
    await untilAllSaid(site);
    control.say(ADA, room.id, 'the only word about it');
    await slash('resolve done', room.id);
    await untilRecorded(site, streamOf(room), 'incident.resolved');
    await untilAllSaid(site);
    return room;
  }

  /** What stands in the room when it could not be archived. */
  async function untilRefused(room: SeenChannel): Promise<string> {
    await slash('close', room.id);
    await untilRecorded(site, streamOf(room), 'archive.failed');
    await untilAllSaid(site);
    expect(site.workspace.control.channel(room.id)?.isArchived).toBe(false);
    const texts = site.workspace.control.messages(room.id).map(textOf);
    return texts.find((text) => text.includes('Not closed')) ?? '';
  }

  async function expectArchived(room: SeenChannel): Promise<void> {
    const records = await untilRecorded(site, streamOf(room), 'incident.closed');
    await untilAllSaid(site);
    expect(site.workspace.control.channel(room.id)?.isArchived).toBe(true);
    const [written] = eventsOf(records, 'archive.written');
    const { ok, lines } = await verifyDirectory(written?.location ?? '');
    expect([ok, ...lines.filter((line) => line.startsWith('bad'))]).toEqual([true]);
  }

  it('an S3 server that is down: the room stays, and is closed by itself when it is back', async () => {
    const room = await resolved('bucket-away');
    await s3.stop();
    expect(await untilRefused(room)).toMatch(/s3:\/\/incidents\/.*ECONNREFUSED/);
    s3 = await startS3Server(s3.port);
    await expectArchived(room);
    const failed = eventsOf(await recordOf(site, streamOf(room)), 'archive.failed');
    // Not a line for every look at a server that is still down.
    expect(failed.length).toBeLessThan(4);
  });

  it('a directory that is not mounted: nothing is written beside it, and it goes on when it is', async () => {
    const room = await resolved('directory-away');
    const directory = path.join(site.directory, 'archive');
    renameSync(directory, `${directory}-away`);
    writeFileSync(directory, '');
    expect(await untilRefused(room)).toContain(directory);
    rmSync(directory);
    renameSync(`${directory}-away`, directory);
    await expectArchived(room);
    expect(existsSync(`${directory}-away`)).toBe(false);
  });
});
