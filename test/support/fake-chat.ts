import type { Document, Form } from '../../src/core/document/document.ts';
import { HousecallError } from '../../src/core/errors.ts';
import type { Chat, ChatMessage, ChatPerson } from '../../src/ports/chat.ts';
import { documentText } from './document-text.ts';
import { showInCanvas } from './fake-canvas.ts';
import type { FakeChat, FakeFault, FakeMessage, FakeRoom } from './fake-chat-shapes.ts';

export type { FakeChat } from './fake-chat-shapes.ts';

const BOT = 'UHOUSECALL';

function refuse(method: keyof Chat, error: string): never {
  throw new HousecallError('CHAT_REFUSED', `chat ${method}: ${error}`, {
    context: { error, method },
  });
}

/** Without what only tests look at. */
function chatMessage(message: FakeMessage): ChatMessage {
  const { ts, thread, author, authorName, text, edited, reactions, files } = message;
  const said = { ts, author, authorName, text, reactions, files };
  return { ...said, ...(thread && { thread }), ...(edited && { edited }) };
}

/** The chat in memory, with the rules of the real one that workflows can notice. */
export function createFakeChat(): FakeChat {
  const rooms = new Map<string, FakeRoom>();
  const forms = new Map<string, Form>();
  const homes = new Map<string, Document>();
  const contents = new Map<string, Uint8Array>();
  /** Direct messages are rooms of their own, made when somebody writes there. */
  const direct = (user: string): string => {
    if (!/^[UW][A-Z0-9]+$/.test(user) || !people.has(user)) return user;
    const name = `dm-${user}`;
    return byName(name)?.channel ?? create(name, { private: true, ours: true }).channel;
  };
  const people = new Map<string, ChatPerson & { readonly bot: boolean }>();
  const groups = new Map<string, readonly string[]>();
  const calls: FakeChat['calls'] = [];
  const faults: (FakeFault & { left: number })[] = [];
  let messages = 0;

  const nextTs = (): string => `1700000000.${String(++messages).padStart(6, '0')}`;

  /** Runs a call under the faults that were asked for. */
  async function call<T>(method: keyof Chat, input: readonly unknown[], act: () => T): Promise<T> {
    calls.push({ method, input });
    const fault = faults.find((f) => f.method === method && f.left > 0);
    if (fault === undefined) return act();
    fault.left -= 1;
    if (fault.kind === 'refused') refuse(method, fault.error ?? 'refused');
    if (fault.kind === 'rate-limited') {
      throw new HousecallError('CHAT_RATE_LIMITED', `chat ${method}: asked to wait`, {
        context: { retryAfterSeconds: fault.retryAfterSeconds ?? 1, method },
      });
    }
    if (fault.kind === 'lost-answer') act();
    throw new HousecallError('CHAT_UNAVAILABLE', `chat ${method}: no answer`, {
      context: { method },
    });
  }

  function entered(method: keyof Chat, channel: string): FakeRoom {
    const room = rooms.get(channel) ?? refuse(method, 'channel_not_found');
    // Archiving ejects the bot, so afterwards not even reading works.
    if (room.archived) refuse(method, method === 'history' ? 'not_in_channel' : 'is_archived');
    return room;
  }

  function create(name: string, options: { private: boolean; ours: boolean }): FakeRoom {
    const room: FakeRoom = {
      channel: `C${String(rooms.size + 1).padStart(4, '0')}FAKE`,
      name,
      ...options,
      topic: '',
      purpose: '',
      archived: false,
      members: new Set(options.ours ? [BOT] : []),
      messages: [],
      pins: new Set(),
      bookmarks: [],
    };
    rooms.set(room.channel, room);
    return room;
  }

  const byName = (name: string): FakeRoom | undefined =>
    [...rooms.values()].find((room) => room.name === name);

  return {
    calls,
    rooms,
    forms,
    homes,
    contents,
    fail: (fault) => void faults.push({ ...fault, left: fault.times ?? 1 }),
    addPerson: (id, { name = id.toLowerCase(), mayAct = true, bot = false, ...more } = {}) =>
      void people.set(id, {
        id,
        name,
        mayAct: mayAct && !bot,
        bot,
        ...(bot ? { uncallable: 'is a bot' } : {}),
        ...more,
      }),
    addGroup: (id, members) => void groups.set(id, members),
    addChannel: (name) => create(name, { private: false, ours: false }).channel,
    say(channel, user, text, thread) {
      const ts = nextTs();
      const authorName = people.get(user)?.name ?? user;
      const said = { ts, author: user, authorName, text, reactions: [], files: [] };
      const room = rooms.get(channel) ?? refuse('post', 'channel_not_found');
      room.messages.push({ ...said, ...(thread && { thread }), id: null, document: null });
      return ts;
    },
    room(name) {
      const room = byName(name);
      if (room === undefined) throw new Error(`no room ${name}`);
      return room;
    },

    openRoom: (wanted) =>
      call('openRoom', [wanted], () => {
        for (let n = 1; ; n += 1) {
          const name = n === 1 ? wanted.name : `${wanted.name}-${n}`;
          const taken = byName(name);
          if (taken?.ours && !taken.archived) return { channel: taken.channel, name };
          if (taken === undefined) {
            const room = create(name, { private: wanted.private ?? false, ours: true });
            return { channel: room.channel, name };
          }
        }
      }),
    join: (channel) =>
      call('join', [channel], () => {
        const room = entered('join', channel);
        room.members.add(BOT);
        return { channel, name: room.name, private: room.private };
      }),
    setTopic: (channel, topic) =>
      call('setTopic', [channel, topic], () => {
        entered('setTopic', channel).topic = topic.slice(0, 250);
      }),
    setPurpose: (channel, purpose) =>
      call('setPurpose', [channel, purpose], () => {
        entered('setPurpose', channel).purpose = purpose.slice(0, 250);
      }),
    invite: (channel, invited) =>
      call('invite', [channel, invited], () => {
        const room = entered('invite', channel);
        const users = invited.flatMap((id) => groups.get(id) ?? [id]);
        for (const user of users) {
          if (people.get(user)?.bot === false) room.members.add(user);
        }
      }),
    bookmark: (channel, title, url) =>
      call('bookmark', [channel, title, url], () => {
        const { bookmarks } = entered('bookmark', channel);
        if (!bookmarks.some((link) => link.url === url)) bookmarks.push({ title, url });
      }),
    post: (posting) =>
      call('post', [posting], () => {
        const { thread, id, document } = posting;
        const channel = direct(posting.channel);
        const ts = nextTs();
        entered('post', channel).messages.push({
          ts,
          ...(thread !== undefined && { thread }),
          author: 'Housecall',
          authorName: 'Housecall',
          text: documentText(document),
          reactions: [],
          files: [],
          id,
          document,
        });
        return { channel, ts };
      }),
    showCanvas: (channel, page) =>
      call('showCanvas', [channel, page], () =>
        showInCanvas(entered('showCanvas', channel), page, (error) => refuse('showCanvas', error)),
      ),
    postChart: (posting) =>
      call('postChart', [posting], () => {
        const { channel, thread, id, chart } = posting;
        const ts = nextTs();
        entered('postChart', channel).messages.push({
          ts,
          ...(thread !== undefined && { thread }),
          author: 'Housecall',
          authorName: 'Housecall',
          text: chart.title,
          reactions: [],
          files: [],
          id,
          document: null,
        });
        return { channel, ts };
      }),
    permalink: (ref) =>
      call('permalink', [ref], () => {
        const { channel, ts } = ref;
        const known = rooms.get(channel)?.messages.some((message) => message.ts === ts);
        return known ? `https://chat.example/archives/${channel}/p${ts.replace('.', '')}` : null;
      }),
    showHome: (user, document) =>
      call('showHome', [user, document], () => void homes.set(user, document)),
    download: (file, limitBytes) =>
      call('download', [file], () => {
        const bytes = contents.get(file.download ?? '') ?? refuse('download', 'file_not_found');
        if (bytes.length > limitBytes) refuse('download', 'file_too_large');
        return bytes;
      }),
    find: (posting) =>
      call('find', [posting], () => {
        const { id } = posting;
        const channel = direct(posting.channel);
        const found = entered('find', channel).messages.find((message) => message.id === id);
        return found === undefined ? null : { channel, ts: found.ts };
      }),
    update: (ref, document) =>
      call('update', [ref, document], () => {
        const { messages: all } = entered('update', ref.channel);
        const index = all.findIndex((message) => message.ts === ref.ts && message.id !== null);
        const old = all[index] ?? refuse('update', 'message_not_found');
        const edited = new Date(Number(ref.ts) * 1000).toISOString();
        all[index] = { ...old, document, text: documentText(document), edited };
      }),
    pin: (ref) =>
      call('pin', [ref], () => {
        const room = entered('pin', ref.channel);
        if (!room.messages.some(({ ts }) => ts === ref.ts)) refuse('pin', 'message_not_found');
        room.pins.add(ref.ts);
      }),
    updateForm: (view, form) => call('updateForm', [view, form], () => void forms.set(view, form)),
    archive: (channel) =>
      call('archive', [channel], () => {
        const room = rooms.get(channel) ?? refuse('archive', 'channel_not_found');
        room.archived = true;
        room.members.delete(BOT);
      }),
    resolveChannel: (nameOrId) =>
      call('resolveChannel', [nameOrId], () => {
        if (/^[CDGUW][A-Z0-9]+$/.test(nameOrId)) return nameOrId;
        const room = byName(nameOrId.replace(/^#/, ''));
        return room?.channel ?? refuse('resolveChannel', 'channel_not_found');
      }),
    history: (channel, { isKnown = () => false, since = '' } = {}) =>
      call('history', [channel], () => {
        const all = entered('history', channel).messages;
        const known = new Set(
          all
            .map(({ ts }) => ({ ts, inThread: all.filter(({ thread }) => thread === ts) }))
            .filter(({ ts, inThread }) => {
              const latest = inThread.at(-1)?.ts;
              if (latest === undefined) return false;
              return isKnown({ ts, replies: inThread.length, latest });
            })
            .map(({ ts }) => ts),
        );
        return all
          .filter(({ thread = '' }) => !known.has(thread))
          .filter(({ ts }) => since === '' || Number(ts) >= Date.parse(since) / 1000)
          .map(chatMessage);
      }),
    person: (user) =>
      call('person', [user], () => {
        const known = people.get(user);
        if (known === undefined) {
          return { id: user, name: user, mayAct: false, uncallable: 'is not known to Slack here' };
        }
        const { bot: _, ...person } = known;
        return person;
      }),
    members: (group) =>
      call('members', [group], () => groups.get(group) ?? refuse('members', 'no_such_subteam')),
  };
}
