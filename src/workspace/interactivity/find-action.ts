import { isRecord, type Json, recordOf, recordsOf } from '../json.ts';

/** An interactive element and the block it is in. */
export interface FoundAction {
  readonly blockId: string;
  readonly element: Json;
}

/** Every interactive element of these blocks, also inside containers, cards and accessories. */
export function actionsOf(blocks: readonly unknown[]): readonly FoundAction[] {
  return recordsOf(blocks).flatMap((block) => {
    const blockId = String(block['block_id']);
    const own = [block['accessory'], block['element']]
      .concat(block['type'] === 'rich_text' ? [] : [...recordsOf(block['elements'])])
      .concat([...recordsOf(block['actions'])])
      .filter(isRecord)
      .filter((element) => typeof element['action_id'] === 'string')
      .map((element) => ({ blockId, element }));
    const cards = block['type'] === 'carousel' ? recordsOf(block['elements']) : [];
    return [...own, ...actionsOf([...recordsOf(block['child_blocks']), ...cards])];
  });
}

/** The element with this action id; `value` chooses between several, `blockId` too. */
export function findAction(
  blocks: readonly unknown[],
  wanted: { readonly actionId: string; readonly value?: string; readonly blockId?: string },
): FoundAction | null {
  const found = actionsOf(blocks).filter(
    ({ blockId, element }) =>
      element['action_id'] === wanted.actionId &&
      (wanted.blockId === undefined || blockId === wanted.blockId),
  );
  const exact = found.find(({ element }) => hasValue(element, wanted.value));
  return exact ?? null;
}

function hasValue(element: Json, value: string | undefined): boolean {
  if (element['type'] !== 'button') return true;
  return value === undefined || element['value'] === value;
}

/** The `actions[]` entry of a click or a choice. */
export function actionPayload(found: FoundAction, value: unknown, now: number): Json {
  const { blockId, element } = found;
  const type = String(element['type']);
  const common: Json = {
    type,
    action_id: element['action_id'],
    block_id: blockId,
    action_ts: (now / 1000).toFixed(6),
  };
  if (type === 'button')
    return {
      ...common,
      text: element['text'],
      ...(element['value'] === undefined ? {} : { value: element['value'] }),
      ...(element['style'] === undefined ? {} : { style: element['style'] }),
    };
  return { ...common, ...stateOf(element, value) };
}

/** What an input holds, in the shape of `view.state.values` and `actions[]`. */
export function stateOf(element: Json, value: unknown): Json {
  const type = String(element['type']);
  const given = value ?? initialOf(element);
  switch (type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
    case 'overflow':
      return { type, selected_option: optionOf(element, given) };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return {
        type,
        selected_options: texts(given)
          .map((text) => optionOf(element, text))
          .filter((option) => option !== null),
      };
    case 'users_select':
      return { type, selected_user: given ?? null };
    case 'multi_users_select':
      return { type, selected_users: texts(given) };
    case 'channels_select':
      return { type, selected_channel: given ?? null };
    case 'conversations_select':
      return { type, selected_conversation: given ?? null };
    case 'multi_channels_select':
      return { type, selected_channels: texts(given) };
    case 'multi_conversations_select':
      return { type, selected_conversations: texts(given) };
    case 'datepicker':
      return { type, selected_date: given ?? null };
    case 'timepicker':
      return { type, selected_time: given ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: given ?? null };
    default:
      return { type, value: given === undefined || given === '' ? null : given };
  }
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function optionOf(element: Json, value: unknown): Json | null {
  const groups = recordsOf(element['option_groups']).flatMap((group) =>
    recordsOf(group['options']),
  );
  const options = [...recordsOf(element['options']), ...groups];
  return options.find((option) => option['value'] === value) ?? null;
}

function initialOf(element: Json): unknown {
  const option = element['initial_option'];
  if (isRecord(option)) return option['value'];
  const options = element['initial_options'];
  if (Array.isArray(options)) return options.map((entry) => recordOf(entry)['value']);
  const key = Object.keys(element).find((name) => name.startsWith('initial_'));
  return key === undefined ? undefined : element[key];
}
