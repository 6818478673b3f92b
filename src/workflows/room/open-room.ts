import type { ChatOperation, ChatRow } from '../../core/chat-operation.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { Chat } from '../../ports/chat.ts';
import type { LeasedRow, MessageRef } from '../../ports/outbox.ts';
import { announcementRow } from '../incident/open-incident.ts';
import { type Decision, readCase, type TransactDeps, transact } from '../record/transact.ts';

type RoomOpen = Extract<ChatOperation, { op: 'room.open' }>;

/**
 * Opens the channel of an incident and remembers it. Safe to repeat: a room that the record knows is
 * not opened again. Who comes in, and what stands over it, are rows of their own after this one.
 */
export async function openRoom(
  deps: TransactDeps & { readonly chat: Chat; readonly announceChannel: string },
  row: LeasedRow,
  operation: RoomOpen,
): Promise<MessageRef> {
  const { name, private: isPrivate = false, adopt } = operation;
  const { chat } = deps;
  const known = (await readCase(deps.journal, row.stream)).incident?.room ?? null;
  if (known !== null) return { channel: known.channel, ts: '' };
  const adopted = adopt !== undefined;
  const made = adopted ? await chat.join(adopt) : await chat.openRoom({ name, private: isPrivate });
  const room = { channel: made.channel, name: made.name };
  await transact(deps, { stream: row.stream, actor: HOUSECALL }, (state): Decision | null => {
    if (state.incident === null || state.incident.room !== null) return null;
    const opened = { ...state, incident: { ...state.incident, room: { ...room, adopted } } };
    return {
      events: [{ type: 'room.opened', ...room, ...(adopted ? { adopted } : {}) }],
      chat: [
        ...olderSteps(operation).map((step): ChatRow => ({ lane: row.lane, operation: step })),
        announcementRow(deps.announceChannel, opened, 'opened'),
      ],
      claims: [`channel:${room.channel}`],
    };
  });
  return { channel: room.channel, ts: '' };
}

/** Without them nobody would come into a room that was waiting while Housecall was updated. */
function olderSteps({ adopt, topic, purpose, invite = [] }: RoomOpen): ChatOperation[] {
  const own = adopt === undefined;
  return [
    ...(invite.length === 0 ? [] : [{ op: 'room.invite', people: invite } as const]),
    ...(own && topic !== undefined ? [{ op: 'room.topic', topic } as const] : []),
    ...(own && purpose !== undefined ? [{ op: 'room.purpose', purpose } as const] : []),
  ];
}
