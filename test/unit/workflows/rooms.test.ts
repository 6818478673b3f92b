import { describe, expect, it } from 'vitest';
import type { Severity } from '../../../src/core/incident/event.ts';
import { changeIncident } from '../../../src/workflows/change-incident.ts';
import { requestClose } from '../../../src/workflows/close-incident.ts';
import { deliverOne } from '../../../src/workflows/deliver-outbox.ts';
import { openIncident } from '../../../src/workflows/open-incident.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ADA = { team: 'T1', user: 'UADA' };
const ID = '20261120-1';

type WarRoom = ReturnType<typeof createWarRoom>;

async function open(
  war: WarRoom,
  more: Partial<Parameters<typeof openIncident>[1]> = {},
): Promise<void> {
  await openIncident(war.deps, {
    actor: { kind: 'person', ...ADA },
    title: 'checkout is slow',
    severity: 'SEV3',
    state: 'active',
    hosts: [],
    invite: [],
    claims: [],
    diagnose: [],
    ...more,
  });
  await war.settle();
}

describe('a channel that is there already', () => {
  async function declared(): Promise<{ war: WarRoom; channel: string }> {
    const war = createWarRoom();
    const channel = war.chat.addChannel('team-checkout');
    const room = war.chat.room('team-checkout');
    room.topic = 'ours';
    await open(war, { adopt: channel, claims: [`channel:${channel}`] });
    return { war, channel };
  }

  it('becomes the room: entered, with the panel, and its topic left alone', async () => {
    const { war, channel } = await declared();
    const { incident } = await war.incident(ID);
    expect(incident?.room).toEqual({ channel, name: 'team-checkout', adopted: true });
    const room = war.chat.room('team-checkout');
    expect(room.topic).toBe('ours');
    expect(room.pins.size).toBe(1);
    expect(war.chat.calls.some(({ method }) => method === 'openRoom')).toBe(false);
  });

  it('stays when the incident is closed, and may become a room again', async () => {
    const { war, channel } = await declared();
    const change = { change: 'resolve', reason: 'cache warm' } as const;
    await changeIncident(war.deps, { stream: ID, person: ADA, change });
    await war.settle();
    await requestClose(war.deps, { stream: ID, person: ADA });
    while (await deliverOne(war.deps)) {
      // until everything is said
    }
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('closed');
    expect(war.chat.room('team-checkout').archived).toBe(false);
    expect(war.chat.room('team-checkout').messages.at(-1)?.text).toMatch(/This channel stays/);
    await open(war, { adopt: channel, claims: [`channel:${channel}`] });
    expect((await war.incident('20261120-2')).incident?.room?.channel).toBe(channel);
  });
});

describe('a private incident', () => {
  it('has a private room', async () => {
    const war = createWarRoom();
    await open(war, { private: true });
    const { incident } = await war.incident(ID);
    expect(war.chat.room(incident?.room?.name ?? '').private).toBe(true);
  });
});

describe('invites by severity', () => {
  const invites = { SEV1: ['UCEO'], SEV3: ['UDEV'] };
  async function opened(severity: Severity): Promise<WarRoom> {
    const war = createWarRoom();
    war.chat.addPerson('UCEO');
    war.chat.addPerson('UDEV');
    Object.assign(war.deps, { inviteBySeverity: invites });
    await open(war, { severity });
    return war;
  }
  const members = async (war: WarRoom): Promise<readonly string[]> => {
    const { incident } = await war.incident(ID);
    return [...war.chat.room(incident?.room?.name ?? '').members].toSorted();
  };

  it('bring those of the severity and of every lesser one', async () => {
    expect(await members(await opened('SEV3'))).toEqual(['UADA', 'UDEV', 'UHOUSECALL']);
    expect(await members(await opened('SEV1'))).toEqual(['UADA', 'UCEO', 'UDEV', 'UHOUSECALL']);
    expect(await members(await opened('SEV4'))).toEqual(['UADA', 'UHOUSECALL']);
  });

  it('bring more people when it turns out to be worse', async () => {
    const war = await opened('SEV3');
    const change = { change: 'severity', severity: 'SEV1' } as const;
    await changeIncident(war.deps, { stream: ID, person: ADA, change });
    await war.settle();
    expect(await members(war)).toContain('UCEO');
  });
});

describe('what people decide in Slack', () => {
  it('is passed on to the sources that can be told, for alerts that still fire', async () => {
    const war = createWarRoom();
    const told: unknown[] = [];
    Object.assign(war.deps, {
      tellable: new Set(['opsgenie']),
      alertApi: () => ({
        source: 'opsgenie',
        tell: async (what: string, alert: unknown) => void told.push([what, alert]),
        check: async () => {},
      }),
    });
    await war.opsgenie('Create');
    await war.settle();
    const say = (change: Parameters<typeof changeIncident>[1]['change']) =>
      changeIncident(war.deps, { stream: ID, person: ADA, change });
    await say({ change: 'ack' });
    await say({ change: 'resolve', reason: '' });
    await war.settle();
    expect(told).toEqual([
      ['acknowledge', { fingerprint: 'a-1', note: `acknowledged in Slack, incident ${ID}` }],
      ['close', { fingerprint: 'a-1', note: `resolved in Slack, incident ${ID}` }],
    ]);
  });

  it('names whoever got a role, and says when it has it already', async () => {
    const war = createWarRoom();
    await open(war);
    const say = (user: string | null) =>
      changeIncident(war.deps, {
        stream: ID,
        person: ADA,
        change: { change: 'role', role: 'commander', user },
      });
    await say('UADA');
    await expect(say('UADA')).rejects.toThrow(/already theirs as commander/);
    await say(null);
    await expect(say(null)).rejects.toThrow(/already without a commander/);
    expect((await war.incident(ID)).incident?.roles).toEqual({});
  });

  it('mitigates once, and never what is resolved', async () => {
    const war = createWarRoom();
    await open(war);
    const mitigate = () =>
      changeIncident(war.deps, {
        stream: ID,
        person: ADA,
        change: { change: 'mitigate', reason: 'traffic moved' },
      });
    expect((await mitigate()).incident?.state).toBe('mitigated');
    await expect(mitigate()).rejects.toThrow(/already mitigated/);
  });

  it('un-acknowledges what was acknowledged, and nothing else', async () => {
    const war = createWarRoom();
    await open(war);
    const say = (change: 'ack' | 'unack') =>
      changeIncident(war.deps, { stream: ID, person: ADA, change: { change } });
    await expect(say('unack')).rejects.toThrow(/already open for anybody/);
    await say('ack');
    const { incident } = await say('unack');
    expect(incident?.acknowledged).toBeNull();
    expect(incident?.firstAcknowledgedAt).not.toBeNull();
  });
});
