import { describe, expect, it } from 'vitest';
import { HOUSECALL } from '../../../src/core/person.ts';
import { transact } from '../../../src/workflows/record/transact.ts';
import { keepCanvas } from '../../../src/workflows/room/keep-canvas.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ID = '20261120-1';
const ROOM = `inc-${ID}-disk-usage-above-75-on-host-17`;
const LANE = `canvas:${ID}` as const;
type WarRoom = ReturnType<typeof createWarRoom>;

async function opened(): Promise<WarRoom & { readonly keep: () => Promise<void> }> {
  const war = createWarRoom();
  await war.opsgenie('Create');
  await war.settle();
  const shown = new Map<string, string>();
  return { ...war, keep: () => keepCanvas(war.deps, ID, shown) };
}

const texts = (war: WarRoom): string[] => war.chat.room(ROOM).messages.map(({ text }) => text);
const canvas = (war: WarRoom): string[] =>
  (war.chat.room(ROOM).canvas?.parts ?? []).map(({ text }) => text);
const edits = (war: WarRoom): number =>
  war.chat.calls.filter(({ method }) => method === 'showCanvas').length;

async function raise(war: WarRoom, severity: 'SEV1' | 'SEV2' | 'SEV3'): Promise<void> {
  await transact(war.deps, { stream: ID, actor: HOUSECALL }, () => ({
    events: [{ type: 'severity.changed', severity }],
  }));
}

describe('the canvas of a room', () => {
  it('says where the incident stands', async () => {
    const war = await opened();
    await war.keep();
    await war.settle();
    expect(canvas(war)).toHaveLength(1);
    expect(canvas(war)[0]).toContain('SEV2 active: disk usage above 75 % on host-17');
    expect(canvas(war)[0]).toContain('critical: host-17: it said full');
    expect(canvas(war)[0]).toContain('The panel of this incident');
  });

  it('is written again only when it would say something else', async () => {
    const war = await opened();
    await war.keep();
    await war.keep();
    await war.settle();
    expect(edits(war)).toBe(1);
    await raise(war, 'SEV1');
    await war.keep();
    await war.settle();
    expect(edits(war)).toBe(2);
    expect(canvas(war)[0]).toContain('SEV1 active');
  });

  it('is written once for all that waited while Slack asked for patience', async () => {
    const war = await opened();
    war.chat.fail({ method: 'showCanvas', kind: 'rate-limited', retryAfterSeconds: 60 });
    for (const severity of ['SEV1', 'SEV3', 'SEV1'] as const) {
      await raise(war, severity);
      await war.keep();
    }
    await war.settle();
    expect(canvas(war)[0]).toContain('SEV1 active');
    // Asked to wait at the first, which was then not needed any more.
    expect(edits(war)).toBeLessThanOrEqual(2);
  });

  it('keeps what people wrote, and no message waits for it', async () => {
    const war = await opened();
    await war.keep();
    await war.settle();
    war.chat.room(ROOM).canvas?.parts.push({ text: 'called the data centre', document: null });
    await raise(war, 'SEV1');
    await war.keep();
    await war.settle();
    expect(canvas(war)).toHaveLength(2);
    expect(canvas(war)[1]).toBe('called the data centre');
  });

  it('is off where Slack has none: one line in the room, and never asked for again', async () => {
    const war = await opened();
    const error = 'team_tier_cannot_create_channel_canvases';
    war.chat.fail({ method: 'showCanvas', kind: 'refused', error, times: 99 });
    for (const severity of ['SEV1', 'SEV3', 'SEV1'] as const) {
      await raise(war, severity);
      await war.keep();
      await war.settle();
    }
    expect(texts(war).filter((text) => text.includes('canvas is off here'))).toHaveLength(1);
    expect(texts(war).join()).toContain(error);
    expect(edits(war)).toBe(1);
  });

  it('is not made again when somebody deleted it', async () => {
    const war = await opened();
    await war.keep();
    await war.settle();
    delete war.chat.room(ROOM).canvas;
    await raise(war, 'SEV1');
    await war.keep();
    await war.settle();
    expect(canvas(war)).toEqual([]);
    expect(texts(war).filter((text) => text.includes('canvas is off here'))).toHaveLength(1);
  });

  it('is written when Slack is back after an outage, and nobody is told of that', async () => {
    const war = await opened();
    war.chat.fail({ method: 'showCanvas', kind: 'unavailable', times: 4 });
    await war.keep();
    await war.settle();
    expect(canvas(war)).toHaveLength(1);
    expect(texts(war).join()).not.toContain('canvas');
  });

  it('is given up after an hour, with one line', async () => {
    const war = await opened();
    war.chat.fail({ method: 'showCanvas', kind: 'unavailable', times: 999 });
    await war.keep();
    for (let minutes = 0; minutes < 62 && war.store.outbox.waiting(LANE).length > 0; minutes += 3) {
      await war.settle();
    }
    expect(war.store.outbox.waiting(LANE)).toEqual([]);
    expect(texts(war).filter((text) => text.includes('canvas is off here'))).toHaveLength(1);
  });

  it('is left alone in a channel that was there before the incident', async () => {
    const war = await opened();
    const { incident } = await war.incident(ID);
    const room = incident?.room ?? { channel: '', name: '' };
    await transact(war.deps, { stream: ID, actor: HOUSECALL }, () => ({
      events: [{ type: 'room.opened', channel: room.channel, name: room.name, adopted: true }],
    }));
    await war.keep();
    await war.settle();
    expect(canvas(war)).toEqual([]);
  });

  it('says nothing of a refusal when the incident is closed by then', async () => {
    const war = await opened();
    await war.keep();
    await transact(war.deps, { stream: ID, actor: HOUSECALL }, () => ({
      events: [{ type: 'incident.closed' }],
    }));
    await war.settle();
    expect(edits(war)).toBe(0);
    expect(texts(war).join()).not.toContain('canvas');
  });
});
