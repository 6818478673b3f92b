import type { ChatOperation } from '../../core/chat-operation.ts';
import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { handoverMarkers } from '../../core/incident/handover-document.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Journal } from '../../ports/journal.ts';
import type { LeasedRow, MessageRef, Outbox } from '../../ports/outbox.ts';
import { readCase } from '../record/transact.ts';
import { wantsCanvas } from './keep-canvas.ts';

export interface FillCanvasDeps {
  readonly journal: Journal;
  readonly outbox: Pick<Outbox, 'ref'>;
  readonly chat: Pick<Chat, 'showCanvas' | 'permalink'>;
}

/** Writes the page into the canvas of the room. The ref names the canvas, where a message's has its channel. */
export async function fillCanvas(
  deps: FillCanvasDeps,
  { stream, lane, superseded }: LeasedRow,
  { document }: Extract<ChatOperation, { op: 'room.canvas' }>,
): Promise<MessageRef | undefined> {
  const known = await deps.outbox.ref(lane, 'canvas');
  if (superseded) return known ?? undefined;
  const state = await readCase(deps.journal, stream);
  const room = state.incident?.room?.channel;
  if (room === undefined || !wantsCanvas(state)) return undefined;
  const panel = await deps.outbox.ref(`room:${stream}`, 'panel');
  const link = panel === null ? null : await deps.chat.permalink(panel);
  try {
    const canvas = await deps.chat.showCanvas(room, {
      title: `Handover ${stream}`,
      document: link === null ? document : withPanel(document, link),
      markers: handoverMarkers(stream),
      ...(known === null ? {} : { known: known.channel }),
    });
    return { channel: canvas, ts: '' };
  } catch (error) {
    // While it was on its way the incident was closed and the room archived: nobody needs to hear that.
    if (isRefusal(error) && !wantsCanvas(await readCase(deps.journal, stream))) return undefined;
    throw error;
  }
}

/** Before the last line, which says whose the page is. */
function withPanel(document: Document, link: string): Document {
  const text = 'The panel of this incident, with its buttons';
  return {
    ...document,
    blocks: [
      ...document.blocks.slice(0, -1),
      { kind: 'paragraph', content: [{ link, text }] },
      ...document.blocks.slice(-1),
    ],
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof HousecallError && error.code === 'CHAT_REFUSED';
}
