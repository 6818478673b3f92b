import type { ChatOperation } from '../core/chat-operation.ts';
import { HousecallError } from '../core/errors.ts';
import { HOUSECALL } from '../core/person.ts';
import type { Chat } from '../ports/chat.ts';
import type { LeasedRow, MessageRef } from '../ports/outbox.ts';
import { announcementRow } from './open-incident.ts';
import { type Decision, readCase, type TransactDeps, transact } from './transact.ts';

/**
 * Opens the channel of an incident and remembers it. Safe to repeat: a room that the record knows is
 * not opened again. Topic, purpose and invites are best effort: each failure is a line in the room.
 */
export async function openRoom(
  deps: TransactDeps & { readonly chat: Chat; readonly announceChannel: string },
  row: LeasedRow,
  operation: Extract<ChatOperation, { op: 'room.open' }>,
): Promise<MessageRef> {
  const { chat } = deps;
  const known = (await readCase(deps.journal, row.stream)).incident?.room ?? null;
  if (known !== null) return { channel: known.channel, ts: '' };
  const { adopt } = operation;
  const adopted = adopt !== undefined;
  const room = adopted
    ? await chat.join(adopt)
    : await chat.openRoom({ name: operation.name, private: operation.private ?? false });
  const failures = [
    // What stands over somebody else's channel is theirs.
    ...(adopted
      ? []
      : [
          await attempt('topic', () => chat.setTopic(room.channel, operation.topic)),
          await attempt('purpose', () => chat.setPurpose(room.channel, operation.purpose)),
        ]),
    await attempt('invite', () =>
      operation.invite.length === 0
        ? Promise.resolve()
        : chat.invite(room.channel, operation.invite),
    ),
  ].filter((failure) => failure !== null);
  await transact(deps, { stream: row.stream, actor: HOUSECALL }, (state): Decision | null => {
    if (state.incident === null || state.incident.room !== null) return null;
    const opened = { ...state, incident: { ...state.incident, room: { ...room, adopted } } };
    return {
      events: [
        { type: 'room.opened', ...room, ...(adopted ? { adopted } : {}) },
        ...failures.map((failure) => ({ type: 'chat.failed', ...failure }) as const),
      ],
      chat: [
        announcementRow(deps.announceChannel, opened, 'opened'),
        ...failures.map(
          (failure, n) =>
            ({
              lane: row.lane,
              operation: {
                op: 'message.post',
                key: `room-failed:${n}`,
                document: {
                  summary: `${failure.operation} failed: ${failure.reason}`,
                  blocks: [
                    {
                      kind: 'context',
                      content: [`${failure.operation} failed: ${failure.reason}`],
                    },
                  ],
                },
              },
            }) as const,
        ),
      ],
      claims: [`channel:${room.channel}`],
    };
  });
  return { channel: room.channel, ts: '' };
}

async function attempt(
  operation: string,
  step: () => Promise<void>,
): Promise<{ operation: string; reason: string } | null> {
  try {
    await step();
    return null;
  } catch (error) {
    // Too many requests or an outage: the whole row is tried again.
    if (!(error instanceof HousecallError) || error.retryable) throw error;
    return { operation: `room.${operation}`, reason: error.message };
  }
}
