import { isSystem, store } from './store.js';

/** Channel and person → ts up to which it has been read. Starts at what was there at first sight. */
const read = new Map();
const key = (user, channel) => `${user} ${channel}`;

export function markAllRead() {
  for (const user of store.users.keys())
    for (const channel of store.channels.keys())
      if (!read.has(key(user, channel))) read.set(key(user, channel), lastTs(channel));
}

export function markRead(user, channel) {
  read.set(key(user, channel), lastTs(channel));
}

/** How many first messages of others are new, and how many mention this person. */
export function unreadOf(user, channel) {
  const since = read.get(key(user, channel)) ?? '';
  let count = 0;
  let mentions = 0;
  for (const message of store.messages.get(channel)?.values() ?? []) {
    if (message.ts <= since || message.user === user || isSystem(message)) continue;
    if (!message.threadTs) count += 1;
    if (mentionsUser(message, user)) mentions += 1;
  }
  return { count, mentions };
}

function mentionsUser(message, user) {
  return (
    message.text.includes(`<@${user}>`) ||
    message.text.includes('<!channel>') ||
    JSON.stringify(message.blocks).includes(`"user_id":"${user}"`)
  );
}

function lastTs(channel) {
  let last = '';
  for (const ts of store.messages.get(channel)?.keys() ?? []) if (ts > last) last = ts;
  return last;
}
