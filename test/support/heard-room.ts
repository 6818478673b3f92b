import { createInTurn } from '../../src/app/catching-up.ts';
import type { CaseEvent } from '../../src/core/incident/event.ts';
import type { RoomEvent, SharedFile } from '../../src/core/incident/room-event.ts';
import { HOUSECALL } from '../../src/core/person.ts';
import { createFakeChat } from './fake-chat.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeStore } from './fake-journal.ts';
import { createFakeSink } from './fake-sink.ts';
import { sha256 } from './sha256.ts';

const ID = '20261120-7';

/** An open incident with its room, and everything that listens to it. */
export async function openHeardRoom({ adopted = false } = {}) {
  const clock = createFakeClock();
  const store = createFakeStore(clock);
  const chat = createFakeChat();
  chat.addPerson('UADA', { name: 'Ada' });
  chat.addPerson('UBOB', { name: 'Bob' });
  const { channel, name } = await chat.openRoom({ name: 'inc-20261120-7-disk' });
  const commit = async (events: readonly CaseEvent[], more = {}): Promise<void> => {
    const expectedSeq = (await store.journal.read(ID)).length;
    const at = clock.now().toISOString();
    await store.journal.commit({ stream: ID, expectedSeq, at, actor: HOUSECALL, events, ...more });
  };
  await commit(
    [
      {
        type: 'incident.opened',
        id: ID,
        title: 'disk is full',
        severity: 'SEV2',
        state: 'active',
        hosts: [],
        invite: [],
      },
      { type: 'room.opened', channel, name, adopted },
    ],
    { open: true, claims: [`channel:${channel}`] },
  );
  const sink = createFakeSink();
  const warned: string[] = [];
  const deps = {
    ...store,
    clock,
    chat,
    sinks: [sink],
    sha256,
    redact: (text: string) => text.replaceAll('hunter2', '[redacted]'),
    team: async () => 'T1',
    settleSeconds: 5,
    inTurn: createInTurn(),
    log: {
      info: () => {},
      warn: (_: unknown, text: string) => void warned.push(text),
      error: (_: unknown, text: string) => void warned.push(text),
    },
  };
  let events = 0;
  const event = <T extends object>(happened: T) => ({
    id: `Ev${++events}`,
    channel,
    at: new Date(1_763_640_000_000 + events).toISOString(),
    ...happened,
  });
  const said = (ts: string, text: string, files: readonly SharedFile[] = []): RoomEvent =>
    event({
      kind: 'said' as const,
      message: { ts, author: 'UBOB', authorName: 'Bob', text, files, permalink: `https://x/${ts}` },
    });
  const react = (kind: 'reacted' | 'unreacted', ts: string, user = 'UADA'): RoomEvent =>
    event({ kind, ts, reaction: 'pushpin', user });
  const timeline = async (): Promise<readonly CaseEvent[]> =>
    (await store.journal.read(ID))
      .map((record) => record.event)
      .filter(({ type }) => type.startsWith('timeline.'));
  return { deps, chat, store, sink, clock, channel, warned, event, said, react, timeline, commit };
}
