import type { Context } from '../context.ts';
import type { Channel, Ephemeral, Message, User } from '../model.ts';
import { respond } from './respond.ts';
import { commandText, escaped } from './typed-text.ts';

export interface SlashOutcome {
  readonly ok: boolean;
  /**
   * What the person would be told: `unknown_command`, `not_in_channel`, `is_archived`,
   * `operation_timeout`, `dispatch_failed`, or why the answer was no message.
   */
  readonly error?: string;
  readonly ackMs: number;
  readonly triggerId: string;
  readonly responseUrl: string;
  /** The answer that came with the ack. */
  readonly ephemeral?: Ephemeral;
  readonly message?: Message;
}

/** A person types a slash command; resolves when the app has acknowledged it, or failed to. */
export async function runSlash(
  context: Context,
  who: { readonly user: User; readonly channel: Channel },
  typed: { readonly command: string; readonly text: string },
): Promise<SlashOutcome> {
  const { user, channel } = who;
  const none = { ok: false, ackMs: 0, triggerId: '', responseUrl: '' };
  const command = context.commands.find((candidate) => candidate.command === typed.command);
  if (!command || !context.scopes.includes('commands'))
    return { ...none, error: 'unknown_command' };
  if (channel.isArchived) return { ...none, error: 'is_archived' };
  if (!channel.members.has(user.id)) return { ...none, error: 'not_in_channel' };
  const { state } = context;
  const triggerId = context.triggers.issue({ user: user.id });
  const target = { user: user.id, channel: channel.id };
  const responseUrl = context.responseUrls.issue(target);
  const isEscaping = command.shouldEscape ?? true;
  const ack = await context.transport.ask('slash_commands', {
    token: 'unused',
    team_id: user.teamId,
    team_domain: state.team.domain,
    channel_id: channel.id,
    channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
    user_id: user.id,
    user_name: user.name,
    command: command.command,
    text: isEscaping ? commandText(state, typed.text) : escaped(typed.text),
    api_app_id: state.bot.appId,
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: triggerId,
  });
  const common = { ackMs: ack.ms, triggerId, responseUrl };
  if (!ack.ok) return { ok: false, error: ack.error, ...common };
  if (!ack.payload['text'] && ack.payload['blocks'] === undefined) return { ok: true, ...common };
  const { error, ...shown } = respond(context, target, ack.payload, 'ack');
  return error === null ? { ok: true, ...common, ...shown } : { ok: false, error, ...common };
}
