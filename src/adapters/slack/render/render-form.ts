import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Form, FormInput } from '../../../core/document/document.ts';
import { LIMITS } from '../limits.ts';
import { isId } from './inline.ts';
import { packView } from './pack.ts';
import { pieces, textPieces } from './pieces.ts';
import { clip, plainText } from './text.ts';

/** At most this many inputs: a form is read, not filled in for an hour. */
const MAX_INPUTS = 20;

/**
 * A form as a modal. Inputs are shown only with a submit button, as Slack asks. Throws RangeError when
 * the metadata does not fit: cut metadata would name something else.
 */
export function renderForm(form: Form): ModalView {
  if (form.metadata.length > LIMITS.viewMetadata) {
    throw new RangeError(`form ${form.id}: metadata has ${form.metadata.length} characters`);
  }
  const inputs = form.submit === undefined ? [] : uniqueInputs(form.inputs);
  const body = packView(pieces(form.blocks, 0), LIMITS.blocksPerView - inputs.length);
  const shown = body.length + inputs.length > 0 ? body : textPieces(['–']);
  return {
    type: 'modal',
    callback_id: form.id.slice(0, LIMITS.id),
    title: plainText(form.title, LIMITS.viewTitle),
    ...(form.submit !== undefined && { submit: plainText(form.submit, LIMITS.viewButton) }),
    close: plainText(form.submit === undefined ? 'Close' : 'Cancel', LIMITS.viewButton),
    private_metadata: form.metadata,
    blocks: [...shown.map(({ block }) => block), ...inputs.map(inputBlock)],
  };
}

function uniqueInputs(inputs: readonly FormInput[]): readonly FormInput[] {
  const byId = new Map(inputs.map((input) => [input.id.slice(0, LIMITS.id), input]));
  return [...byId.values()].filter(({ id }) => id !== '').slice(0, MAX_INPUTS);
}

function inputBlock(input: FormInput): InputBlock {
  const { id, label, hint, optional } = input;
  const name = id.slice(0, LIMITS.id);
  return {
    type: 'input',
    block_id: name,
    label: plainText(label, LIMITS.inputLabel),
    ...(hint !== undefined && { hint: plainText(hint, LIMITS.inputHint) }),
    optional: optional ?? false,
    element: inputElement(input, name),
  };
}

function inputElement(input: FormInput, action_id: string): InputBlock['element'] {
  const { initial } = input;
  if (input.person === true) {
    return {
      type: 'users_select',
      action_id,
      ...(initial !== undefined && isId(initial, 'UW') && { initial_user: initial }),
    };
  }
  const options = optionsOf(input);
  if (options.length > 0) {
    const chosen = options.find(({ value }) => value === initial);
    return {
      type: 'static_select',
      action_id,
      options,
      ...(chosen !== undefined && { initial_option: chosen }),
    };
  }
  return {
    type: 'plain_text_input',
    action_id,
    multiline: input.multiline ?? false,
    max_length: LIMITS.inputLength,
    ...(initial !== undefined && { initial_value: clip(initial, LIMITS.inputLength) }),
  };
}

/** A value that does not fit is left out: cut it would stand for something else. */
function optionsOf({ options = [] }: FormInput): PlainTextOption[] {
  const byValue = new Map(options.map((option) => [option.value, option]));
  return [...byValue.values()]
    .filter(({ value }) => value !== '' && value.length <= LIMITS.optionValue)
    .slice(0, LIMITS.options)
    .map(({ value, label }) => ({ text: plainText(label, LIMITS.optionText), value }));
}
