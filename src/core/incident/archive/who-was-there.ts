import type { ArchiveInput } from './archive-input.ts';
import type { NameOf } from './event-words.ts';
import type { Story } from './story.ts';

export interface Present {
  readonly user: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** How many messages they wrote in the room. */
  readonly messages: number;
}

/** People who said or did something, or had a role; no bots. */
export function whoWasThere(input: ArchiveInput, story: Story, nameOf: NameOf): readonly Present[] {
  const said = new Map<string, number>();
  const bots = new Set<string>();
  for (const { author, bot } of input.messages) {
    said.set(author, (said.get(author) ?? 0) + 1);
    if (bot === true) bots.add(author);
  }
  const roles = Object.entries(story.incident.roles);
  const users = new Set([...input.names.keys(), ...roles.map(([, user]) => user)]);
  return [...users]
    .filter((user) => !bots.has(user))
    .map((user) => ({
      user,
      name: nameOf(user),
      roles: roles.filter(([, holder]) => holder === user).map(([role]) => role),
      messages: said.get(user) ?? 0,
    }));
}
