import { type Json, recordOf } from '../json.ts';
import type { RequestLog } from '../request-log.ts';
import { type Control, WorkspaceError } from './control.ts';
import { faultFrom } from './fault-json.ts';

type Verb = (body: Json) => unknown;

/** What `POST /control/<verb>` does with its JSON object. */
export function createVerbs(control: Control, log: RequestLog): Readonly<Record<string, Verb>> {
  return {
    say: (body) => control.say(...room(body), t(body, 'text'), maybe(body, 'thread')),
    edit: (body) => control.edit(...at(body), t(body, 'text')),
    remove: (body) => control.remove(...at(body)),
    slash: (body) => control.slash(...room(body), t(body, 'command'), maybe(body, 'text')),
    click: (body) => control.click(...at(body), t(body, 'actionId'), maybe(body, 'value')),
    clickInView: (body) =>
      control.clickInView(t(body, 'user'), t(body, 'view'), wanted(body), recordOf(body['values'])),
    submitView: (body) =>
      control.submitView(t(body, 'user'), t(body, 'view'), recordOf(body['values'])),
    closeView: (body) => control.closeView(t(body, 'user'), t(body, 'view')),
    openHome: (body) => control.openHome(t(body, 'user')),
    share: (body) =>
      control.share(...room(body), {
        name: t(body, 'name'),
        content: Buffer.from(t(body, 'base64'), 'base64'),
        ...texts(body, 'text', 'thread'),
      }),
    deleteFile: (body) => control.deleteFile(t(body, 'user'), t(body, 'file')),
    writeCanvas: (body) => control.writeCanvas(...room(body), t(body, 'markdown')),
    deleteCanvas: (body) => control.deleteCanvas(...room(body), maybe(body, 'containing')),
    react: (body) => control.react(...at(body), t(body, 'name')),
    unreact: (body) => control.unreact(...at(body), t(body, 'name')),
    pin: (body) => control.pin(...at(body)),
    unpin: (body) => control.unpin(...at(body)),
    createChannel: (body) =>
      control.createChannel(
        t(body, 'user'),
        t(body, 'name'),
        body['kind'] === 'private' ? 'private' : 'public',
      ),
    join: (body) => control.join(...room(body)),
    leave: (body) => control.leave(...room(body)),
    invite: (body) => control.invite(...room(body), t(body, 'invited')),
    archive: (body) => control.archive(...room(body)),
    unarchive: (body) => control.unarchive(...room(body)),
    users: () => control.users(),
    channels: () => control.channels(),
    messages: (body) => control.messages(t(body, 'channel')),
    thread: (body) => control.thread(t(body, 'channel'), t(body, 'ts')),
    threads: (body) => control.threads(t(body, 'channel')),
    ephemerals: (body) => control.ephemerals(t(body, 'user'), maybe(body, 'channel')),
    views: (body) => control.views(t(body, 'user')),
    home: (body) => control.home(t(body, 'user')),
    snapshot: () => control.snapshot(),
    requests: () => log.entries,
    events: () => control.events,
    deliveries: () => control.deliveries,
    waitForMessage: (body) =>
      control.waitForMessage(
        t(body, 'channel'),
        (message) => JSON.stringify(message).includes(t(body, 'contains')),
        number(body, 'timeoutMs'),
      ),
    addFault: (body) => control.addFault(faultFrom(body)),
    clearFaults: () => control.clearFaults(),
    setRequestUrl: (body) => control.setRequestUrl(maybe(body, 'url') ?? null),
    refreshSockets: (body) => control.sockets.refresh(number(body, 'count')),
    killSockets: (body) => control.sockets.kill(number(body, 'count')),
  };
}

/** A text that has to be there. */
function t(body: Json, key: string): string {
  const value = body[key];
  if (typeof value !== 'string')
    throw new WorkspaceError('invalid_arguments', `text ${key} is missing`);
  return value;
}

function maybe(body: Json, key: string): string | undefined {
  const value = body[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Those of the keys that are there. */
function texts(body: Json, ...keys: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = maybe(body, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function number(body: Json, key: string): number | undefined {
  const value = body[key];
  return typeof value === 'number' ? value : undefined;
}

function at(body: Json): readonly [string, string, string] {
  return [t(body, 'user'), t(body, 'channel'), t(body, 'ts')];
}

function room(body: Json): readonly [string, string] {
  return [t(body, 'user'), t(body, 'channel')];
}

function wanted(body: Json): { actionId: string; value?: string; blockId?: string } {
  const value = maybe(body, 'value');
  const blockId = maybe(body, 'blockId');
  return {
    actionId: t(body, 'actionId'),
    ...(value === undefined ? {} : { value }),
    ...(blockId === undefined ? {} : { blockId }),
  };
}
