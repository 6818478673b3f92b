import type { Context } from '../context.ts';
import type { SocketMode } from '../delivery/socket-mode.ts';
import type { SwitchableTransport } from '../delivery/transport.ts';
import type { Faults } from '../faults.ts';
import type { Feed } from '../feed.ts';
import { clickInMessage, clickInView } from '../interactivity/click.ts';
import { runSlash } from '../interactivity/slash.ts';
import { closeView, stateValues, submitView } from '../interactivity/submit.ts';
import type { Json } from '../json.ts';
import type { User, View } from '../model.ts';
import { findChannel } from '../state.ts';
import { stackOf } from '../views.ts';
import type { Control } from './control.ts';
import { type SeenMessage, seenChannel, seenMessages, seenView, snapshotOf } from './look.ts';
import { channelNamed, createPeople, userNamed } from './people.ts';

export interface ControlParts {
  readonly context: Context;
  readonly feed: Feed;
  readonly faults: Faults;
  readonly sockets: SocketMode;
  readonly transport: SwitchableTransport;
  /** Every event, as it happened. */
  readonly events: readonly Json[];
  idle(): Promise<void>;
}

export function createControl(parts: ControlParts): Control {
  const { context, feed, faults, sockets, transport } = parts;
  const looks = createLooks(parts);
  return {
    ...createPeople(context),
    ...createInteractions(context),
    ...looks,
    waitFor: (look, timeoutMs = 5000, what = 'what the test waits for') =>
      feed.waitFor(look, timeoutMs, what),
    waitForMessage: (channel, matches, timeoutMs = 5000) =>
      feed.waitFor(
        () => findChannel(context.state, channel) && looks.messages(channel).find(matches),
        timeoutMs,
        `a message in ${channel}`,
      ),
    subscribe: (listener) => feed.subscribe(listener),
    idle: () => parts.idle(),
    addFault: (rule) => faults.add(rule),
    clearFaults: () => faults.clear(),
    setRequestUrl: async (url) => {
      await transport.setRequestUrl(url);
      context.publish({ kind: 'connection' });
    },
    events: parts.events,
    deliveries: transport.deliveries,
    sockets: {
      count: () => sockets.count(),
      refresh: (count) => sockets.refresh(count),
      kill: (count) => sockets.kill(count),
    },
  };
}

/** What people do and the app has to answer. */
function createInteractions(
  context: Context,
): Pick<Control, 'slash' | 'click' | 'clickInView' | 'submitView' | 'closeView'> {
  const ownView = (user: string, id: string): { user: User; view: View } | null => {
    const who = userNamed(context, user);
    const view = context.state.views.get(id);
    return view && view.user === who.id ? { user: who, view } : null;
  };
  return {
    slash: (user, channel, command, text = '') =>
      runSlash(
        context,
        { user: userNamed(context, user), channel: channelNamed(context, channel) },
        { command, text },
      ),
    click: (user, channel, ts, actionId, value) =>
      clickInMessage(
        context,
        { user: userNamed(context, user), channel: channelNamed(context, channel), ts },
        { actionId, ...(value === undefined ? {} : { value }) },
      ),
    clickInView: async (user, viewId, wanted, filled = {}) => {
      const own = ownView(user, viewId);
      if (!own)
        return { ok: false, error: 'view_not_found', ackMs: 0, triggerId: '', responseUrl: '' };
      return clickInView(context, { ...own, values: stateValues(own.view, filled) }, wanted);
    },
    submitView: async (user, viewId, filled = {}) => {
      const own = ownView(user, viewId);
      return own
        ? submitView(context, own, filled)
        : { ok: false, error: 'view_not_found', ackMs: 0 };
    },
    closeView: async (user, viewId) => {
      const own = ownView(user, viewId);
      return own ? closeView(context, own) : { ok: false, error: 'view_not_found' };
    },
  };
}

type Looks = Pick<
  Control,
  | 'users'
  | 'channels'
  | 'channel'
  | 'messages'
  | 'thread'
  | 'threads'
  | 'ephemerals'
  | 'views'
  | 'home'
  | 'fileContent'
  | 'snapshot'
>;

function createLooks({ context, sockets, transport }: ControlParts): Looks {
  const { state } = context;
  const messages = (name: string): readonly SeenMessage[] =>
    seenMessages(context, channelNamed(context, name));
  const thread = (name: string, ts: string): readonly SeenMessage[] =>
    messages(name).filter((message) => message.ts === ts || message.threadTs === ts);
  return {
    users: () => [...state.users.values()],
    channels: () => [...state.channels.values()].map(seenChannel),
    channel: (name) => {
      const channel = findChannel(state, name);
      return channel && seenChannel(channel);
    },
    messages,
    thread,
    threads: (name) =>
      messages(name)
        .filter((message) => message.replies > 0)
        .map((message) => thread(name, message.ts)),
    ephemerals: (user, name) => {
      const { id } = userNamed(context, user);
      const channel = name === undefined ? null : channelNamed(context, name).id;
      return structuredClone(
        state.ephemerals.filter(
          (entry) => entry.user === id && (channel === null || entry.channel === channel),
        ),
      );
    },
    views: (user) =>
      stackOf(context, userNamed(context, user).id).map((view) => seenView(context, view)),
    home: (user) => {
      const { id } = userNamed(context, user);
      const view = [...state.views.values()].find((one) => one.type === 'home' && one.user === id);
      return view ? seenView(context, view) : null;
    },
    fileContent: (id) => state.files.get(id)?.content ?? null,
    snapshot: () =>
      snapshotOf(context, { connections: sockets.count(), requestUrl: transport.requestUrl() }),
  };
}
