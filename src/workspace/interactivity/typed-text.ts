import type { State } from '../state.ts';

/** What Slack makes of text that a person typed: control characters escaped, names to ids. */
export function typedText(state: State, text: string): string {
  return mentioned(state, escaped(text)).replace(
    /(^|[\s(])(https?:\/\/[^\s<>|)]+)/g,
    (_match, before: string, url: string) => `${before}<${url}>`,
  );
}

export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** `@ada` and `#general` to their ids, where such a person or channel exists. */
function mentioned(state: State, text: string): string {
  return text
    .replace(/(^|[\s(])@([a-z0-9._-]*[a-z0-9_-])/g, (match, before: string, name: string) => {
      const user = [...state.users.values()].find((candidate) => candidate.name === name);
      const group = state.userGroups.find((candidate) => candidate.handle === name);
      if (user) return `${before}<@${user.id}>`;
      if (group) return `${before}<!subteam^${group.id}|@${group.handle}>`;
      return ['here', 'channel', 'everyone'].includes(name) ? `${before}<!${name}>` : match;
    })
    .replace(/(^|[\s(])#([a-z0-9_-]+)/g, (match, before: string, name: string) => {
      const channel = [...state.channels.values()].find((candidate) => candidate.name === name);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : match;
    });
}

/** A slash command's text with `should_escape`: mentions carry the name too. */
export function commandText(state: State, text: string): string {
  return typedText(state, text).replace(/<@([A-Z0-9]+)>/g, (match, id: string) => {
    const user = state.users.get(id);
    return user ? `<@${id}|${user.name}>` : match;
  });
}
