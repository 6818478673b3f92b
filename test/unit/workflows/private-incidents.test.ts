import { describe, expect, it } from 'vitest';
import { incidentDesk } from '../../../src/app/desk/incident.ts';
import type { Document } from '../../../src/core/document/document.ts';
import { parseIncident } from '../../../src/core/slash/parse-incident.ts';
import { deliverOne } from '../../../src/workflows/outbox/deliver-outbox.ts';
import { createAddressBook } from '../../../src/workflows/paging/address-book.ts';
import { documentText } from '../../support/document-text.ts';
import { createWarRoom, echo } from '../../support/war-room.ts';

const ADA = 'UADA';
/** An operator, too, and in no private room. */
const EVE = 'UEVE';
/** In a user group that the private incident calls. */
const GRACE = 'UGRACE';
const SECRET = '20261120-1';
const PUBLIC = '20261120-2';

/** A private incident of Ada's, and one that everybody may see. */
async function site() {
  const war = createWarRoom();
  for (const [id, name] of [
    [EVE, 'Eve'],
    [GRACE, 'Grace'],
  ] as const) {
    war.chat.addPerson(id, { name });
  }
  war.chat.addGroup('SLEGAL', [GRACE]);
  const desk = incidentDesk({
    ...war.deps,
    inviteBySeverity: { SEV2: ['SLEGAL'] },
    book: createAddressBook(war.chat),
    diagnostics: [echo],
    fixes: [],
    roles: async () => ({ team: 'T1', operators: [ADA, EVE, GRACE], approvers: [] }),
  });
  const say = async (user: string, text: string, channel = 'C0OPS'): Promise<Document | null> => {
    war.clock.advance(1_000);
    const answer = await desk.incident(parseIncident(text), {
      person: { team: 'T1', user },
      channel,
    });
    while (await deliverOne(war.deps)) {
      // until everything is said: the archive waits for it
    }
    await war.settle();
    return answer;
  };
  await say(ADA, 'open layoffs plan leaked private=yes hosts=host-17');
  await say(ADA, 'open shop is slow');
  const roomOf = async (id: string): Promise<string> =>
    (await war.incident(id)).incident?.room?.channel ?? '';
  const room = (channel: string) => {
    const found = war.chat.rooms.get(channel);
    if (found === undefined) throw new Error(`there is no room ${channel}`);
    return found;
  };
  return { ...war, say, room, secretRoom: await roomOf(SECRET), publicRoom: await roomOf(PUBLIC) };
}

const text = (document: Document | null): string => (document ? documentText(document) : '');

describe('what a private incident is about', () => {
  it('stays in the private channel that becomes its room', async () => {
    const { say, chat, incident } = await site();
    const { channel } = await chat.openRoom({ name: 'legal', private: true });
    await say(ADA, 'open takeover bid leaked room=here', channel);
    expect((await incident('20261120-3')).incident).toMatchObject({
      private: true,
      room: { channel, name: 'legal', adopted: true },
    });
    expect(JSON.stringify(chat.room('incidents').messages)).not.toContain('takeover');
    const open = chat.addChannel('everybody');
    await say(ADA, 'open shop is down room=here', open);
    expect((await incident('20261120-4')).incident?.private).toBe(false);
  });

  it('is told to those in its room and those it called, and to no other operator', async () => {
    const { say, secretRoom } = await site();
    for (const command of [`status ${SECRET}`, `timeline ${SECRET}`]) {
      await expect(say(EVE, command)).rejects.toThrow(
        `incident ${SECRET} is private: ask somebody in its room to invite you, or take it on with /incident ack ${SECRET}`,
      );
      expect(text(await say(ADA, command))).toContain('layoffs');
      expect(text(await say(GRACE, command))).toContain('layoffs');
    }
    // Slack lets only its members say something there.
    expect(text(await say(EVE, 'status', secretRoom))).toContain('layoffs');
  });

  it('does not go on where everybody reads', async () => {
    const { say, room, publicRoom, secretRoom, chat } = await site();
    await expect(say(EVE, `merge ${SECRET}`, publicRoom)).rejects.toThrow(/is private: ask/);
    await expect(say(ADA, `merge ${SECRET}`, publicRoom)).rejects.toThrow(
      `incident ${SECRET} is private and ${PUBLIC} is not: say /incident merge ${PUBLIC} in the private room`,
    );
    await say(ADA, `merge ${PUBLIC}`, secretRoom);
    const open = [...room(publicRoom).messages, ...chat.room('incidents').messages];
    expect(JSON.stringify(open)).not.toContain('layoffs');
  });

  it('is not told to whoever reopens it from outside', async () => {
    const { say } = await site();
    await say(ADA, `resolve ${SECRET}`);
    await say(ADA, `close ${SECRET}`);
    await expect(say(EVE, `reopen ${SECRET}`)).rejects.toThrow(
      `incident ${SECRET} is private: ask somebody who was in it`,
    );
    expect(text(await say(ADA, `reopen ${SECRET}`))).toContain('which continues');
  });

  it('is open in the room that continues it to whoever was in it', async () => {
    const { say, room, incident } = await site();
    await say(EVE, `ack ${SECRET}`);
    await say(ADA, `resolve ${SECRET}`);
    await say(ADA, `close ${SECRET}`);
    await say(GRACE, `reopen ${SECRET}`);
    const again = (await incident('20261120-3')).incident;
    expect(again).toMatchObject({ private: true, continues: SECRET });
    const { members } = room(again?.room?.channel ?? '');
    expect([...members]).toEqual(expect.arrayContaining([ADA, EVE, GRACE]));
  });

  it('is open to an operator who takes it on, and the room sees that', async () => {
    const { say, room, secretRoom } = await site();
    const answer = await say(EVE, `ack ${SECRET}`);
    expect(text(answer)).toContain(`Done; the room of incident ${SECRET} is told: #${secretRoom}`);
    expect(await say(EVE, `mitigate`, secretRoom)).toBeNull();
    expect(room(secretRoom).members).toContain(EVE);
    expect(room(secretRoom).messages.at(-2)?.text).toContain('acknowledged this incident');
    expect(text(await say(EVE, `status ${SECRET}`))).toContain('layoffs');
    await expect(say('UNOBODY', `ack ${SECRET}`)).rejects.toThrow(/not allowed/);
  });

  it('is not locked when whoever took it on has left: another is called in, and the room sees that', async () => {
    const { say, room, secretRoom } = await site();
    await say(ADA, `ack ${SECRET}`);
    room(secretRoom).members.delete(ADA);
    await expect(say(EVE, `status ${SECRET}`)).rejects.toThrow(
      `or have yourself called in with /incident page ${SECRET} @you`,
    );
    await say(EVE, `page ${SECRET} <@${EVE}>`);
    expect(room(secretRoom).members).toContain(EVE);
    expect(text(await say(EVE, `status ${SECRET}`))).toContain('layoffs');
  });

  it('is open to whoever is named in a role', async () => {
    const { say, room, secretRoom } = await site();
    await say(ADA, `role ${SECRET} commander <@${EVE}>`);
    expect(room(secretRoom).members).toContain(EVE);
  });
});
