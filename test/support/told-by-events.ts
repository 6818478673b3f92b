import { type Json, recordOf, recordsOf, textOf } from '../../src/workspace/json.ts';

/** What was done to one message of a person. */
export interface ToldMessage {
  readonly ts: string;
  readonly thread: string;
  readonly user: string;
  /** Every text it had, the first one first. */
  readonly texts: string[];
  deleted: boolean;
  /** `<name> <user>`, as they stand in the end. */
  readonly reactions: Set<string>;
  /** Ids of the files that it came with. */
  readonly files: readonly string[];
}

/** A room by the workspace's own events, which the app had no part in: messages of people by `ts`. */
export function toldByEvents(
  events: readonly Json[],
  channel: string,
  people: ReadonlySet<string>,
): ReadonlyMap<string, ToldMessage> {
  const told = new Map<string, ToldMessage>();
  for (const event of events) {
    const type = textOf(event['type']);
    if (type === 'message' && event['channel'] === channel) hear(told, event, people);
    if (type === 'reaction_added' || type === 'reaction_removed') mark(told, event, type);
  }
  return told;
}

function hear(told: Map<string, ToldMessage>, event: Json, people: ReadonlySet<string>): void {
  const subtype = textOf(event['subtype']);
  if (subtype === 'message_changed') {
    const message = recordOf(event['message']);
    const known = told.get(textOf(message['ts']));
    if (known === undefined) return;
    const text = textOf(message['text']);
    if (message['subtype'] === 'tombstone') known.deleted = true;
    else if (known.texts.at(-1) !== text) known.texts.push(text);
  } else if (subtype === 'message_deleted') {
    const known = told.get(textOf(event['deleted_ts']));
    if (known !== undefined) known.deleted = true;
  } else if (people.has(textOf(event['user']))) {
    const ts = textOf(event['ts']);
    const thread = textOf(event['thread_ts']);
    told.set(ts, {
      ts,
      thread: thread === ts ? '' : thread,
      user: textOf(event['user']),
      texts: [textOf(event['text'])],
      deleted: false,
      reactions: new Set(),
      files: recordsOf(event['files']).map((file) => textOf(file['id'])),
    });
  }
}

function mark(told: ReadonlyMap<string, ToldMessage>, event: Json, type: string): void {
  const message = told.get(textOf(recordOf(event['item'])['ts']));
  const name = `${textOf(event['reaction'])} ${textOf(event['user'])}`;
  if (type === 'reaction_added') message?.reactions.add(name);
  else message?.reactions.delete(name);
}
