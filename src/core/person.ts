/** A person, by Slack identity: team id and user id, never by name. */
export interface Person {
  readonly team: string;
  readonly user: string;
}

/** Who did something. */
export type Actor =
  | ({ readonly kind: 'person' } & Person)
  | { readonly kind: 'alert'; readonly source: string; readonly name?: string }
  | { readonly kind: 'housecall' };

export const HOUSECALL: Actor = { kind: 'housecall' };

export function samePerson(a: Person, b: Person): boolean {
  return a.team === b.team && a.user === b.user;
}
