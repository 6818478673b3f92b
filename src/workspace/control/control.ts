import type { Delivery } from '../delivery/transport.ts';
import type { FaultRule } from '../faults.ts';
import type { ClickOutcome, Wanted } from '../interactivity/click.ts';
import type { SlashOutcome } from '../interactivity/slash.ts';
import type { Filled, SubmitOutcome } from '../interactivity/submit.ts';
import type { Json } from '../json.ts';
import type { Change, Ephemeral, User } from '../model.ts';
import type { SeenChannel, SeenMessage, Snapshot } from './look.ts';

/**
 * What people do in the workspace, and what they see. Users are given by id or name, channels by id,
 * `#name` or name. What cannot be done throws `WorkspaceError` with Slack's word for it.
 */
export interface Control {
  say(user: string, channel: string, text: string, thread?: string): SeenMessage;
  edit(user: string, channel: string, ts: string, text: string): SeenMessage;
  remove(user: string, channel: string, ts: string): void;
  /** Resolves when the app has acknowledged the command, or failed to. */
  slash(user: string, channel: string, command: string, text?: string): Promise<SlashOutcome>;
  /** Clicks an element that is really in the message; `value` picks one of several with this id. */
  click(
    user: string,
    channel: string,
    ts: string,
    actionId: string,
    value?: string,
  ): Promise<ClickOutcome>;
  clickInView(user: string, viewId: string, wanted: Wanted, filled?: Filled): Promise<ClickOutcome>;
  submitView(user: string, viewId: string, filled?: Filled): Promise<SubmitOutcome>;
  closeView(
    user: string,
    viewId: string,
  ): Promise<{ readonly ok: boolean; readonly error?: string }>;
  /** Opens the app's home page: the app gets `app_home_opened`. */
  openHome(user: string): void;
  /** Shares a file, with a text or without. */
  share(user: string, channel: string, file: Shared): SeenMessage;
  /** Takes a file away everywhere; its messages stay. */
  deleteFile(user: string, id: string): void;
  /** Writes at the end of the channel's canvas, or begins one. */
  writeCanvas(user: string, channel: string, markdown: string): void;
  /** Takes the channel's canvas away, or one section of it: the first that contains the text. */
  deleteCanvas(user: string, channel: string, containing?: string): void;
  react(user: string, channel: string, ts: string, name: string): void;
  unreact(user: string, channel: string, ts: string, name: string): void;
  pin(user: string, channel: string, ts: string): void;
  unpin(user: string, channel: string, ts: string): void;

  createChannel(user: string, name: string, kind?: 'public' | 'private'): SeenChannel;
  join(user: string, channel: string): void;
  leave(user: string, channel: string): void;
  /** A member brings somebody else in, the bot for instance. */
  invite(user: string, channel: string, invited: string): void;
  archive(user: string, channel: string): void;
  unarchive(user: string, channel: string): void;

  users(): readonly User[];
  channels(): readonly SeenChannel[];
  /** Undefined when there is none. */
  channel(idOrName: string): SeenChannel | undefined;
  /** Every message and reply of the channel, oldest first. */
  messages(channel: string): readonly SeenMessage[];
  /** The thread's first message and its replies. */
  thread(channel: string, ts: string): readonly SeenMessage[];
  /** The threads of the channel: each a first message with its replies. */
  threads(channel: string): readonly (readonly SeenMessage[])[];
  ephemerals(user: string, channel?: string): readonly Ephemeral[];
  /** The modals that this person sees, the topmost last. */
  views(user: string): readonly Json[];
  home(user: string): Json | null;
  fileContent(id: string): Buffer | null;
  snapshot(): Snapshot;

  /** Waits until the function gives something; it is asked after every change. */
  waitFor<T>(
    look: () => T | null | undefined | false,
    timeoutMs?: number,
    what?: string,
  ): Promise<T>;
  waitForMessage(
    channel: string,
    matches: (message: SeenMessage) => boolean,
    timeoutMs?: number,
  ): Promise<SeenMessage>;
  subscribe(listener: (change: Change) => void): () => void;
  /** Resolves when every event under way has been acknowledged or given up. */
  idle(): Promise<void>;

  addFault(rule: FaultRule): void;
  clearFaults(): void;
  /** Signed HTTP from now on, after `url_verification`; null goes back to Socket Mode. */
  setRequestUrl(url: string | null): Promise<void>;
  /** Every event of the workspace, whether anybody was told of it or not; the latest 50,000. */
  readonly events: readonly Json[];
  /** What was sent to the app, each attempt. */
  readonly deliveries: readonly Delivery[];
  readonly sockets: {
    count(): number;
    refresh(count?: number): number;
    kill(count?: number): number;
  };
}

/** A file as a person shares it. */
export interface Shared {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly text?: string;
  readonly thread?: string;
}

/** `code` is Slack's error code. */
export class WorkspaceError extends Error {
  readonly code: string;

  constructor(code: string, what: string) {
    super(`${what}: ${code}`);
    this.name = 'WorkspaceError';
    this.code = code;
  }
}
