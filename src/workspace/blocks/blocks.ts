import { entryOf } from '../json.ts';
import { ALLOWED, checkElement } from './elements.ts';
import { checkConfirm, checkImageSource, checkOptionalText, checkText } from './objects.ts';
import type { Place } from './problems.ts';
import { checkRichText } from './rich-text.ts';
import { checkChart, checkDataTable, checkTable } from './tables.ts';

export type Surface = 'message' | 'modal' | 'home';

const MESSAGES_ONLY = [
  'container',
  'context_actions',
  'data_visualization',
  'markdown',
  'plan',
  'task_card',
];
const REFUSED: Readonly<Record<Surface, readonly string[]>> = {
  message: ['alert', 'file'],
  modal: [...MESSAGES_ONLY, 'carousel', 'data_table', 'file', 'table'],
  home: [...MESSAGES_ONLY, 'alert', 'file'],
};

/** The fields of each block beside `type` and `block_id`; the first list is required. */
const FIELDS: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  section: [[], ['text', 'fields', 'accessory', 'expand']],
  header: [['text'], ['level']],
  divider: [[], []],
  context: [['elements'], []],
  context_actions: [['elements'], []],
  actions: [['elements'], []],
  input: [
    ['label', 'element'],
    ['hint', 'optional', 'dispatch_action'],
  ],
  image: [['alt_text'], ['title', 'image_url', 'slack_file']],
  markdown: [['text'], []],
  rich_text: [['elements'], []],
  table: [['rows'], ['column_settings']],
  data_table: [
    ['rows', 'caption'],
    ['page_size', 'row_header_column_index'],
  ],
  data_visualization: [['title', 'chart'], ['caption']],
  alert: [['text'], ['level']],
  card: [[], ['hero_image', 'icon', 'title', 'subtitle', 'body', 'actions']],
  carousel: [['elements'], []],
  container: [
    ['child_blocks'],
    [
      'title',
      'rich_text_title',
      'subtitle',
      'width',
      'icon',
      'is_collapsible',
      'default_collapsed',
      'has_header_divider',
    ],
  ],
  task_card: [
    ['task_id', 'title', 'status'],
    ['details', 'output', 'sources'],
  ],
  plan: [['title'], ['tasks']],
  video: [
    ['video_url', 'thumbnail_url', 'alt_text', 'title'],
    ['title_url', 'author_name', 'provider_name', 'provider_icon_url', 'description'],
  ],
};

const IN_CONTAINER = [
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
];

/** One block on this surface; `blockIds` holds the ids seen so far. */
export function checkBlock(place: Place, surface: Surface, blockIds: Set<string>): void {
  const fields = entryOf(FIELDS, place.type);
  if (!fields || REFUSED[surface].includes(place.type)) {
    place.fail(`unsupported type: ${place.type}`);
    return;
  }
  const [required, optional] = fields;
  place.fields(['type', 'block_id', ...required, ...optional], required);
  place.at('block_id').string(255);
  const blockId = place.json['block_id'];
  if (typeof blockId === 'string' && blockId !== '') {
    if (blockIds.has(blockId)) place.at('block_id').fail(`block_id already exists: ${blockId}`);
    blockIds.add(blockId);
  }
  checkKind(place, surface, blockIds);
}

function checkKind(place: Place, surface: Surface, blockIds: Set<string>): void {
  const actionIds = new Set<string>();
  switch (place.type) {
    case 'section':
      return checkSection(place, actionIds);
    case 'header':
      return checkText(place.at('text'), 150, 'plain');
    case 'context':
      for (const element of place.at('elements').items(1, 10)) {
        if (element.type === 'image') checkElement(element, ['image'], actionIds);
        else checkText(element);
      }
      return;
    case 'actions':
      for (const element of place.at('elements').items(1, 25))
        checkElement(element, ALLOWED.actions, actionIds);
      return;
    case 'context_actions':
      for (const element of place.at('elements').items(1, 5))
        checkElement(element, ALLOWED.context_actions, actionIds);
      return;
    case 'input':
      checkText(place.at('label'), 2000, 'plain');
      checkOptionalText(place.at('hint'), 2000, 'plain');
      place.at('optional').boolean();
      place.at('dispatch_action').boolean();
      return checkElement(place.at('element'), ALLOWED.input, actionIds);
    case 'image':
      place.at('alt_text').string(2000, 1);
      checkOptionalText(place.at('title'), 2000, 'plain');
      return checkImageSource(place);
    case 'markdown':
      return place.at('text').string(12_000, 1);
    case 'rich_text':
      return checkRichText(place);
    case 'table':
      return checkTable(place);
    case 'data_table':
      return checkDataTable(place);
    case 'data_visualization':
      return checkChart(place);
    case 'alert':
      checkText(place.at('text'), 200);
      return place.at('level').oneOf(['default', 'info', 'warning', 'error', 'success']);
    case 'card':
      return checkCard(place, actionIds);
    case 'carousel':
      for (const card of place.at('elements').items(1, 10)) checkBlock(card, surface, blockIds);
      return;
    case 'container':
      return checkContainer(place, surface, blockIds);
    case 'task_card':
      return place.at('status').oneOf(['pending', 'in_progress', 'complete', 'error']);
  }
}

function checkSection(place: Place, actionIds: Set<string>): void {
  if (!place.has('text') && !place.has('fields')) place.fail('must provide text or fields');
  if (place.has('text')) checkText(place.at('text'));
  if (place.has('fields'))
    for (const field of place.at('fields').items(1, 10)) checkText(field, 2000);
  if (place.has('accessory')) checkElement(place.at('accessory'), ALLOWED.accessory, actionIds);
}

function checkCard(place: Place, actionIds: Set<string>): void {
  if (!['hero_image', 'title', 'body', 'actions'].some((key) => place.has(key)))
    place.fail('must provide one of hero_image, title, body, actions');
  checkOptionalText(place.at('title'), 150);
  checkOptionalText(place.at('subtitle'), 150);
  checkOptionalText(place.at('body'), 200);
  if (place.has('actions'))
    for (const button of place.at('actions').items(1, 3))
      checkElement(button, ['button'], actionIds);
}

function checkContainer(place: Place, surface: Surface, blockIds: Set<string>): void {
  if (place.has('title') === place.has('rich_text_title'))
    place.fail('must provide exactly one of title and rich_text_title');
  checkOptionalText(place.at('title'), 150, 'plain');
  checkOptionalText(place.at('subtitle'), 150);
  if (place.has('rich_text_title')) checkRichText(place.at('rich_text_title'));
  place.at('width').oneOf(['narrow', 'standard', 'wide', 'full']);
  for (const child of place.at('child_blocks').items(1, 10)) {
    if (IN_CONTAINER.includes(child.type)) checkBlock(child, surface, blockIds);
    else child.fail(`unsupported type: ${child.type}`);
  }
  checkConfirm(place.at('confirm'));
}
