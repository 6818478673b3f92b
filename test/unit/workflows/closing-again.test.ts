import { beforeEach, describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import { closeAgain } from '../../../src/workflows/closing/close-again.ts';
import { requestClose } from '../../../src/workflows/closing/request-close.ts';
import { changeIncident } from '../../../src/workflows/incident/change-incident.ts';
import { deliverOne } from '../../../src/workflows/outbox/deliver-outbox.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ID = '20261120-1';
const ROOM = `inc-${ID}-disk-usage-above-75-on-host-17`;
const ADA = { team: 'T1', user: 'UADA' };
const AWAY = 'could not store s3://incidents/incident.json: ECONNREFUSED';
const MINUTE = 60_000;

let war: ReturnType<typeof createWarRoom>;
/** Whether the sink answers. */
let up: boolean;
let tries: number;

beforeEach(async () => {
  war = createWarRoom();
  up = false;
  tries = 0;
  const { archive } = war.deps;
  war.deps.archive = async (stream) => {
    tries += 1;
    if (!up) throw new HousecallError('ARCHIVE_INVALID', AWAY);
    return archive(stream);
  };
  await war.opsgenie('Create');
  await war.settle();
  const change = { change: 'resolve', reason: 'done' } as const;
  await changeIncident(war.deps, { stream: ID, person: ADA, change });
  await war.settle();
  await requestClose(war.deps, { stream: ID, person: ADA });
  await settle();
});

/** First what is said, as the archive waits for it; then the rest. */
const settle = async (): Promise<void> => {
  while (await deliverOne(war.deps)) {
    // until everything is said
  }
  await war.settle();
};

const look = async (): Promise<void> => {
  const archiveReady = async (): Promise<void> => {
    if (!up) throw new HousecallError('ARCHIVE_INVALID', AWAY);
  };
  await closeAgain({ ...war.deps, archiveReady, times: { minuteMs: MINUTE } }, ID);
  await settle();
};
const texts = (): readonly string[] => war.chat.room(ROOM).messages.map(({ text }) => text);

describe('closing while the archive cannot be written', () => {
  it('leaves the channel open, and says why and what happens next', async () => {
    expect(war.chat.room(ROOM).archived).toBe(false);
    expect((await war.incident(ID)).incident).toMatchObject({ state: 'resolved', closing: false });
    const [said = ''] = texts().filter((text) => text.includes('Not closed'));
    expect(said).toContain(AWAY);
    expect(said).toMatch(/closes by itself/);
    expect(said).toContain('/incident reopen');
  });

  it('goes on by itself when it can be written again', async () => {
    war.clock.advance(MINUTE);
    up = true;
    await look();
    expect((await war.incident(ID)).incident).toMatchObject({ state: 'closed', notArchived: null });
    expect(war.chat.room(ROOM).archived).toBe(true);
  });

  it('adds nothing to record and room for as long as it cannot', async () => {
    const { seq } = await war.incident(ID);
    const said = texts().length;
    for (let minute = 0; minute < 5; minute++) {
      war.clock.advance(MINUTE);
      await look();
    }
    expect([(await war.incident(ID)).seq, texts().length, tries]).toEqual([seq, said, 1]);
  });

  it('waits longer each time when it seems to be back and is not, and says so once', async () => {
    for (let minute = 0; minute < 60; minute++) {
      war.clock.advance(MINUTE);
      const ready = { archiveReady: async () => {}, times: { minuteMs: MINUTE } };
      await closeAgain({ ...war.deps, ...ready }, ID);
      await settle();
    }
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(9);
    expect(texts().filter((text) => text.includes('Not closed'))).toHaveLength(1);
  });

  it.each(['reopen', 'keep'] as const)(
    'does not close what people %s meanwhile',
    async (change) => {
      const input = { stream: ID, person: ADA, change: { change, reason: '' } };
      await changeIncident(war.deps, input);
      up = true;
      war.clock.advance(120 * MINUTE);
      await look();
      expect((await war.incident(ID)).incident?.state).not.toBe('closed');
      expect(war.chat.room(ROOM).archived).toBe(false);
    },
  );

  it('is begun once when two processes look at once', async () => {
    war.clock.advance(MINUTE);
    up = true;
    await Promise.all([look(), look()]);
    expect(texts().filter((text) => text.includes('Closing goes on'))).toHaveLength(1);
    expect((await war.incident(ID)).incident?.state).toBe('closed');
  });
});

it('takes up what was being closed when its process died', async () => {
  await requestClose(war.deps, { stream: ID, person: ADA });
  war.store.jobs.length = 0;
  up = true;
  war.clock.advance(19 * MINUTE);
  await look();
  expect((await war.incident(ID)).incident?.closing).toBe(true);
  war.clock.advance(MINUTE);
  await look();
  expect((await war.incident(ID)).incident?.state).toBe('closed');
});
