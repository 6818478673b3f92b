import { listOf } from '../json.ts';
import { checkBlocks } from './check-blocks.ts';
import { checkOptionalText, checkText } from './objects.ts';
import { createProblems, Place } from './problems.ts';

const MODAL = ['title', 'close', 'submit', 'clear_on_close', 'notify_on_close', 'submit_disabled'];
const BOTH = ['type', 'blocks', 'private_metadata', 'callback_id', 'external_id'];

/** What is wrong with a view, in Slack's words (they come with `invalid_arguments`). */
export function checkView(view: unknown, type: 'modal' | 'home'): readonly string[] {
  const problems = createProblems();
  const place = new Place(problems, '/view', view);
  const known = type === 'modal' ? [...BOTH, ...MODAL] : BOTH;
  if (!place.fields(known, type === 'modal' ? ['type', 'title', 'blocks'] : ['type', 'blocks']))
    return problems.list;
  place.at('type').oneOf([type]);
  place.at('private_metadata').string(3000);
  place.at('callback_id').string(255);
  place.at('external_id').string(255);
  if (type === 'modal') {
    checkText(place.at('title'), 24, 'plain');
    checkOptionalText(place.at('submit'), 24, 'plain');
    checkOptionalText(place.at('close'), 24, 'plain');
    for (const key of ['clear_on_close', 'notify_on_close']) place.at(key).boolean();
    const inputs = listOf(place.json['blocks']).some(
      (block) =>
        typeof block === 'object' && block !== null && 'type' in block && block.type === 'input',
    );
    if (inputs && !place.has('submit'))
      place.fail('missing required field: submit (there is an input block)');
  }
  if (!Array.isArray(place.json['blocks'])) place.at('blocks').fail('must provide an array');
  const verdict = checkBlocks(listOf(place.json['blocks']), type, '/view/blocks');
  return [...problems.list, ...verdict.messages];
}

/** 250 KB of JSON. */
export function isViewTooLarge(view: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(view) ?? '') > 250_000;
}
