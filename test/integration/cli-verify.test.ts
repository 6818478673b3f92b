import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesystem } from '../../src/archives/filesystem/index.ts';
import { redact } from '../../src/core/redaction/redact.ts';
import { archiveIncident } from '../../src/workflows/closing/archive-incident.ts';
import { createFakeChat } from '../support/fake-chat.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeStore } from '../support/fake-journal.ts';
import { createFakeKeptFiles } from '../support/fake-kept-files.ts';
import { housecall } from '../support/housecall.ts';
import { sampleRecords } from '../support/sample-case.ts';
import { createSilentLog } from '../support/silent-log.ts';

const ID = '20261120-7';
let directory: string;
let folder: string;
let head: string;

/** The archive of one incident, as closing it writes it. */
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'housecall-verify-'));
  folder = path.join(directory, '2026', '11', ID);
  const clock = createFakeClock('2026-11-20T13:00:00.000Z');
  const { journal, roomLog } = createFakeStore(clock);
  for (const { seq, at, actor, event } of sampleRecords()) {
    await journal.commit({ stream: ID, expectedSeq: seq - 1, at, actor, events: [event] });
  }
  const chat = createFakeChat();
  await chat.openRoom({ name: 'inc-20261120-7-disk' });
  const sink = await filesystem.open({ directory });
  ({ head } = await archiveIncident(
    {
      journal,
      roomLog,
      team: async () => 'T1',
      settleSeconds: 5,
      chat,
      clock,
      log: createSilentLog(),
      metrics: { count: () => {}, observe: () => {} },
      kept: createFakeKeptFiles(),
      sinks: [sink],
      redact,
      sha256: (content) => createHash('sha256').update(content).digest('hex'),
    },
    ID,
  ));
  await sink.close();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('housecall verify', () => {
  it('says good, and unanchored unless it is told the announced head', async () => {
    const [alone, anchored] = await Promise.all([
      housecall(['verify', folder]),
      housecall(['verify', folder, '--head', head]),
    ]);
    expect(alone).toMatchObject({ status: 0, stderr: '' });
    expect(alone.stdout).toMatch(/unanchored[^]*\ngood\n$/);
    expect(anchored).toMatchObject({ status: 0, stderr: '' });
    expect(anchored.stdout).not.toContain('unanchored');
  });

  it('says bad for another head', async () => {
    const { status, stdout } = await housecall(['verify', folder, '--head', '0'.repeat(64)]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^bad .*[^]*\nbad\n$/m);
  });

  it.each<[string, () => void, RegExp]>([
    ['changed', () => appendFileSync(path.join(folder, 'transcript.md'), ' '), /transcript\.md/],
    ['removed', () => unlinkSync(path.join(folder, 'incident.json')), /incident\.json/],
    ['without manifest', () => unlinkSync(path.join(folder, 'manifest.json')), /manifest\.json/],
  ])('says bad and names the file when it was %s', async (_, tamper, name) => {
    tamper();
    const { status, stdout, stderr } = await housecall(['verify', folder]);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/\nbad\n$/);
    expect(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('bad'))
        .join('\n'),
    ).toMatch(name);
  });

  it('says bad for a folder that is not there', async () => {
    const { status, stdout } = await housecall(['verify', path.join(directory, 'nowhere')]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/nowhere.*cannot be read/);
  });
});
