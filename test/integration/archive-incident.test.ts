import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyDirectory } from '../../src/app/verify-directory.ts';
import type { ArchiveSink } from '../../src/archives/contract.ts';
import { filesystem } from '../../src/archives/filesystem/index.ts';
import { redact } from '../../src/core/redaction/redact.ts';
import {
  type ArchiveIncidentDeps,
  archiveIncident,
} from '../../src/workflows/closing/archive-incident.ts';
import { createFakeChat } from '../support/fake-chat.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeStore } from '../support/fake-journal.ts';
import { createFakeKeptFiles } from '../support/fake-kept-files.ts';
import { createFakeSink } from '../support/fake-sink.ts';
import { sampleRecords } from '../support/sample-case.ts';
import { createMemoryLog } from '../support/start-http.ts';

const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
const ID = '20261120-7';

let directory: string;
let disk: ArchiveSink;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'housecall-incident-'));
  disk = await filesystem.open({ directory });
});
afterEach(async () => {
  await disk.close();
  await rm(directory, { recursive: true });
});

/** An incident in the journal and its room in the chat, ready to be archived. */
async function site(overrides: Partial<ArchiveIncidentDeps> = {}) {
  const clock = createFakeClock('2026-11-20T13:00:00.000Z');
  const { journal, roomLog } = createFakeStore(clock);
  for (const { seq, at, actor, event } of sampleRecords()) {
    await journal.commit({ stream: ID, expectedSeq: seq - 1, at, actor, events: [event] });
  }
  const chat = createFakeChat();
  chat.addPerson('UADA', { name: 'Ada' });
  chat.addPerson('UBOB', { name: 'Bob' });
  const { channel } = await chat.openRoom({ name: 'inc-20261120-7-disk' });
  const first = chat.say(channel, 'UADA', 'is it <b>the</b> log?');
  chat.say(channel, 'UBOB', 'yes, password=hunter2', first);
  const counts: string[] = [];
  const deps: ArchiveIncidentDeps = {
    journal,
    roomLog,
    team: async () => 'T1',
    settleSeconds: 5,
    chat,
    clock,
    log: createMemoryLog(),
    metrics: {
      count: (name, labels) => counts.push(`${name} ${labels['outcome']}`),
      observe: () => {},
    },
    kept: createFakeKeptFiles(),
    sinks: [disk],
    redact,
    sha256,
    ...overrides,
  };
  return { deps, chat, channel, counts };
}

const folder = (): string => path.join(directory, '2026', '11', ID);
const verify = (head?: string) => verifyDirectory(folder(), head);

/** A sink that does something else than it was asked to. */
function faulty(change: (sink: ArchiveSink) => Partial<ArchiveSink>): ArchiveSink {
  const sink = createFakeSink();
  return { ...sink, ...change(sink) };
}

