import type { Json } from './json.ts';
import type { Change, Channel } from './model.ts';
import type { SlashCommand } from './settings.ts';
import type { State } from './state.ts';

/** What the parts of the workspace share. */
export interface Context {
  readonly state: State;
  readonly scopes: readonly string[];
  readonly plan: 'free' | 'pro';
  /** Whether messages take chart blocks. */
  readonly charts: boolean;
  /** `none`: the plan has no channel canvases; `disabled`: an administrator switched them off. */
  readonly canvases: 'all' | 'none' | 'disabled';
  readonly commands: readonly SlashCommand[];
  /** Whether Slack's own lines stand in the channels. */
  readonly systemMessages: boolean;
  /** `http://127.0.0.1:<port>`; known once the server listens. */
  baseUrl(): string;
  /** Unix milliseconds. */
  now(): number;
  publish(change: Change): void;
  /** Sends an Events API event to the app, where it subscribed to it and may see it. */
  emit(event: Json, channel: Channel | null): void;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly transport: Transport;
}

export interface Trigger {
  readonly user: string;
  /** The view it was given in: then only `views.push` and `views.update` make sense. */
  readonly view?: string;
}

export interface Triggers {
  issue(trigger: Trigger): string;
  /** Uses it up. Slack's error codes: expired_trigger_id, exchanged_trigger_id, invalid_trigger_id. */
  take(id: string): Trigger | { readonly error: string };
}

/** Where an answer to an interaction goes. */
export interface ResponseTarget {
  readonly user: string;
  readonly channel: string;
  /** The message the interaction happened on. */
  readonly source?: {
    readonly ts: string;
    readonly ephemeral: boolean;
    readonly threadTs?: string;
  };
}

export interface ResponseUrls {
  issue(target: ResponseTarget): string;
  /** Uses it once. Slack's error codes: used_url, expired_url. */
  take(secret: string): ResponseTarget | { readonly error: string };
}

/** What the app answered to a command, click or submission. */
export type Ack =
  | { readonly ok: true; readonly payload: Json; readonly ms: number }
  /** `operation_timeout`: no answer in time; `dispatch_failed`: nobody to ask, or a refusal. */
  | { readonly ok: false; readonly error: string; readonly ms: number };

export type EnvelopeType = 'slash_commands' | 'interactive';

export interface Transport {
  /** Asks once, without retry, as Slack does for people's actions. */
  ask(type: EnvelopeType, payload: Json): Promise<Ack>;
  /** Delivers an event callback, with retries; never rejects. */
  send(body: Json): Promise<void>;
}
