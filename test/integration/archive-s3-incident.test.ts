import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChartRenderer } from '../../src/adapters/charts/create-chart-renderer.ts';
import { openSinks } from '../../src/app/archive-sinks.ts';
import { verifyDirectory } from '../../src/app/verify-directory.ts';
import { redact } from '../../src/core/redaction/redact.ts';
import { archiveIncident } from '../../src/workflows/closing/archive-incident.ts';
import { archiveStory } from '../support/archive-story.ts';
import { createFakeChat } from '../support/fake-chat.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeStore } from '../support/fake-journal.ts';
import { createFakeKeptFiles } from '../support/fake-kept-files.ts';
import { S3_BUCKET, type S3Server, startS3Server, useS3Credentials } from '../support/s3-server.ts';
import { sha256 } from '../support/sha256.ts';
import { createMemoryLog } from '../support/start-http.ts';

const ID = '20261120-7';
const FILES = ['incident.json', 'transcript.md', 'transcript.html', 'postmortem.md'];

let server: S3Server;
let restore: () => void;
let directory: string;
beforeAll(async () => {
  restore = useS3Credentials();
  server = await startS3Server();
  directory = await mkdtemp(path.join(tmpdir(), 'housecall-s3-incident-'));
});
afterAll(async () => {
  await server.stop();
  restore();
  await rm(directory, { recursive: true, force: true });
});

/** Archives the story as the web role would with this configuration. */
async function archive(folder: string, bucket: string) {
  const clock = createFakeClock('2026-11-20T13:00:00.000Z');
  const { journal, roomLog } = createFakeStore(clock);
  for (const { seq, at, actor, event } of archiveStory().records) {
    await journal.commit({ stream: ID, expectedSeq: seq - 1, at, actor, events: [event] });
  }
  const chat = createFakeChat();
  chat.say((await chat.openRoom({ name: 'inc-20261120-7-disk' })).channel, 'UADA', 'it is the log');
  const sinks = await openSinks({
    directory: folder,
    s3: { bucket, prefix: 'housecall/', endpoint: server.endpoint },
  });
  const deps = {
    journal,
    roomLog,
    chat,
    clock,
    sinks,
    redact,
    sha256,
    team: async () => 'T1',
    settleSeconds: 5,
    log: createMemoryLog(),
    metrics: { count: () => {}, observe: () => {} },
    kept: createFakeKeptFiles(),
    charts: createChartRenderer(),
  };
  return { sinks, result: archiveIncident(deps, ID) };
}

it('keeps the same archive in the directory and in the bucket, each verified', async () => {
  const { sinks, result } = await archive(path.join(directory, 'good'), S3_BUCKET);
  const { location, head, files } = await result;
  expect(location).toBe(path.join(directory, 'good', '2026', '11', ID));
  expect(files).toBe(FILES.length + 1);
  const copy = await mkdtemp(path.join(directory, 'copy-'));
  for (const name of [...FILES, 'manifest.json']) {
    const body = await sinks[1]?.get(`2026/11/${ID}/${name}`);
    await writeFile(path.join(copy, name), body ?? '');
  }
  for (const place of [location, copy]) {
    expect(await verifyDirectory(place, head)).toMatchObject({ ok: true, anchored: true });
  }
});

it('fails by name when the bucket is not there, and the directory has the archive', async () => {
  const { result } = await archive(path.join(directory, 'half'), 'not-there');
  await expect(result).rejects.toMatchObject({
    code: 'ARCHIVE_INVALID',
    message: expect.stringContaining('s3://not-there/housecall/2026/11/20261120-7/') as string,
  });
  expect(await verifyDirectory(path.join(directory, 'half', '2026', '11', ID))).toMatchObject({
    ok: true,
  });
});