describe('archiving an incident', () => {
  it('writes what was said and done, verified, and says where and with which hashes', async () => {
    const { deps, counts } = await site();
    const result = await archiveIncident(deps, ID);
    expect(result).toEqual({
      location: folder(),
      manifestSha256: sha256(await readFile(path.join(folder(), 'manifest.json'))),
      files: 5,
      head: sampleRecords().at(-1)?.hash,
    });
    expect(counts).toEqual(['housecall_archive_total written']);
    const transcript = await readFile(path.join(folder(), 'transcript.md'), 'utf8');
    expect(transcript).toContain('is it &lt;b&gt;the&lt;/b&gt; log?');
    expect(transcript).not.toContain('hunter2');
    expect(await readFile(path.join(folder(), 'incident.json'), 'utf8')).not.toContain('hunter2');
    expect(await verify(result.head)).toMatchObject({ ok: true, anchored: true });
    expect(await verify()).toMatchObject({ ok: true, anchored: false });
  });

  it('may be done twice, and with the same time gives the same archive', async () => {
    const { deps } = await site();
    const first = await archiveIncident(deps, ID);
    expect(await archiveIncident(deps, ID)).toEqual(first);
  });

  it('asks Slack for a few hundred names at most, however many people reacted', async () => {
    const { deps, chat, channel } = await site();
    const asked = vi.spyOn(chat, 'person');
    const users = Array.from({ length: 2_000 }, (_, n) => `U${n}`);
    const all = await chat.history(channel);
    vi.spyOn(chat, 'history').mockResolvedValue(
      all.map((message) => ({ ...message, reactions: [{ name: 'eyes', users }] })),
    );
    await archiveIncident(deps, ID);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(300);
  });

  it('writes to every sink, and fails when one of them does', async () => {
    const memory = createFakeSink();
    const { deps } = await site({ sinks: [disk, memory] });
    await archiveIncident(deps, ID);
    expect([...memory.stored.keys()]).toEqual([
      `2026/11/${ID}/incident.json`,
      `2026/11/${ID}/transcript.md`,
      `2026/11/${ID}/transcript.html`,
      `2026/11/${ID}/postmortem.md`,
      `2026/11/${ID}/manifest.json`,
    ]);
    const broken = faulty(() => ({ put: () => Promise.reject(new Error('disk full')) }));
    const again = await site({ sinks: [disk, broken] });
    await expect(archiveIncident(again.deps, ID)).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
    });
  });

  it.each<[string, (sink: ArchiveSink) => Partial<ArchiveSink>, RegExp]>([
    ['loses a file', () => ({ get: async () => null }), /is not there after it was written/],
    [
      'keeps other bytes',
      (sink) => ({
        put: (record) => sink.put({ ...record, body: record.body.slice(0, -1) }),
      }),
      /read back other than it was written/,
    ],
    ['is away', () => ({ put: () => Promise.reject(new Error('S3 is away')) }), /S3 is away/],
  ])('fails when the sink %s', async (_, change, reason) => {
    const { deps, counts } = await site({ sinks: [faulty(change)] });
    await expect(archiveIncident(deps, ID)).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringMatching(reason) as string,
    });
    expect(counts).toEqual(['housecall_archive_total failed']);
  });

  it('fails when the room cannot be read, because the transcript would be empty', async () => {
    const { deps, chat } = await site();
    chat.fail({ method: 'history', kind: 'refused', error: 'channel_not_found' });
    await expect(archiveIncident(deps, ID)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  it('does not fail because a person is gone', async () => {
    const { deps, chat } = await site();
    chat.fail({ method: 'person', kind: 'refused', error: 'user_not_found', times: 9 });
    await expect(archiveIncident(deps, ID)).resolves.toMatchObject({ files: 5 });
  });

  it('fails when the journal was tampered with', async () => {
    const { deps } = await site();
    const journal: ArchiveIncidentDeps['journal'] = {
      ...deps.journal,
      read: async (stream) =>
        (await deps.journal.read(stream)).map((record) =>
          record.seq === 2 ? { ...record, at: '2020-01-01T00:00:00.000Z' } : record,
        ),
    };
    await expect(archiveIncident({ ...deps, journal }, ID)).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringContaining('record 2: its content does not match its hash') as string,
    });
  });

  it('fails for an incident that is not there, and without any sink', async () => {
    const { deps } = await site();
    await expect(archiveIncident(deps, '20261120-8')).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
    });
    await expect(archiveIncident({ ...deps, sinks: [] }, ID)).rejects.toMatchObject({
      message: `archive of incident ${ID}: no archive is configured`,
    });
  });
});

describe('an archive on disk', () => {
  it.each(['incident.json', 'transcript.md', 'transcript.html', 'postmortem.md', 'manifest.json'])(
    'no longer verifies when %s was changed anywhere',
    async (name) => {
      const { deps } = await site();
      const { head } = await archiveIncident(deps, ID);
      const file = path.join(folder(), name);
      const original = await readFile(file);
      for (const at of [0, Math.floor(original.length / 2), original.length - 1]) {
        const changed = Buffer.from(original);
        changed[at] = (changed[at] ?? 0) ^ 1;
        await writeFile(file, changed);
        expect(await verify(head)).toMatchObject({ ok: false, anchored: false });
      }
      await writeFile(file, original);
      expect(await verify(head)).toMatchObject({ ok: true });
    },
  );

  it('no longer verifies when something was put beside it', async () => {
    const { deps } = await site();
    await archiveIncident(deps, ID);
    await writeFile(path.join(folder(), 'stray'), '');
    await symlink('/etc/passwd', path.join(folder(), 'link'));
    const { ok, lines } = await verify();
    expect(ok).toBe(false);
    expect(lines).toContain('bad   stray does not belong');
    expect(lines).toContain('bad   link does not belong');
  });
});
