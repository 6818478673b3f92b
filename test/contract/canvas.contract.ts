import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../src/core/document/document.ts';
import { type ErrorCode, HousecallError } from '../../src/core/errors.ts';
import type { Chat } from '../../src/ports/chat.ts';

/** A chat, and hands that write in the canvas of a channel. */
export interface CanvasWorld {
  readonly chat: Chat;
  /** What stands in the canvas, block by block; null: there is none. */
  canvasOf(channel: string): readonly string[] | null;
  /** A person who is in the channel writes in its canvas, or begins one. */
  write(channel: string, text: string): void;
  remove(channel: string): void;
  fault(kind: 'rate-limited' | 'lost-answer' | 'refused'): void;
  stop(): Promise<void>;
}

const FIRST = 'incident 7';
const MARKER = 'kept by Housecall';

function page(text: string, known?: string) {
  const document: Document = {
    summary: text,
    blocks: [
      { kind: 'heading', text: `${text}, ${FIRST}` },
      { kind: 'context', content: [MARKER] },
    ],
  };
  return {
    title: 'Handover',
    markers: [FIRST, MARKER],
    document,
    ...(known === undefined ? {} : { known }),
  };
}

async function errorOf(call: Promise<unknown>): Promise<{ code: ErrorCode; error: unknown }> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HousecallError)) throw new Error('it was not refused');
  return { code: error.code, error: error.context['error'] };
}

/** `member` is invited into each room. */
export function canvasContract(
  subject: string,
  member: string,
  create: () => Promise<CanvasWorld>,
): void {
  describe(`${subject} keeps a canvas`, () => {
    let world: CanvasWorld;
    let chat: Chat;
    let count = 0;
    const room = async (): Promise<string> => {
      const { channel } = await chat.openRoom({ name: `inc-canvas-${++count}` });
      await chat.invite(channel, [member]);
      return channel;
    };
    const shown = (channel: string): string => (world.canvasOf(channel) ?? []).join('\n');

    beforeAll(async () => {
      world = await create();
      chat = world.chat;
    });
    afterAll(() => world.stop());

    it('makes it with the page in it, and gives its id', async () => {
      const channel = await room();
      expect(world.canvasOf(channel)).toBeNull();
      expect(await chat.showCanvas(channel, page('disk is full'))).toMatch(/^F/);
      expect(shown(channel)).toContain('disk is full');
    });

    it('puts a later page in the place of the earlier one', async () => {
      const channel = await room();
      const known = await chat.showCanvas(channel, page('disk is full'));
      expect(await chat.showCanvas(channel, page('disk has room', known))).toBe(known);
      expect(shown(channel)).toContain('disk has room');
      expect(shown(channel)).not.toContain('disk is full');
    });

    it('keeps what a person wrote there', async () => {
      const channel = await room();
      const known = await chat.showCanvas(channel, page('disk is full'));
      world.write(channel, 'called the data centre');
      await chat.showCanvas(channel, page('disk has room', known));
      expect(shown(channel)).toContain('called the data centre');
    });

    it('goes on with a canvas that a person began, and keeps what stands in it', async () => {
      const channel = await room();
      world.write(channel, 'my notes');
      await chat.showCanvas(channel, page('disk is full'));
      expect(shown(channel)).toMatch(/disk is full[^]*my notes/);
    });

    it('finds the one that it made when the answer was lost', async () => {
      const channel = await room();
      world.fault('lost-answer');
      expect(await errorOf(chat.showCanvas(channel, page('disk is full')))).toMatchObject({
        code: 'CHAT_UNAVAILABLE',
      });
      await chat.showCanvas(channel, page('disk has room'));
      expect(shown(channel).split(MARKER)).toHaveLength(2);
      expect(shown(channel)).toContain('disk has room');
    });

    it('never makes one again that somebody deleted', async () => {
      const channel = await room();
      const known = await chat.showCanvas(channel, page('disk is full'));
      world.remove(channel);
      expect(await errorOf(chat.showCanvas(channel, page('again', known)))).toMatchObject({
        code: 'CHAT_REFUSED',
      });
      expect(world.canvasOf(channel)).toBeNull();
    });

    it('takes nothing for its own that quotes a line of it', async () => {
      const channel = await room();
      world.write(channel, `> ${MARKER}`);
      expect(await errorOf(chat.showCanvas(channel, page('disk is full')))).toEqual({
        code: 'CHAT_REFUSED',
        error: 'section_in_parts',
      });
      expect(shown(channel)).toBe(`> ${MARKER}`);
    });

    it('says how long to wait, and what was refused', async () => {
      const channel = await room();
      world.fault('rate-limited');
      expect(await errorOf(chat.showCanvas(channel, page('x')))).toMatchObject({
        code: 'CHAT_RATE_LIMITED',
      });
      world.fault('refused');
      expect(await errorOf(chat.showCanvas(channel, page('x')))).toEqual({
        code: 'CHAT_REFUSED',
        error: 'team_tier_cannot_create_channel_canvases',
      });
    });
  });
}
