import type { Button } from '@slack/types';
import type { Action } from '../../../core/document/document.ts';
import { LIMITS } from '../limits.ts';
import { countCharacters, section } from './inline.ts';
import { type Piece, piece } from './piece.ts';
import { plainText } from './text.ts';

/** Keeps one row of buttons movable: half a message at most. */
const ROW_CHARACTERS = 4_000;

/**
 * Buttons in rows. Action ids are public and may not repeat within a row, so the second button of the
 * same id starts a new one.
 */
export function actionPieces(actions: readonly Action[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let row: Button[] = [];
  const flush = (): void => {
    if (row.length > 0) pieces.push(piece({ type: 'actions', elements: row }, 1, 'actions'));
    row = [];
  };
  for (const action of actions) {
    if (action.value.length > LIMITS.buttonValue) {
      // A cut value would name something else; the reader is told instead.
      flush();
      pieces.push(piece(section([{ type: 'text', text: tooLong(action) }])));
      continue;
    }
    const next = button(action);
    const full =
      row.length >= LIMITS.actionsElements ||
      row.some(({ action_id }) => action_id === next.action_id) ||
      countCharacters([...row, next]) > ROW_CHARACTERS;
    if (full) flush();
    row.push(next);
  }
  flush();
  return pieces;
}

function button({ action, label, value, style, confirm }: Action): Button {
  return {
    type: 'button',
    action_id: action,
    text: plainText(label, LIMITS.buttonText),
    ...(value !== '' && { value }),
    ...(style && { style }),
    ...(confirm && {
      confirm: {
        title: plainText(confirm.title, LIMITS.confirmTitle),
        text: plainText(confirm.text, LIMITS.confirmText),
        confirm: plainText(confirm.button, LIMITS.confirmButton),
        deny: plainText('Cancel', LIMITS.confirmButton),
        ...(style && { style }),
      },
    }),
  };
}

function tooLong({ label, value }: Action): string {
  return `(“${plainText(label, LIMITS.buttonText).text}” cannot be a button: its value has ${value.length} characters)`;
}
