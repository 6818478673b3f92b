import type { KnownBlock } from '@slack/types';
import { refusalOf } from '../chat-error.ts';
import type { RenderedMessage } from '../render/render-document.ts';
import { clip, splitText } from '../render/text.ts';
import { blocksText } from './message-text.ts';

/** Slack's codes for blocks it does not take. It documents not all of its limits, and changes them. */
const REFUSED_BLOCKS = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_attachments',
  'msg_blocks_too_long',
]);

const MOST_CHARACTERS = 6_000;
const PIECE_CHARACTERS = 3_000;

export function areBlocksRefused(error: unknown): boolean {
  return REFUSED_BLOCKS.has(refusalOf(error) ?? '');
}

/** The same words in the plainest blocks there are, with the buttons: said plainly beats not said. */
export function simplify(message: RenderedMessage): RenderedMessage {
  const words = message.blocks.filter(({ type }) => type !== 'actions');
  const text = clip(
    blocksText(words, (user) => user),
    MOST_CHARACTERS,
  );
  const said = splitText(text, PIECE_CHARACTERS).map(
    (part): KnownBlock => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: part }] }],
    }),
  );
  const buttons = message.blocks.filter(({ type }) => type === 'actions').slice(0, 5);
  return { text: message.text, blocks: [...said, ...buttons] };
}
