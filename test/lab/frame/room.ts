import { textOf } from '../../../src/app/demo/read-message.ts';
import type { EventRecord } from '../../../src/core/incident/event.ts';
import { poll } from './poll.ts';
import { eventsOf, expectedWords, type Found, foundIn, foundWords, isExpected } from './record.ts';
import type { ExpectedFinding } from './scenario.ts';
import type { Site } from './site.ts';

/** How long a finding may take to stand in the room, and a fix to be verified. */
export const SECONDS = 150;

/** The incident's channel, and its record. */
export interface Room {
  readonly id: string;
  readonly name: string;
  /** Of the incident. */
  readonly stream: string;
  readonly site: Site;
  records(): Promise<readonly EventRecord[]>;
}

export async function enterRoom(site: Site): Promise<Room> {
  const { control } = site.workspace;
  const rooms = () => control.channels().find(({ name }) => /^inc-\d+-\d+-/.test(name));
  const { id, name } = await poll(rooms, { what: 'a room for the incident', seconds: 30 });
  const stream = /^inc-(\d+-\d+)-/.exec(name)?.[1] ?? '';
  return { id, name, stream, site, records: () => site.store.journal.read(stream) };
}

/** `but`: runs that do not count, because they were there before. */
export async function untilFound(
  room: Room,
  expected: ExpectedFinding,
  but: ReadonlySet<string> = new Set(),
): Promise<Found> {
  let all: readonly Found[] = [];
  return await poll(
    async () => {
      all = foundIn(await room.records()).filter(({ run }) => !but.has(run));
      return all.find((one) => isExpected(one, expected));
    },
    {
      what: expectedWords(expected),
      seconds: SECONDS,
      last: () => `found:\n${all.map(foundWords).join('\n')}`,
    },
  );
}

/** It stands in the room, for people. */
export async function untilSaid(room: Room, title: string): Promise<void> {
  // What stands between backquotes is shown as code.
  const words = title.replaceAll('`', '');
  const messages = () => room.site.workspace.control.messages(room.id);
  await poll(() => messages().find((one) => textOf(one).includes(words)), {
    what: `"${words}" in the room`,
    seconds: 30,
    last: () => `it says:\n${messages().map(textOf).join('\n---\n')}`,
  });
}

/** Every run that began by itself has ended; returns what they found. */
export async function untilQuiet(room: Room): Promise<readonly Found[]> {
  return await poll(
    async () => {
      const records = await room.records();
      const started = eventsOf(records, 'run.started').length;
      const finished = eventsOf(records, 'run.finished').length;
      return started === finished ? foundIn(records) : null;
    },
    { what: 'the end of all runs', seconds: SECONDS },
  );
}
