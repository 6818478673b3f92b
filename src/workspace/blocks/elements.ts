import { entryOf, listOf } from '../json.ts';
import {
  checkConfirm,
  checkImageSource,
  checkInitialOption,
  checkOptionalText,
  checkOptionGroups,
  checkOptions,
  checkText,
} from './objects.ts';
import type { Place } from './problems.ts';
import { checkRichText } from './rich-text.ts';

const SELECTS = ['static', 'users', 'conversations', 'channels', 'external'].flatMap((kind) => [
  `${kind}_select`,
  `multi_${kind}_select`,
]);

const CHOOSERS = [...SELECTS, 'checkboxes', 'radio_buttons', 'datepicker', 'timepicker'];

/** Which elements each block takes. */
export const ALLOWED = {
  actions: [
    'button',
    ...CHOOSERS,
    'datetimepicker',
    'overflow',
    'workflow_button',
    'rich_text_input',
  ],
  accessory: ['button', ...CHOOSERS, 'overflow', 'workflow_button', 'image'],
  input: [
    ...CHOOSERS,
    'datetimepicker',
    'plain_text_input',
    'email_text_input',
    'url_text_input',
    'number_input',
    'rich_text_input',
    'file_input',
  ],
  context_actions: ['feedback_buttons', 'icon_button'],
} as const;

const TEXT_INPUT = ['initial_value', 'placeholder', 'focus_on_load', 'dispatch_action_config'];
const SELECT = [
  'options',
  'option_groups',
  'initial_option',
  'initial_options',
  'initial_user',
  'initial_users',
  'initial_conversation',
  'initial_conversations',
  'initial_channel',
  'initial_channels',
  'default_to_current_conversation',
  'filter',
  'response_url_enabled',
  'min_query_length',
  'max_selected_items',
  'placeholder',
  'confirm',
  'focus_on_load',
];
const PICKER = ['placeholder', 'confirm', 'focus_on_load', 'timezone'];

/** The fields of each element beside `type` and `action_id`; the first list is required. */
const FIELDS: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  button: [['text'], ['url', 'value', 'style', 'confirm', 'accessibility_label']],
  workflow_button: [
    ['text', 'workflow'],
    ['style', 'confirm', 'accessibility_label'],
  ],
  checkboxes: [['options'], ['initial_options', 'confirm', 'focus_on_load']],
  radio_buttons: [['options'], ['initial_option', 'confirm', 'focus_on_load']],
  overflow: [['options'], ['confirm']],
  datepicker: [[], ['initial_date', ...PICKER]],
  timepicker: [[], ['initial_time', ...PICKER]],
  datetimepicker: [[], ['initial_date_time', ...PICKER]],
  plain_text_input: [[], ['multiline', 'min_length', 'max_length', ...TEXT_INPUT]],
  email_text_input: [[], TEXT_INPUT],
  url_text_input: [[], TEXT_INPUT],
  number_input: [['is_decimal_allowed'], ['min_value', 'max_value', ...TEXT_INPUT]],
  rich_text_input: [[], ['min_lines', 'max_lines', ...TEXT_INPUT]],
  file_input: [[], ['filetypes', 'max_files']],
  feedback_buttons: [['positive_button', 'negative_button'], []],
  icon_button: [
    ['icon', 'text'],
    ['accessibility_label', 'value', 'visible_to_user_ids', 'confirm'],
  ],
  image: [['alt_text'], ['image_url', 'slack_file']],
  ...Object.fromEntries(SELECTS.map((type) => [type, [[], SELECT]] as const)),
};

/** An interactive element or image inside a block of this kind; collects its action id. */
export function checkElement(
  place: Place,
  allowed: readonly string[],
  actionIds: Set<string>,
): void {
  const fields = entryOf(FIELDS, place.type);
  if (!fields || !allowed.includes(place.type)) {
    place.fail(`unsupported type: ${place.type}`);
    return;
  }
  const [required, optional] = fields;
  place.fields(['type', 'action_id', ...required, ...optional], required);
  if (place.type === 'image') {
    place.at('alt_text').string(2000, 1);
    checkImageSource(place);
    return;
  }
  place.at('action_id').string(255);
  const actionId = place.json['action_id'];
  if (typeof actionId === 'string' && actionId !== '') {
    if (actionIds.has(actionId))
      place.at('action_id').fail(`action_id already exists: ${actionId}`);
    actionIds.add(actionId);
  }
  checkConfirm(place.at('confirm'));
  checkOptionalText(place.at('placeholder'), 150, 'plain');
  place.at('focus_on_load').boolean();
  checkKind(place);
}

function checkKind(place: Place): void {
  switch (place.type) {
    case 'button':
    case 'workflow_button':
    case 'icon_button':
      checkText(place.at('text'), 75, 'plain');
      place.at('value').string(2000);
      place.at('url').url();
      place.at('style').oneOf(['primary', 'danger']);
      place.at('accessibility_label').string(75);
      return;
    case 'checkboxes':
    case 'radio_buttons':
      checkOptions(place.at('options'), 10, 'any');
      checkInitials(place);
      return;
    case 'overflow':
      checkOptions(place.at('options'), 5);
      return;
    case 'static_select':
    case 'multi_static_select':
      if (place.has('options') === place.has('option_groups'))
        place.fail('must provide exactly one of options and option_groups');
      if (place.has('options')) checkOptions(place.at('options'), 100);
      if (place.has('option_groups')) checkOptionGroups(place.at('option_groups'));
      checkInitials(place);
      return;
    case 'plain_text_input':
      place.at('min_length').integer(0, 3000);
      place.at('max_length').integer(1, 3000);
      place.at('initial_value').string(3000);
      place.at('multiline').boolean();
      return;
    case 'rich_text_input':
      if (place.has('initial_value')) checkRichText(place.at('initial_value'));
      return;
    case 'file_input':
      place.at('max_files').integer(1, 10);
      return;
    case 'feedback_buttons':
      for (const key of ['positive_button', 'negative_button']) {
        checkText(place.at(key).at('text'), 75, 'plain');
        place.at(key).at('value').string(2000, 1);
      }
      return;
    default:
      place.at('max_selected_items').integer(1, 1000);
  }
}

function checkInitials(place: Place): void {
  const groups = listOf(place.json['option_groups']).flatMap((group) =>
    typeof group === 'object' && group !== null && 'options' in group ? listOf(group.options) : [],
  );
  const options = [...listOf(place.json['options']), ...groups];
  checkInitialOption(place.at('initial_option'), options);
  if (place.has('initial_options'))
    for (const initial of place.at('initial_options').items(1, 100))
      checkInitialOption(initial, options);
}
