import type { KnownBlock } from '@slack/types';
import { countCharacters } from './inline.ts';

/** One Block Kit block, small enough to be moved between messages. */
export interface Piece {
  readonly block: KnownBlock;
  readonly kind: 'heading' | 'actions' | 'context' | 'body';
  /** What it takes of a message: its texts, or a quarter of its JSON when it is mostly structure. */
  readonly characters: number;
  /** How many lines a reader misses when it is left out. */
  readonly lines: number;
}

export function piece(block: KnownBlock, lines = 1, kind: Piece['kind'] = 'body'): Piece {
  const characters = Math.max(countCharacters(block), Math.ceil(JSON.stringify(block).length / 4));
  return { block, kind, characters, lines };
}

/** Lines of a text as a reader counts them. */
export function countLines(text: string): number {
  return text.split('\n').length;
}
