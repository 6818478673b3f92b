import type { ContextBlockElement, RichTextBlock, RichTextSection } from '@slack/types';
import type { Block, Inline } from '../../../core/document/document.ts';
import { sanitise, sanitiseLine } from '../../../core/sanitise.ts';
import { LIMITS } from '../limits.ts';
import { actionPieces } from './actions.ts';
import {
  countCharacters,
  isId,
  PIECE_CHARACTERS,
  richText,
  section,
  splitElements,
} from './inline.ts';
import { countLines, type Piece, piece } from './piece.ts';
import { fixedWidthTable, nativeTable, tableRows } from './table.ts';
import { clip, plainText, splitText } from './text.ts';

const ITEMS_PER_LIST = 50;
const TITLE_CHARACTERS = 1_000;

/** Blocks of a document as Block Kit, cut small. `nativeTables`: how many may be Slack's own. */
export function pieces(blocks: readonly Block[], nativeTables: number): readonly Piece[] {
  let tables = nativeTables;
  return blocks.flatMap((block): readonly Piece[] => {
    if (block.kind !== 'table') return blockPieces(block);
    const rows = tableRows(block.header, block.rows);
    const native = tables > 0 ? nativeTable(rows) : null;
    if (native === null) return preformattedPieces(fixedWidthTable(rows));
    tables -= 1;
    return [piece(native, rows.length)];
  });
}

function blockPieces(block: Exclude<Block, { kind: 'table' }>): readonly Piece[] {
  switch (block.kind) {
    case 'heading':
      return headingPieces(block.text);
    case 'paragraph':
      return textPieces(block.content);
    case 'list':
      return listPieces(block.items);
    case 'fields':
      return textPieces(
        block.items.flatMap(({ label, value }, index): Inline[] => [
          { text: `${index > 0 ? '\n' : ''}${sanitiseLine(label)}: `, style: 'bold' },
          sanitise(value).trim() === '' ? '–' : value,
        ]),
      );
    case 'preformatted':
      return preformattedPieces(block.text, block.title);
    case 'context':
      return contextPieces(block.content);
    case 'actions':
      return actionPieces(block.actions);
    case 'divider':
      return [piece({ type: 'divider' }, 0)];
  }
}

export function headingPieces(text: string): readonly Piece[] {
  const line = sanitiseLine(text);
  if (line === '') return [];
  if (line.length > LIMITS.headerText) return textPieces([{ text: line, style: 'bold' }]);
  return [piece({ type: 'header', text: plainText(line, LIMITS.headerText) }, 1, 'heading')];
}

export function textPieces(content: readonly Inline[]): readonly Piece[] {
  return splitElements(richText(content)).map((run) =>
    piece(
      section(run),
      run.reduce((sum, e) => sum + (e.type === 'text' ? countLines(e.text) - 1 : 0), 1),
    ),
  );
}

function listPieces(items: readonly (readonly Inline[])[]): readonly Piece[] {
  const sections = items.flatMap((item) =>
    splitElements(richText(item)).map(
      (run): RichTextSection => ({ type: 'rich_text_section', elements: [...run] }),
    ),
  );
  const lists: RichTextSection[][] = [];
  let size = 0;
  for (const item of sections) {
    const cost = countCharacters(item);
    const list = lists.at(-1);
    if (list === undefined || size + cost > PIECE_CHARACTERS || list.length >= ITEMS_PER_LIST) {
      lists.push([item]);
      size = cost;
    } else {
      list.push(item);
      size += cost;
    }
  }
  return lists.map((elements) =>
    piece(
      { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements }] },
      elements.length,
    ),
  );
}

/** Raw text: the one element in which Slack parses nothing at all. */
export function preformattedPieces(raw: string, title?: string): readonly Piece[] {
  const text = sanitise(raw).replace(/\n+$/, '');
  const heading = sanitiseLine(title ?? '');
  return splitText(text === '' ? '(empty)' : text, PIECE_CHARACTERS).map((part, index) => {
    const line = heading !== '' && index > 0 ? `${heading} (continued)` : heading;
    const block: RichTextBlock = {
      type: 'rich_text',
      elements: [
        ...(line === ''
          ? []
          : [{ type: 'rich_text_section' as const, elements: [...richText([bold(line)])] }]),
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: part }] },
      ],
    };
    return piece(block, countLines(part) + (line === '' ? 0 : 1));
  });
}

function bold(text: string): Inline {
  return { text: clip(text, TITLE_CHARACTERS), style: 'bold' };
}

/** Small grey text where Slack's context block can hold it: plain words and mentions. */
function contextPieces(content: readonly Inline[]): readonly Piece[] {
  const elements = joined(content)
    .map(contextElement)
    .filter((e) => e !== 'empty');
  const plain = elements.filter((e): e is ContextBlockElement => e !== 'rich');
  if (plain.length === 0 && elements.length === 0) return [];
  if (plain.length < elements.length || plain.length > LIMITS.contextElements) {
    return textPieces(content);
  }
  const block = { type: 'context' as const, elements: plain };
  if (countCharacters(block) > PIECE_CHARACTERS) return textPieces(content);
  return [piece(block, 1, 'context')];
}

/** Neighbouring words as one element: Slack puts a gap between elements. */
function joined(content: readonly Inline[]): readonly Inline[] {
  return content.reduce<Inline[]>((all, next) => {
    const last = all.at(-1);
    if (typeof last !== 'string' || typeof next !== 'string') return [...all, next];
    return [...all.slice(0, -1), last + next];
  }, []);
}

function contextElement(inline: Inline): ContextBlockElement | 'rich' | 'empty' {
  if (typeof inline === 'string') {
    const line = sanitiseLine(inline);
    if (line === '') return 'empty';
    return line.length > LIMITS.textObject ? 'rich' : plainText(line, LIMITS.textObject);
  }
  // Markup only around an id that has been checked: no text of anybody is parsed.
  if ('user' in inline && isId(inline.user, 'UW')) return mention(`<@${inline.user}>`);
  if ('group' in inline && isId(inline.group, 'S')) return mention(`<!subteam^${inline.group}>`);
  if ('channel' in inline && isId(inline.channel, 'CGD')) return mention(`<#${inline.channel}>`);
  return 'rich';
}

function mention(text: string): ContextBlockElement {
  return { type: 'mrkdwn', text };
}
