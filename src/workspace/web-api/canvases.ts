import {
  CANVAS_MARKDOWN,
  canvasById,
  createCanvas,
  plainText,
  spliceSections,
} from '../canvases.ts';
import { isRecord, type Json, listOf, textOf } from '../json.ts';
import type { Canvas, CanvasSection, Channel } from '../model.ts';
import { channelOf, isBotIn, mustBeMember } from './lookup.ts';
import {
  type Call,
  type MethodTable,
  Refusal,
  refusal,
  required,
  structured,
  text,
} from './method.ts';

/** https://docs.slack.dev/reference/methods/?family=canvases */
export const canvasMethods: MethodTable = {
  'conversations.canvases.create': { scopes: ['canvases:write'], perMinute: 20, run: create },
  'canvases.edit': { scopes: ['canvases:write'], perMinute: 50, run: edit },
  'canvases.sections.lookup': { scopes: ['canvases:read'], perMinute: 50, run: lookUp },
};

function create(call: Call): Json {
  const { context } = call;
  const channel = channelOf(call, undefined, 'channel_id');
  mustHaveCanvases(call);
  if (context.canvases === 'none') throw new Refusal('team_tier_cannot_create_channel_canvases');
  mustBeMember(context, channel);
  if (channel.isArchived) throw new Refusal('restricted_action');
  if (channel.canvas !== undefined) {
    const free = context.plan === 'free';
    throw new Refusal(
      free ? 'free_team_canvas_tab_already_exists' : 'channel_canvas_already_exists',
    );
  }
  const content = call.args['document_content'];
  const markdown = content === undefined ? '' : markdownOf(structured(call, 'document_content'));
  const { id } = createCanvas(context, channel, { title: text(call, 'title') ?? '', markdown });
  return { canvas_id: id };
}

function edit(call: Call): Json {
  mustHaveCanvases(call);
  const place = canvasOf(call);
  const changes = listOf(structured(call, 'changes'));
  const [change] = changes;
  // "Only one operation per API call is currently supported."
  if (!isRecord(change) || changes.length !== 1) {
    throw refusal('invalid_arguments', ['exactly one change is supported [json-pointer:/changes]']);
  }
  spliceSections(call.context, place, spliceOf(change, place.canvas.sections));
  return {};
}

function spliceOf(
  change: Json,
  sections: readonly CanvasSection[],
): { at: number; count: number; markdown: string } {
  const operation = textOf(change['operation']);
  const id = change['section_id'];
  const markdown = (): string => markdownOf(change['document_content']);
  switch (operation) {
    case 'insert_at_start':
      return { at: 0, count: 0, markdown: markdown() };
    case 'insert_at_end':
      return { at: sections.length, count: 0, markdown: markdown() };
    case 'insert_before':
      return { at: sectionAt(sections, id), count: 0, markdown: markdown() };
    case 'insert_after':
      return { at: sectionAt(sections, id) + 1, count: 0, markdown: markdown() };
    case 'delete':
      return { at: sectionAt(sections, id), count: 1, markdown: '' };
    case 'replace':
      return id === undefined
        ? { at: 0, count: sections.length, markdown: markdown() }
        : { at: sectionAt(sections, id), count: 1, markdown: markdown() };
    default:
      throw refusal('invalid_arguments', [`unknown operation: ${operation}`]);
  }
}

function sectionAt(sections: readonly CanvasSection[], id: unknown): number {
  const at = sections.findIndex((section) => section.id === id);
  if (at < 0) throw new Refusal('canvas_editing_failed', { detail: 'section not found' });
  return at;
}

const HEADINGS: Readonly<Record<string, RegExp>> = {
  any_header: /^#{1,3} /,
  h1: /^# /,
  h2: /^## /,
  h3: /^### /,
};

function lookUp(call: Call): Json {
  mustHaveCanvases(call);
  const { canvas } = canvasOf(call);
  const criteria = structured(call, 'criteria');
  if (!isRecord(criteria)) throw refusal('invalid_arguments', ['missing required field: criteria']);
  const types = listOf(criteria['section_types']).map((type) => HEADINGS[textOf(type)]);
  const wanted = textOf(criteria['contains_text']);
  if (types.includes(undefined) || (types.length === 0 && wanted === ''))
    throw refusal('invalid_arguments', ['nothing to look for [json-pointer:/criteria]']);
  const sections = canvas.sections.filter(
    ({ markdown }) =>
      (types.length === 0 || types.some((type) => type?.test(markdown))) &&
      plainText(markdown).includes(wanted),
  );
  return { sections: sections.map(({ id }) => ({ id })) };
}

function canvasOf(call: Call): { canvas: Canvas; channel: Channel } {
  const { context } = call;
  const id = required(call, 'canvas_id');
  if (call.method === 'canvases.sections.lookup' && context.state.deletedCanvases.has(id))
    throw new Refusal('canvas_deleted');
  const found = canvasById(context, id);
  // Whoever is not in the channel cannot see its canvas; archiving ejects the bot.
  if (!found || !isBotIn(context, found.channel)) throw new Refusal('canvas_not_found');
  return found;
}

function mustHaveCanvases({ context }: Call): void {
  if (context.canvases === 'disabled') throw new Refusal('canvas_disabled_user_team');
}

function markdownOf(content: unknown): string {
  if (!isRecord(content) || content['type'] !== 'markdown')
    throw refusal('invalid_arguments', ['document_content is { type: "markdown", markdown }']);
  const markdown = textOf(content['markdown']);
  if (markdown.length > CANVAS_MARKDOWN)
    throw refusal('invalid_arguments', ['markdown: more than 1048576 characters']);
  return markdown;
}
