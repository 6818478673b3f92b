import { isRecord, type Json, listOf, recordsOf } from '../json.ts';
import { checkBlock, type Surface } from './blocks.ts';
import { createProblems, Place } from './problems.ts';

/** What is wrong with these blocks, in Slack's words; or which other error code they cause. */
export interface BlockVerdict {
  readonly error: string | null;
  readonly messages: readonly string[];
}

/** Slack names no number; 12,000 characters over all blocks is what its support said (bolt-js #2509). */
export const MESSAGE_CHARACTERS = 12_000;

const MAX_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };

export function checkBlocks(
  blocks: readonly unknown[],
  surface: Surface,
  pointer = '/blocks',
): BlockVerdict {
  const problems = createProblems();
  const blockIds = new Set<string>();
  if (blocks.length > MAX_BLOCKS[surface])
    problems.add(pointer, `no more than ${MAX_BLOCKS[surface]} items allowed`);
  for (const [index, block] of blocks.entries())
    checkBlock(new Place(problems, `${pointer}/${index}`, block), surface, blockIds);
  if (problems.list.length > 0) return { error: 'invalid_blocks', messages: problems.list };
  if (surface === 'message') return checkWhole(blocks);
  return { error: null, messages: [] };
}

/** The rules over all blocks of one message. */
function checkWhole(blocks: readonly unknown[]): BlockVerdict {
  const flat = recordsOf(blocks).flatMap((block) => [block, ...recordsOf(block['child_blocks'])]);
  const count = (...types: string[]): number =>
    flat.filter((block) => types.includes(String(block['type']))).length;
  if (count('table', 'data_table') > 1)
    return { error: 'invalid_attachments', messages: ['only_one_table_allowed'] };
  if (count('data_visualization') > 2)
    return {
      error: 'invalid_blocks',
      messages: ['no more than 2 charts allowed [json-pointer:/blocks]'],
    };
  const markdown = flat.filter((block) => block['type'] === 'markdown');
  if (markdown.reduce((sum, block) => sum + countCharacters(block), 0) > 12_000)
    return { error: 'msg_too_long', messages: [] };
  if (countCharacters(blocks) > MESSAGE_CHARACTERS)
    return { error: 'msg_blocks_too_long', messages: [] };
  return { error: null, messages: [] };
}

const COUNTED = new Set(['text', 'caption', 'alt_text', 'title', 'subtitle']);

/** Characters a reader sees: every text of the blocks, but not ids, values or addresses of elements. */
export function countCharacters(value: unknown): number {
  if (Array.isArray(value))
    return listOf(value).reduce<number>((sum, v) => sum + countCharacters(v), 0);
  if (!isRecord(value)) return 0;
  let sum = 0;
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === 'string') sum += COUNTED.has(key) ? child.length : 0;
    else sum += countCharacters(child);
  }
  return sum;
}

/** The blocks with the ids that Slack generates where the app gave none. */
export function withIds(blocks: readonly Json[], newId: () => string): readonly Json[] {
  return blocks.map((block) => {
    const copy: Json = { ...block, block_id: idOr(block['block_id'], newId) };
    for (const key of ['elements', 'actions'])
      if (Array.isArray(copy[key]) && copy['type'] !== 'rich_text')
        copy[key] = listOf(copy[key]).map((element) => withActionId(element, newId));
    for (const key of ['accessory', 'element'])
      if (isRecord(copy[key])) copy[key] = withActionId(copy[key], newId);
    if (Array.isArray(copy['child_blocks']))
      copy['child_blocks'] = withIds(recordsOf(copy['child_blocks']), newId);
    return copy;
  });
}

const PASSIVE = new Set(['image', 'plain_text', 'mrkdwn', 'card']);

function withActionId(element: unknown, newId: () => string): unknown {
  if (!isRecord(element) || PASSIVE.has(String(element['type']))) return element;
  return { ...element, action_id: idOr(element['action_id'], newId) };
}

function idOr(value: unknown, newId: () => string): string {
  return typeof value === 'string' && value !== '' ? value : newId();
}
