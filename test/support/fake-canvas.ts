import type { Document } from '../../src/core/document/document.ts';
import type { CanvasPage } from '../../src/ports/chat.ts';
import { documentText } from './document-text.ts';

/** A channel's canvas: what Housecall put there, and what people wrote. */
export interface FakeCanvas {
  readonly id: string;
  readonly parts: { text: string; document: Document | null }[];
}

/** Has a canvas been deleted? Then its id is known no more. */
export function showInCanvas(
  room: { canvas?: FakeCanvas; readonly channel: string },
  page: CanvasPage,
  refuse: (error: string) => never,
): string {
  if (page.known !== undefined && room.canvas?.id !== page.known) refuse('canvas_not_found');
  room.canvas ??= { id: `F${room.channel}`, parts: [] };
  const text = documentText(page.document);
  const holds = (all: string, markers: readonly string[]) => markers.every((m) => all.includes(m));
  const mine = room.canvas.parts.find((part) => holds(part.text, page.markers));
  const parts = room.canvas.parts.some((one) => page.markers.some((m) => one.text.includes(m)));
  if (mine === undefined && parts) refuse('section_in_parts');
  if (mine === undefined) room.canvas.parts.unshift({ text, document: page.document });
  else Object.assign(mine, { text, document: page.document });
  return room.canvas.id;
}
