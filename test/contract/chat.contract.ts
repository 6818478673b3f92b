import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../src/core/document/document.ts';
import { type ErrorCode, HousecallError } from '../../src/core/errors.ts';
import type { Chat } from '../../src/ports/chat.ts';

/** A chat with a few people in it, and hands to do what people and the weather do. */
export interface ChatWorld {
  readonly chat: Chat;
  readonly people: {
    readonly member: string;
    readonly other: string;
    readonly bot: string;
    readonly guest: string;
    readonly deleted: string;
    readonly stranger: string;
  };
  /** A group of `member` and `bot`. */
  readonly group: string;
  /** A public channel made by `member`; returns its id. */
  othersChannel(name: string): Promise<string>;
  say(message: { channel: string; user: string; text: string; thread?: string }): Promise<string>;
  fault(
    method: 'post' | 'openRoom' | 'bookmark',
    kind: 'rate-limited' | 'unavailable' | 'lost-answer' | 'refused',
  ): void;
  membersOf(channel: string): readonly string[];
  topicOf(channel: string): string;
  linksOf(channel: string): readonly string[];
  stop(): Promise<void>;
}

export function chatContract(subject: string, create: () => Promise<ChatWorld>): void {
  describe(`${subject} is a chat`, () => {
    let world: ChatWorld;
    let chat: Chat;
    let count = 0;
    const fresh = (): string => `inc-contract-${++count}`;
    const room = async (): Promise<string> => (await chat.openRoom({ name: fresh() })).channel;

    beforeAll(async () => {
      world = await create();
      chat = world.chat;
    });
    afterAll(() => world.stop());

    it('opens a room under the name asked for', async () => {
      const name = fresh();
      expect(await chat.openRoom({ name })).toMatchObject({ name });
    });

    it('adopts its own room when the answer to the first call was lost', async () => {
      const name = fresh();
      world.fault('openRoom', 'lost-answer');
      expect(await errorOf(chat.openRoom({ name }))).toMatchObject({ code: 'CHAT_UNAVAILABLE' });
      const again = await chat.openRoom({ name });
      expect(again.name).toBe(name);
      expect((await chat.openRoom({ name })).channel).toBe(again.channel);
    });

    it('opens a room under the next name when another has this one', async () => {
      const name = fresh();
      const theirs = await world.othersChannel(name);
      const opened = await chat.openRoom({ name });
      expect(opened.name).toBe(`${name}-2`);
      expect(opened.channel).not.toBe(theirs);
    });

    it('enters a channel that is there, and says whether it is private', async () => {
      for (const isPrivate of [false, true]) {
        const name = fresh();
        const { channel } = await chat.openRoom({ name, private: isPrivate });
        expect(await chat.join(channel)).toEqual({ channel, name, private: isPrivate });
      }
    });

    it('never adopts a room that is archived', async () => {
      const name = fresh();
      const first = await chat.openRoom({ name });
      await chat.archive(first.channel);
      expect((await chat.openRoom({ name })).channel).not.toBe(first.channel);
    });

    it('posts once and finds it again by its id', async () => {
      const channel = await room();
      const posting = { channel, id: 'row-1', document: document('disk is full') };
      const ref = await chat.post(posting);
      expect(await chat.find(posting)).toEqual(ref);
      expect(await chat.find({ ...posting, id: 'row-2' })).toBeNull();
    });

    it('posts to a person once and finds it again by its id', async () => {
      const channel = await chat.resolveChannel(world.people.member);
      const posting = { channel, id: 'page-1', document: document('wake up') };
      const ref = await chat.post(posting);
      expect(await chat.find(posting)).toEqual(ref);
      expect(await chat.find({ ...posting, id: 'page-2' })).toBeNull();
      await chat.update(ref, document('never mind'));
      expect(await chat.find(posting)).toEqual(ref);
    });

    it('finds a reply in its thread', async () => {
      const channel = await room();
      const root = await chat.post({ channel, id: 'root', document: document('root') });
      const reply = { channel, thread: root.ts, id: 'reply', document: document('reply') };
      const ref = await chat.post(reply);
      expect(await chat.find(reply)).toEqual(ref);
    });

    it('finds a message whose answer was lost', async () => {
      const channel = await room();
      const posting = { channel, id: 'lost', document: document('did you get this') };
      world.fault('post', 'lost-answer');
      expect(await errorOf(chat.post(posting))).toMatchObject({ code: 'CHAT_UNAVAILABLE' });
      expect(await chat.find(posting)).not.toBeNull();
      expect(await chat.history(channel)).toHaveLength(1);
    });

    it('says how long to wait when it is asked to', async () => {
      const channel = await room();
      world.fault('post', 'rate-limited');
      const error = await errorOf(chat.post({ channel, id: 'x', document: document('x') }));
      expect(error).toMatchObject({ code: 'CHAT_RATE_LIMITED' });
      expect(error.context['retryAfterSeconds']).toBeGreaterThan(0);
    });

    it.each<['unavailable' | 'refused', ErrorCode]>([
      ['unavailable', 'CHAT_UNAVAILABLE'],
      ['refused', 'CHAT_REFUSED'],
    ])('does not post when the call is %s', async (kind, code) => {
      const channel = await room();
      world.fault('post', kind);
      const posting = { channel, id: 'y', document: document('y') };
      expect(await errorOf(chat.post(posting))).toMatchObject({ code });
      expect(await chat.find(posting)).toBeNull();
    });

    it('names the code when it is refused', async () => {
      const posting = { channel: 'C0NOWHERE0', id: 'z', document: document('z') };
      const error = await errorOf(chat.post(posting));
      expect(error).toMatchObject({ code: 'CHAT_REFUSED' });
      expect(error.context['error']).toBe('channel_not_found');
    });

    it('edits a message in place', async () => {
      const channel = await room();
      const ref = await chat.post({ channel, id: 'e', document: document('looking') });
      await chat.update(ref, document('found it'));
      const [message, ...others] = await chat.history(channel);
      expect(message?.text).toContain('found it');
      expect(message?.text).not.toContain('looking');
      expect(message?.edited).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect(others).toEqual([]);
      expect(await chat.find({ channel, id: 'e', document: document('looking') })).toEqual(ref);
      expect(
        await errorOf(chat.update({ channel, ts: '1.000001' }, document('gone'))),
      ).toMatchObject({ code: 'CHAT_REFUSED', context: { error: 'message_not_found' } });
    });

    it('says where a message is seen, and nothing of one that is not there', async () => {
      const channel = await room();
      const ref = await chat.post({ channel, id: 'row-1', document: document('here') });
      expect(await chat.permalink(ref)).toMatch(
        new RegExp(`^https?://.+/archives/${channel}/p${ref.ts.replace('.', '')}$`),
      );
      expect(await chat.permalink({ channel, ts: '1.000001' })).toBeNull();
    });

    it('tells everything that was said, oldest first, with threads', async () => {
      const channel = await room();
      await chat.invite(channel, [world.people.member]);
      const { member } = world.people;
      const root = await chat.post({ channel, id: 'h1', document: document('a finding') });
      await world.say({ channel, user: member, text: 'a <reply> & more', thread: root.ts });
      await world.say({ channel, user: member, text: 'afterwards' });
      const said = await chat.history(channel);
      const order = said.map(({ ts }) => Number(ts));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      const reply = said.find(({ text }) => text === 'a <reply> & more');
      expect(reply).toMatchObject({ thread: root.ts, author: member });
      expect(said.find(({ text }) => text === 'afterwards')?.thread).toBeUndefined();
    });

    it('invites people and groups, and passes over bots and those who are in', async () => {
      const channel = await room();
      await chat.invite(channel, [world.people.other]);
      await chat.invite(channel, [world.people.other, world.people.bot, world.group]);
      const members = world.membersOf(channel);
      expect(members).toContain(world.people.other);
      expect(members).toContain(world.people.member);
      expect(members).not.toContain(world.people.bot);
    });

    it('cuts a topic to the length that fits', async () => {
      const channel = await room();
      await chat.setTopic(channel, 'x'.repeat(400));
      expect(world.topicOf(channel)).toMatch(/^x{200,250}…?$/);
      await chat.setPurpose(channel, 'y'.repeat(400));
    });

    it('pins twice without complaint', async () => {
      const channel = await room();
      const ref = await chat.post({ channel, id: 'p', document: document('panel') });
      await chat.pin(ref);
      await expect(chat.pin(ref)).resolves.toBeUndefined();
    });

    it('adds a link whose answer was lost no second time', async () => {
      const channel = await room();
      const add = (title: string, page: string): Promise<void> =>
        chat.bookmark(channel, title, `https://wiki.example.org/${page}`);
      await add('Runbook <1>', 'disk?a=1&b=2');
      world.fault('bookmark', 'lost-answer');
      expect(await errorOf(add('Alert', 'alert'))).toMatchObject({ code: 'CHAT_UNAVAILABLE' });
      await add('Alert', 'alert');
      await add('Runbook <1>', 'disk?a=1&b=2');
      expect(world.linksOf(channel)).toEqual([
        'https://wiki.example.org/disk?a=1&b=2',
        'https://wiki.example.org/alert',
      ]);
    });

    it('can do nothing in a room after archiving it', async () => {
      const channel = await room();
      await chat.archive(channel);
      const posting = { channel, id: 'late', document: document('late') };
      expect(await errorOf(chat.post(posting))).toMatchObject({ code: 'CHAT_REFUSED' });
      expect(await errorOf(chat.history(channel))).toMatchObject({ code: 'CHAT_REFUSED' });
    });

    it('knows a channel by its name and takes an id as it is', async () => {
      const name = fresh();
      const channel = await world.othersChannel(name);
      expect(await chat.resolveChannel(`#${name}`)).toBe(channel);
      expect(await chat.resolveChannel(name)).toBe(channel);
      expect(await chat.resolveChannel(channel)).toBe(channel);
      expect(await errorOf(chat.resolveChannel('#no-such-channel'))).toMatchObject({
        code: 'CHAT_REFUSED',
        context: { error: 'channel_not_found' },
      });
    });

    it.each<[keyof ChatWorld['people'], boolean, string | undefined]>([
      ['member', true, undefined],
      ['bot', false, 'is a bot'],
      ['guest', false, undefined],
      ['deleted', false, 'is deactivated'],
      ['stranger', false, 'is of another organisation'],
    ])('a %s may act: %s, may not be called: %s', async (who, mayAct, uncallable) => {
      const id = world.people[who];
      const person = await chat.person(id);
      expect(person).toMatchObject({ id, mayAct });
      expect(person.uncallable).toBe(uncallable);
    });

    it('lets nobody act, or be called, whom it does not know', async () => {
      const nobody = { mayAct: false, uncallable: 'is not known to Slack here' };
      expect(await chat.person('U0NOBODY00')).toMatchObject(nobody);
    });

    it('lists the members of a group', async () => {
      expect(await chat.members(world.group)).toContain(world.people.member);
      expect(await errorOf(chat.members('S0NOGROUP0'))).toMatchObject({ code: 'CHAT_REFUSED' });
    });
  });
}

function document(text: string): Document {
  return { summary: text, blocks: [{ kind: 'paragraph', content: [text] }] };
}

async function errorOf(promise: Promise<unknown>): Promise<HousecallError> {
  const outcome = await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (outcome instanceof HousecallError) return outcome;
  throw outcome;
}
