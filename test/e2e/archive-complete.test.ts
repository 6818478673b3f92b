import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { textOf } from '../../src/app/demo/read-message.ts';
import { verifyDirectory } from '../../src/app/verify-directory.ts';
import type { RoomMessage } from '../../src/core/incident/archive/archive-input.ts';
import type { EventRecord } from '../../src/core/incident/event.ts';
import { ADA, createInstallation, GRACE, type Installation } from '../support/installation.ts';
import {
  eventsOf,
  rooms,
  streamOf,
  untilAllSaid,
  untilRecorded,
  WAIT,
} from '../support/observe.ts';
import type { RoleProcess } from '../support/role-process.ts';
import { HOSTILE_NAMES, playRoom } from '../support/scripted-room.ts';
import { type ToldMessage, toldByEvents } from '../support/told-by-events.ts';

const MESSAGES = 5_000;
const HEARD = 4_400;
const PEOPLE = [ADA, GRACE] as const;
const plain = (text: string): string =>
  text
    .replaceAll(`<@${ADA}>`, '@ada')
    .replaceAll(`<@${GRACE}>`, '@grace')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('the archive of a long incident', { timeout: 120_000 }, () => {
  let site: Installation;
  let web: RoleProcess;
  let channel: string;
  let folder: string;
  let head: string;
  let told: ReadonlyMap<string, ToldMessage>;
  let archived: ReadonlyMap<string, RoomMessage>;
  let records: readonly EventRecord[];
  const marked: { pushed: string; pinned: string; off: string } = {
    pushed: '',
    pinned: '',
    off: '',
  };

  const slash = async (text: string, where = channel): Promise<void> => {
    const outcome = await site.workspace.control.slash(ADA, where, '/incident', text);
    expect(outcome).toMatchObject({ ok: true });
  };

  beforeAll(async () => {
    // What nobody takes is lost: no second try a minute later helps the test.
    site = await createInstallation({ rateLimits: 'off', workspace: { eventRetryDelaysMs: [0] } });
    web = await site.start('web');
    await slash('open the disk of host-17 is full', '#incidents');
    const room = await vi.waitFor(() => {
      const [made] = rooms(site);
      if (made === undefined) throw new Error('no room yet');
      return made;
    }, WAIT);
    channel = room.id;
    await untilRecorded(site, streamOf(room), 'room.opened');
    site.workspace.control.join(GRACE, channel);
    await incident();
    await slash('resolve the disk is free');
    await untilRecorded(site, streamOf(room), 'incident.resolved');
    await untilAllSaid(site);
    told = toldByEvents(site.workspace.control.events, channel, new Set(PEOPLE));
    await slash('close');
    records = await untilRecorded(site, streamOf(room), 'incident.closed');
    await untilAllSaid(site);
    const day = streamOf(room).slice(0, 8);
    folder = path.join(site.directory, 'archive', day.slice(0, 4), day.slice(4, 6), streamOf(room));
    const { messages } = JSON.parse(read('incident.json')) as { messages: RoomMessage[] };
    archived = new Map(messages.map((message) => [message.ts, message]));
    const closed = site.workspace.control.messages('#incidents').map((one) => textOf(one));
    head = /audit chain head ([0-9a-f]{64})/.exec(closed.join('\n'))?.[1] ?? '';
  }, 300_000);
  afterAll(() => site.close());
  beforeEach(({ onTestFailed }) => onTestFailed(() => site.printLogs()));

  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

  /** What happens in the room: most of it heard, some while the web role is dead. */
  async function incident(): Promise<void> {
    const { control } = site.workspace;
    const people = PEOPLE;
    for (const name of HOSTILE_NAMES) {
      control.share(ADA, channel, { name, content: `content of ${name}`, text: 'a file' });
    }
    marked.pushed = control.say(GRACE, channel, 'it is the log of docker').ts;
    marked.pinned = control.say(ADA, channel, 'we restart at noon').ts;
    marked.off = control.say(ADA, channel, 'never mind').ts;
    control.react(ADA, channel, marked.pushed, 'pushpin');
    control.react(GRACE, channel, marked.pushed, 'pushpin');
    control.unreact(GRACE, channel, marked.pushed, 'pushpin');
    control.pin(GRACE, channel, marked.pinned);
    control.react(ADA, channel, marked.off, 'pushpin');
    await onTimeline(marked.off);
    control.unreact(ADA, channel, marked.off, 'pushpin');
    control.edit(GRACE, channel, marked.pushed, 'it is the log of dockerd');
    await playRoom({ control, channel, people, messages: HEARD });
    await untilKept(HOSTILE_NAMES.length);
    const [first] = control.messages(channel).flatMap(({ files }) => files);
    control.deleteFile(ADA, first ?? '');
    control.remove(ADA, channel, marked.pinned);
    await control.idle();

    await web.kill();
    const before = control.messages(channel).filter(({ user }) => user === ADA);
    for (const [n, { ts }] of before.entries()) {
      if (n % 100 === 7) control.edit(ADA, channel, ts, `edited while nobody listened ${n}`);
      if (n % 100 === 8) control.remove(ADA, channel, ts);
      if (n % 100 === 9) control.react(GRACE, channel, ts, 'tada');
    }
    const missed = control.share(GRACE, channel, { name: 'late.txt', content: 'late' });
    control.react(GRACE, channel, missed.ts, 'pushpin');
    const quiet = MESSAGES - HEARD - HOSTILE_NAMES.length - 4;
    for (let n = 0; n < quiet; n += 1) {
      const root = n % 10 === 0 ? missed.ts : undefined;
      control.say(PEOPLE[n % 2] ?? ADA, channel, `said while nobody listened ${n}`, root);
    }
    await control.idle();
    web = await site.start('web');
    await untilKept(HOSTILE_NAMES.length + 1);
  }

  async function onTimeline(ts: string): Promise<void> {
    const [room] = rooms(site);
    await vi.waitFor(async () => {
      const all = await site.store.journal.read(room === undefined ? '' : streamOf(room));
      expect(eventsOf(all, 'timeline.added').some((event) => event.ts === ts)).toBe(true);
    }, WAIT);
  }

  async function untilKept(files: number): Promise<void> {
    const [room] = rooms(site);
    const stream = room === undefined ? '' : streamOf(room);
    await vi.waitFor(async () => {
      const all = await site.store.roomLog.all(stream);
      expect(all.filter(({ kind }) => kind === 'kept')).toHaveLength(files);
    }, WAIT);
  }

  it('holds every message of the workspace, and no other of a person', () => {
    expect(told.size).toBe(MESSAGES);
    const people = [...archived.values()].filter(
      ({ author }) => told.has(author) || isPerson(author),
    );
    expect(people.map(({ ts }) => ts).toSorted()).toEqual([...told.keys()].toSorted());
    const bot = site.workspace.control
      .messages(channel)
      .filter(({ user }) => user === site.workspace.botUserId);
    for (const { ts } of bot) expect(archived.has(ts), `message ${ts} of Housecall`).toBe(true);
  });

  it('tells of each its thread, every text it had, whether it was deleted, and its reactions', () => {
    for (const message of told.values()) {
      const found = archived.get(message.ts);
      expect(found?.author).toBe(message.user);
      expect(found?.thread ?? '').toBe(message.thread);
      const texts = [...(found?.earlier ?? []).map(({ text }) => text), found?.text];
      expect(texts).toEqual(message.texts.map(plain));
      expect(found?.deletedAt !== undefined, `${message.ts} deleted`).toBe(message.deleted);
      const reactions = (found?.reactions ?? []).flatMap(({ name, users }) =>
        users.map((user) => `${name} ${user}`),
      );
      expect(reactions.toSorted()).toEqual([...message.reactions].toSorted());
      expect(found?.permalink).toContain(`/archives/${channel}/p${message.ts.replace('.', '')}`);
    }
  });

  it('holds every file that was shared, also one that was deleted since, under harmless names', () => {
    const { control } = site.workspace;
    const files = [...archived.values()].flatMap((message) => message.files);
    expect(files).toHaveLength(HOSTILE_NAMES.length + 1);
    const names = readdirSync(path.join(folder, 'files'));
    expect(names).toHaveLength(files.length);
    for (const name of names) expect(name).toMatch(/^F[A-Z0-9]+-[A-Za-z0-9._+@-]{1,80}$/);
    const contents = files.map((file) => read(file.path ?? '')).toSorted();
    expect(contents).toEqual(
      [...HOSTILE_NAMES.map((name) => `content of ${name}`), 'late'].toSorted(),
    );
    for (const { id = '', path: place = '' } of files) {
      // Slack has no more of the one that was deleted.
      const content = control.fileContent(id)?.toString() ?? read(place);
      expect(read(place)).toBe(content);
    }
  });

  it('has on its timeline what people put there, each once, with what became of it', () => {
    const added = eventsOf(records, 'timeline.added').map(({ ts, via }) => `${ts} ${via}`);
    expect(added.filter((one) => one.startsWith(marked.pushed))).toEqual([
      `${marked.pushed} pushpin`,
    ]);
    expect(added.filter((one) => one.startsWith(marked.pinned))).toEqual([`${marked.pinned} pin`]);
    expect(eventsOf(records, 'timeline.removed').map(({ ts }) => ts)).toEqual([marked.off]);
    // The panel, which Housecall pins itself, is not among them; what was marked in the outage is.
    expect(new Set(added.map((one) => one.split(' ')[0])).size).toBe(4);
    const [timeline = ''] = /## Timeline[^]*?## Findings/.exec(read('transcript.md')) ?? [];
    expect(timeline).toContain('said: it is the log of dockerd; edited');
    expect(timeline).toContain('at first: it is the log of docker ');
    expect(timeline).toMatch(/said: we restart at noon; deleted/);
    expect(timeline).toContain('late.txt');
    expect(timeline).not.toContain('never mind');
  });

  it('is good, and is not when any byte of any file is another', async () => {
    expect(head).toMatch(/^[0-9a-f]{64}$/);
    expect(await verifyDirectory(folder, head)).toMatchObject({ ok: true, anchored: true });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(HOSTILE_NAMES.length + 3);
    for (const file of files) {
      const original = readFileSync(file);
      for (const at of [0, original.length - 1, randomInt(original.length)]) {
        const changed = Buffer.from(original);
        changed[at] = (changed[at] ?? 0) ^ (1 << randomInt(8));
        writeFileSync(file, changed);
        const { ok } = await verifyDirectory(folder, head);
        expect(ok, `byte ${at} of ${file}`).toBe(false);
      }
      writeFileSync(file, original);
    }
    expect(await verifyDirectory(folder, head)).toMatchObject({ ok: true });
  });
});

function isPerson(author: string): boolean {
  return (PEOPLE as readonly string[]).includes(author);
}
