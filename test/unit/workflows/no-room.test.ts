import { describe, expect, it } from 'vitest';
import { createWarRoom } from '../../support/war-room.ts';

const ID = '20261120-1';
type WarRoom = ReturnType<typeof createWarRoom>;

const announced = (war: WarRoom): readonly string[] =>
  war.chat.room('incidents').messages.map((message) => message.text);

describe('a room that Slack refuses to open', () => {
  async function refused(): Promise<WarRoom> {
    const war = createWarRoom();
    war.chat.fail({ method: 'openRoom', kind: 'refused', error: 'missing_scope', times: 9 });
    await war.opsgenie('Create');
    await war.settle();
    return war;
  }

  it('is told in the announcement channel: what, how bad, why, and where the findings are', async () => {
    const war = await refused();
    const [line = ''] = announced(war);
    expect(line).toContain('SEV2');
    expect(line).toContain('disk usage above 75 % on host-17');
    expect(line).toContain('missing_scope');
    expect(line).toContain(`/incident status ${ID}`);
  });

  it('names the people who would have been invited, so that they are notified', async () => {
    const war = await refused();
    const [message] = war.chat.room('incidents').messages;
    expect(JSON.stringify(message?.document)).toContain('{"user":"UADA"}');
  });

  it('is told once, not again for every message that would have stood in it', async () => {
    const war = await refused();
    expect(announced(war)).toHaveLength(1);
    const run = [...(await war.incident(ID)).runs.values()][0];
    expect(run?.finished?.status).toBe('critical');
  });
});

describe('an announcement channel that Slack refuses', () => {
  it('is told in the room, and the incident goes on', async () => {
    const war = createWarRoom();
    war.chat.fail({
      method: 'resolveChannel',
      kind: 'refused',
      error: 'channel_not_found',
      times: 99,
    });
    await war.opsgenie('Create');
    await war.settle();
    const room = war.chat.room(`inc-${ID}-disk-usage-above-75-on-host-17`);
    const texts = room.messages.map((message) => message.text);
    expect(texts.filter((text) => text.includes('channel_not_found'))).toHaveLength(1);
    expect(texts.some((text) => text.includes('it said full'))).toBe(true);
  });

  it('and a room that refuses every message do not report each other for ever', async () => {
    const war = createWarRoom();
    war.chat.fail({ method: 'post', kind: 'refused', error: 'restricted_action', times: 999 });
    await war.opsgenie('Create');
    await war.settle();
    expect(war.store.outbox.lanes()).toEqual([]);
    expect((await war.incident(ID)).seq).toBeLessThan(30);
  });
});

describe('opening a room', () => {
  it('again after a crash finds the one on record, whatever people call it by now', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    const { outbox } = war.store;
    let crash = true;
    war.deps.outbox = {
      ...outbox,
      done: async (...call) => {
        if (!crash) return outbox.done(...call);
        crash = false;
        for (const [key, room] of war.chat.rooms) {
          if (room.ours) war.chat.rooms.set(key, { ...room, name: 'renamed' });
        }
        throw new Error('the process is killed');
      },
    };
    await war.settle();
    expect([...war.chat.rooms.values()].filter(({ ours }) => ours)).toHaveLength(1);
  });
});

describe('the name of a room', () => {
  it('holds no secret that the title of an alert holds', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create', { message: 'login failed with hunter2' });
    await war.settle();
    const names = [...war.chat.rooms.values()].map(({ name }) => name);
    expect(names.join()).not.toContain('hunter2');
  });
});
