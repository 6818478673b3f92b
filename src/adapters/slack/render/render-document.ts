import type { KnownBlock } from '@slack/types';
import { codeInlines } from '../../../core/document/code-inlines.ts';
import type { Block, Document, Inline } from '../../../core/document/document.ts';
import type { Status } from '../../../core/finding.ts';
import { sanitiseLine } from '../../../core/sanitise.ts';
import { LIMITS } from '../limits.ts';
import { isId } from './inline.ts';
import { pack } from './pack.ts';
import type { Piece } from './piece.ts';
import { headingPieces, pieces, textPieces } from './pieces.ts';
import { markupLine } from './text.ts';

export interface RenderedMessage {
  /** For notifications and clients without blocks; escaped. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** A word beside the colour: not everybody sees it. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  critical: '🔴 critical',
  warning: '🟠 warning',
  unknown: '⚪ unknown',
  ok: '🟢 ok',
};

/**
 * A document as Block Kit: the message, and replies for its thread when it does not fit one. Always
 * within Slack's limits. The summary stands first, after the status, unless the first block says it.
 */
export function renderDocument(document: Document): {
  readonly messages: readonly RenderedMessage[];
} {
  const all = [...opening(document), ...pieces(rest(document), LIMITS.tablesPerMessage)];
  // A message needs something to show, also when all of its text is invisible.
  const parts = pack(all.length === 0 ? textPieces(['–']) : all);
  const status = document.status === undefined ? '' : `${STATUS_WORDS[document.status]}: `;
  const line = sanitiseLine(document.summary) || 'Housecall';
  // Markup only around an id that has been checked.
  const who = document.by !== undefined && isId(document.by.user, 'UW') ? document.by.user : '';
  const by = who === '' ? '' : `<@${who}> `;
  return {
    messages: parts.map((part, index) => ({
      text: `${by}${markupLine(
        index === 0 ? `${status}${line}` : `${line} (${index + 1} of ${parts.length})`,
        LIMITS.messageText - by.length,
      )}`,
      blocks: part.map(({ block }) => block),
    })),
  };
}

/** Status and summary, in the shape of the first block when that says the same. */
function opening(document: Document): readonly Piece[] {
  const { summary, status } = document;
  const [first] = document.blocks;
  const word = status === undefined ? '' : STATUS_WORDS[status];
  if (first?.kind === 'heading' && says(first, summary)) {
    return headingPieces(word === '' ? first.text : `${word}  ${first.text}`);
  }
  const lead: Inline[] = word === '' ? [] : [{ text: `${word}  `, style: 'bold' }];
  if (first?.kind === 'paragraph' && says(first, summary)) {
    return textPieces([...lead, ...first.content]);
  }
  const line = sanitiseLine(summary);
  if (document.by !== undefined) return textPieces([...lead, document.by, ` ${line}`]);
  return textPieces([
    ...lead,
    ...codeInlines(line).map((part) =>
      typeof part === 'string' ? ({ text: part, style: 'bold' } as const) : part,
    ),
  ]);
}

function rest(document: Document): readonly Block[] {
  const [first] = document.blocks;
  return first !== undefined && says(first, document.summary)
    ? document.blocks.slice(1)
    : document.blocks;
}

function says(block: Block, summary: string): boolean {
  const line = sanitiseLine(summary);
  if (line === '') return false;
  if (block.kind === 'heading') return sanitiseLine(block.text) === line;
  if (block.kind !== 'paragraph') return false;
  const text = block.content
    .map((i) => (typeof i === 'string' ? i : 'text' in i ? i.text : ''))
    .join('');
  return sanitiseLine(text).startsWith(line);
}
