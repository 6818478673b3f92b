import { checkBlocks } from '../blocks/check-blocks.ts';
import { isRecord, type Json, recordsOf } from '../json.ts';
import { type Call, Refusal, refusal, structuredList, structuredRecord } from './method.ts';

export interface Content {
  readonly text: string;
  readonly blocks?: readonly Json[];
  readonly attachments?: readonly Json[];
  readonly metadata?: Json;
}

/** Slack cuts a longer text silently. */
export const TEXT_CUT = 40_000;
/** `chat.update` refuses a longer text. */
export const UPDATE_TEXT = 4000;
/** Slack documents no number ("exceeds size limit"); the smaller of what is reported. */
export const METADATA_BYTES = 8192;

/** The content arguments of a posting method, checked as Slack checks them. */
export function contentOf(call: Call): Content {
  const { args } = call;
  const markdown = args['markdown_text'];
  const text = typeof args['text'] === 'string' ? args['text'] : '';
  const blocks = structuredList(call, 'blocks', 'invalid_blocks_format');
  const attachments = structuredList(call, 'attachments', 'invalid_attachments');
  const metadata = structuredRecord(call, 'metadata', 'invalid_metadata_format');
  if (typeof markdown === 'string' && markdown !== '') {
    if (text !== '' || blocks) throw new Refusal('markdown_text_conflict');
    if (markdown.length > 12_000) throw new Refusal('msg_too_long');
  }
  if (blocks) {
    checkMessageBlocks(blocks);
    checkAgainstWorkspace(call, recordsOf(blocks));
  }
  if (attachments) checkAttachments(attachments);
  if (metadata) checkMetadata(metadata);
  const shown = text === '' && typeof markdown === 'string' ? markdown : text;
  return {
    text: shown.slice(0, TEXT_CUT),
    ...(blocks ? { blocks: recordsOf(blocks) } : {}),
    ...(attachments ? { attachments: recordsOf(attachments) } : {}),
    ...(metadata ? { metadata } : {}),
  };
}

export function mustHaveContent(content: Content): void {
  const lists = (content.blocks?.length ?? 0) + (content.attachments?.length ?? 0);
  if (content.text === '' && lists === 0) throw new Refusal('no_text');
}

export function checkMessageBlocks(blocks: readonly unknown[]): void {
  const verdict = checkBlocks(blocks, 'message');
  if (verdict.error !== null) throw refusal(verdict.error, verdict.messages);
}

/** What is fine in itself, and not here: charts without the plan for them, files that are not there. */
function checkAgainstWorkspace({ context }: Call, blocks: readonly Json[]): void {
  for (const [n, block] of blocks.entries()) {
    const { type, slack_file: file } = block;
    if (type === 'data_visualization' && !context.charts)
      throw refusal('invalid_blocks', [`unsupported type: ${type} [json-pointer:/blocks/${n}]`]);
    if (type !== 'image' || !isRecord(file) || typeof file['id'] !== 'string') continue;
    if (context.state.files.get(file['id'])?.completed !== true)
      throw refusal('invalid_blocks', [
        `invalid slack file [json-pointer:/blocks/${n}/slack_file]`,
      ]);
  }
}

function checkAttachments(attachments: readonly unknown[]): void {
  if (attachments.length > 100) throw new Refusal('too_many_attachments');
  for (const attachment of attachments) {
    if (!isRecord(attachment)) throw new Refusal('invalid_attachments');
    const { blocks } = attachment;
    if (Array.isArray(blocks)) checkMessageBlocks(blocks);
  }
}

function checkMetadata(metadata: Json): void {
  const { event_type: type, event_payload: payload } = metadata;
  if (metadata['entities'] !== undefined) return;
  if (typeof type !== 'string' || !/^[A-Za-z0-9_]+$/.test(type) || !isRecord(payload))
    throw new Refusal('invalid_metadata_format');
  if (Buffer.byteLength(JSON.stringify(metadata)) > METADATA_BYTES)
    throw new Refusal('metadata_too_large');
  if (!Object.values(payload).every((value) => isFlat(value) || isFlatList(value)))
    throw new Refusal('invalid_metadata_schema');
}

/** A scalar, or an object of scalars. */
function isFlat(value: unknown): boolean {
  return isScalar(value) || (isRecord(value) && Object.values(value).every(isScalar));
}

function isFlatList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isFlat);
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
