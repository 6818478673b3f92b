import { describe, expect, it } from 'vitest';
import { HOUSECALL } from '../../../src/core/person.ts';
import { transact } from '../../../src/workflows/record/transact.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ID = '20261120-1';
const ROOM = `inc-${ID}-disk-usage-above-75-on-host-17`;
const STEPS = ['openRoom', 'invite', 'setTopic', 'setPurpose', 'pin', 'bookmark'] as const;

describe('a room that is opened while Slack says "not so fast"', () => {
  it.each(STEPS)('at %s: what is done already is not asked for again', async (method) => {
    const war = createWarRoom();
    war.chat.fail({ method, kind: 'rate-limited', times: 3 });
    await war.opsgenie('Create');
    await war.settle();
    const asked = (name: string): number =>
      war.chat.calls.filter((call) => call.method === name).length;
    for (const step of STEPS) {
      const links = step === 'bookmark' ? 2 : 1;
      expect([step, asked(step)]).toEqual([step, step === method ? links + 3 : links]);
    }
    const room = war.chat.room(ROOM);
    expect(room.topic).toContain('SEV2');
    expect(room.purpose).toContain(ID);
    expect([...room.members]).toContain('UADA');
    expect(room.pins.size).toBe(1);
    expect(room.bookmarks).toHaveLength(2);
  });

  it('calls people in, and shows them the panel, before anything that only looks good', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    await war.settle();
    const order = war.chat.calls.map(({ method }) => method);
    const first = (method: string): number => order.findIndex((one) => one === method);
    expect(first('invite')).toBeLessThan(first('post'));
    expect(first('post')).toBeLessThan(first('setTopic'));
    expect(first('setTopic')).toBeLessThan(first('setPurpose'));
  });

  it.each([
    ['setTopic', 'room.topic'],
    ['setPurpose', 'room.purpose'],
    ['invite', 'room.invite'],
  ] as const)('says once in the room that %s was refused', async (method, operation) => {
    const war = createWarRoom();
    war.chat.fail({ method, kind: 'refused', error: 'restricted_action', times: 9 });
    await war.opsgenie('Create');
    await war.settle();
    const texts = war.chat.room(ROOM).messages.map(({ text }) => text);
    expect(texts.filter((text) => text.includes(`${operation} failed`))).toHaveLength(1);
    expect(texts.some((text) => text.includes('it said full'))).toBe(true);
  });
});

describe('a room that waited to be opened while Housecall was updated', () => {
  it('calls the same people in, and says the same over it', async () => {
    const war = createWarRoom();
    const lane = 'room:20261120-9' as const;
    const open = { op: 'room.open', name: 'inc-20261120-9-disk', topic: 'SEV2 · disk' } as const;
    const operation = { ...open, purpose: 'Incident 20261120-9', invite: ['UADA'] };
    await transact(war.deps, { stream: '20261120-9', actor: HOUSECALL }, () => ({
      events: [
        {
          type: 'incident.opened',
          id: '20261120-9',
          title: 'disk',
          severity: 'SEV2',
          state: 'active',
          hosts: [],
          invite: ['UADA'],
        },
      ],
      chat: [{ lane, operation }],
      open: true,
    }));
    await war.settle();
    const room = war.chat.room('inc-20261120-9-disk');
    expect([...room.members]).toContain('UADA');
    expect([room.topic, room.purpose]).toEqual(['SEV2 · disk', 'Incident 20261120-9']);
  });
});
