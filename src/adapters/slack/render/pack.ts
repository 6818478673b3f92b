import { LIMITS } from '../limits.ts';
import { type Piece, piece } from './piece.ts';
import { plainText } from './text.ts';

/** The messages of one document: 20 times 10,000 characters is more than anybody reads in a chat. */
export const MAX_PARTS = 20;

/** Kept free for the line that says how much more there is. */
const NOTE_CHARACTERS = 200;

/** What may follow the note in the first message: the buttons and the footer. */
const TAIL_CHARACTERS = 4_000;
const TAIL_BLOCKS = 10;

interface Room {
  readonly characters: number;
  readonly blocks: number;
}

const WHOLE: Room = { characters: LIMITS.messageCharacters, blocks: LIMITS.blocksPerMessage };

/**
 * Distributes pieces over a message and replies in its thread. Buttons and footer at the end stay in
 * the message itself, so that what is to be clicked is where everybody looks.
 */
export function pack(all: readonly Piece[]): readonly (readonly Piece[])[] {
  if (fits(all, WHOLE)) return [all];
  const [body, tail] = cutTail(all);
  const size = sum(tail);
  const [first, rest] = fill(body, {
    characters: WHOLE.characters - NOTE_CHARACTERS - size.characters,
    blocks: WHOLE.blocks - 1 - size.blocks,
  });
  const parts: Piece[][] = [[...first, note(`… ${lineCount(rest)} in the thread`), ...tail]];
  let left = rest;
  while (left.length > 0) {
    const [part, after] = fill(left, {
      characters: WHOLE.characters - NOTE_CHARACTERS,
      blocks: WHOLE.blocks - 1,
    });
    const last = parts.length === MAX_PARTS - 1 && after.length > 0;
    parts.push(last ? [...part, note(`… ${lineCount(after)} left out`)] : [...part]);
    left = last ? [] : after;
  }
  return parts;
}

/** The pieces that fit one view; what is left out is said. */
export function packView(all: readonly Piece[], blocks: number): readonly Piece[] {
  const room = { characters: LIMITS.viewCharacters, blocks };
  if (fits(all, room)) return all;
  const [shown, rest] = fill(all, {
    characters: room.characters - NOTE_CHARACTERS,
    blocks: room.blocks - 1,
  });
  return [...shown, note(`… ${lineCount(rest)} do not fit here`)];
}

function cutTail(all: readonly Piece[]): readonly [body: readonly Piece[], tail: readonly Piece[]] {
  let start = all.length;
  for (let i = all.length - 1; i >= 0; i -= 1) {
    const kind = all[i]?.kind;
    if (kind !== 'actions' && kind !== 'context') break;
    if (!fits(all.slice(i), { characters: TAIL_CHARACTERS, blocks: TAIL_BLOCKS })) break;
    start = i;
  }
  return [all.slice(0, start), all.slice(start)];
}

function fill(
  all: readonly Piece[],
  room: Room,
): readonly [taken: readonly Piece[], rest: readonly Piece[]] {
  let count = 0;
  while (count < all.length && fits(all.slice(0, count + 1), room)) count += 1;
  // A piece alone is always smaller than a message; taking one keeps this certain to end.
  count = Math.max(1, count);
  let end = count;
  // A heading belongs to what follows it.
  while (end < all.length && end > 1 && all[end - 1]?.kind === 'heading') end -= 1;
  return [all.slice(0, end), all.slice(end)];
}

function fits(some: readonly Piece[], room: Room): boolean {
  const size = sum(some);
  return size.characters <= room.characters && size.blocks <= room.blocks;
}

function sum(some: readonly Piece[]): Room {
  return {
    characters: some.reduce((total, { characters }) => total + characters, 0),
    blocks: some.length,
  };
}

function lineCount(some: readonly Piece[]): string {
  const lines = some.reduce((total, next) => total + next.lines, 0);
  return `${lines} more ${lines === 1 ? 'line' : 'lines'}`;
}

function note(text: string): Piece {
  return piece({ type: 'context', elements: [plainText(text, LIMITS.textObject)] }, 1, 'context');
}
