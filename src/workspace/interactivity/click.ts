import type { Context } from '../context.ts';
import type { Json } from '../json.ts';
import { listOf } from '../json.ts';
import { messageJson } from '../message-json.ts';
import type { Channel, User, View } from '../model.ts';
import { findMessage } from '../state.ts';
import { viewJson } from '../views.ts';
import { actionPayload, findAction } from './find-action.ts';

export interface ClickOutcome {
  readonly ok: boolean;
  /** `message_not_found`, `action_not_found`, `not_in_channel`, `is_archived`, `operation_timeout`, `dispatch_failed`. */
  readonly error?: string;
  readonly ackMs: number;
  readonly triggerId: string;
  readonly responseUrl: string;
}

export interface Wanted {
  readonly actionId: string;
  /** A button's value, where several buttons have this id; for other elements what was chosen. */
  readonly value?: string;
  readonly blockId?: string;
}

const FAILED = { ok: false, ackMs: 0, triggerId: '', responseUrl: '' };

/** A person clicks something in a message, or in an answer that only they see. */
export async function clickInMessage(
  context: Context,
  who: { readonly user: User; readonly channel: Channel; readonly ts: string },
  wanted: Wanted,
): Promise<ClickOutcome> {
  const { user, channel, ts } = who;
  const message = findMessage(channel, ts);
  const ephemeral = context.state.ephemerals.find(
    (entry) => entry.ts === ts && entry.channel === channel.id && entry.user === user.id,
  );
  const shown = message ?? ephemeral;
  if (!shown) return { ...FAILED, error: 'message_not_found' };
  if (!channel.members.has(user.id)) return { ...FAILED, error: 'not_in_channel' };
  if (channel.isArchived) return { ...FAILED, error: 'is_archived' };
  const found = findAction(shown.blocks, wanted);
  if (!found) return { ...FAILED, error: 'action_not_found' };
  const thread = shown.threadTs === undefined ? {} : { threadTs: shown.threadTs };
  const responseUrl = context.responseUrls.issue({
    user: user.id,
    channel: channel.id,
    source: { ts, ephemeral: !message, ...thread },
  });
  return send(context, user, {
    responseUrl,
    trigger: context.triggers.issue({ user: user.id }),
    fields: {
      container: {
        type: 'message',
        message_ts: ts,
        channel_id: channel.id,
        is_ephemeral: !message,
        ...(shown.threadTs === undefined ? {} : { thread_ts: shown.threadTs }),
      },
      channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
      ...(message ? { message: messageJson(context, channel, message) } : {}),
      state: { values: {} },
      response_url: responseUrl,
      actions: [actionPayload(found, wanted.value, context.now())],
    },
  });
}

/** A person clicks something in one of their modals or on the app's home page. */
export async function clickInView(
  context: Context,
  who: { readonly user: User; readonly view: View; readonly values: Json },
  wanted: Wanted,
): Promise<ClickOutcome> {
  const { user, view, values } = who;
  const found = findAction(listOf(view.content['blocks']), wanted);
  if (!found) return { ...FAILED, error: 'action_not_found' };
  return send(context, user, {
    responseUrl: '',
    trigger: context.triggers.issue({ user: user.id, view: view.id }),
    fields: {
      container: { type: 'view', view_id: view.id },
      view: viewJson(context, view, values),
      actions: [actionPayload(found, wanted.value, context.now())],
    },
  });
}

async function send(
  context: Context,
  user: User,
  click: { readonly responseUrl: string; readonly trigger: string; readonly fields: Json },
): Promise<ClickOutcome> {
  const ack = await context.transport.ask('interactive', {
    type: 'block_actions',
    ...interactionHead(context, user),
    trigger_id: click.trigger,
    ...click.fields,
  });
  const outcome = { ackMs: ack.ms, triggerId: click.trigger, responseUrl: click.responseUrl };
  return ack.ok ? { ok: true, ...outcome } : { ok: false, error: ack.error, ...outcome };
}

/** What every interactive payload begins with. */
export function interactionHead(context: Context, user: User): Json {
  const { team, bot } = context.state;
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: bot.appId,
    token: 'unused',
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}
