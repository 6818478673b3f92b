/** What the page knows, and who it acts as. Renderers read it; `apply` is fed by the server. */
export const store = {
  isReady: false,
  isConnected: true,
  team: { name: '' },
  bot: { id: '', name: '' },
  users: new Map(),
  userGroups: new Map(),
  commands: [],
  channels: new Map(),
  /** Channel id → ts → message. */
  messages: new Map(),
  ephemerals: new Map(),
  /** User id → open views, the topmost last. */
  views: new Map(),
  connections: 0,
  requestUrl: null,
  me: '',
  channel: '',
  thread: '',
  isHome: false,
  drafts: new Map(),
};

const listeners = new Set();
let isScheduled = false;

export function onChange(listener) {
  listeners.add(listener);
}

/** Renders soon, once for many changes. */
export function changed() {
  if (isScheduled) return;
  isScheduled = true;
  setTimeout(() => {
    isScheduled = false;
    for (const listener of listeners) listener();
  }, 0);
}

function messagesOf(channel) {
  if (!store.messages.has(channel)) store.messages.set(channel, new Map());
  return store.messages.get(channel);
}

export function apply(event) {
  switch (event.kind) {
    case 'request':
      return;
    case 'snapshot':
      applySnapshot(event.snapshot);
      break;
    case 'message':
      if (event.message) messagesOf(event.channel).set(event.message.ts, event.message);
      if (event.root) messagesOf(event.channel).set(event.root.ts, event.root);
      break;
    case 'message-removed':
      messagesOf(event.channel).delete(event.ts);
      break;
    case 'ephemeral':
      if (event.ephemeral) store.ephemerals.set(event.ts, event.ephemeral);
      break;
    case 'ephemeral-removed':
      store.ephemerals.delete(event.ts);
      break;
    case 'channel':
      if (event.details) store.channels.set(event.channel, event.details);
      break;
    case 'views':
      store.views.set(event.user, event.views);
      break;
    case 'connection':
      store.connections = event.connections;
      store.requestUrl = event.requestUrl;
      break;
  }
  changed();
}

function byId(list) {
  return new Map(list.map((item) => [item.id, item]));
}

function applySnapshot(snapshot) {
  Object.assign(store, {
    team: snapshot.team,
    bot: snapshot.bot,
    users: byId(snapshot.users),
    userGroups: byId(snapshot.userGroups),
    commands: snapshot.commands,
    channels: byId(snapshot.channels),
    messages: new Map(),
    ephemerals: new Map(snapshot.ephemerals.map((one) => [one.ts, one])),
    views: new Map(),
    connections: snapshot.connections,
    requestUrl: snapshot.requestUrl,
    isReady: true,
  });
  for (const message of snapshot.messages) messagesOf(message.channel).set(message.ts, message);
  for (const view of snapshot.views)
    store.views.set(view.user, [...(store.views.get(view.user) ?? []), view]);
}

export function people() {
  return [...store.users.values()].filter((user) => !user.isBot && !user.isDeleted);
}

export function nameOf(userId) {
  const user = store.users.get(userId);
  return user ? user.realName || user.name : userId;
}

export function visibleChannels() {
  return [...store.channels.values()].filter(
    (channel) => channel.kind === 'public' || channel.members.includes(store.me),
  );
}

/** First messages and what only this person sees, or one thread; oldest first. */
export function timeline(channel, thread) {
  const all = [...messagesOf(channel).values()].filter((message) =>
    thread
      ? message.ts === thread || message.threadTs === thread
      : !message.threadTs || message.threadTs === message.ts,
  );
  const own = [...store.ephemerals.values()].filter(
    (one) =>
      one.channel === channel &&
      one.user === store.me &&
      (thread ? one.threadTs === thread : !one.threadTs),
  );
  return [...all, ...own.map((one) => ({ ...one, isEphemeral: true }))].toSorted((a, b) =>
    a.ts < b.ts ? -1 : 1,
  );
}

export function messageAt(channel, ts) {
  return messagesOf(channel).get(ts);
}

/** What Slack itself writes: who came, who went, a new topic. */
export function isSystem(message) {
  return message.subtype?.startsWith('channel_') ?? false;
}
