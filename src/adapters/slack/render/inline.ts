import type { RichTextBlock, RichTextElement } from '@slack/types';
import type { Inline } from '../../../core/document/document.ts';
import { sanitise, sanitiseLine } from '../../../core/sanitise.ts';
import { LIMITS } from '../limits.ts';
import { clip, splitText } from './text.ts';

/** One block's worth of running text. */
export const PIECE_CHARACTERS = 3_000;
const PIECE_ELEMENTS = 200;
const LINK_CHARACTERS = 500;

/** Typed inlines become Slack's typed elements; every text stays text, which Slack does not parse. */
export function richText(content: readonly Inline[]): readonly RichTextElement[] {
  return content.flatMap(element).filter((e) => e.type !== 'text' || e.text !== '');
}

function element(inline: Inline): RichTextElement[] {
  if (typeof inline === 'string') return texts(inline);
  if ('style' in inline) return texts(inline.text, { [inline.style]: true });
  if ('user' in inline) {
    return isId(inline.user, 'UW')
      ? [{ type: 'user', user_id: inline.user }]
      : texts(`@${inline.user}`);
  }
  if ('group' in inline) {
    return isId(inline.group, 'S')
      ? [{ type: 'usergroup', usergroup_id: inline.group }]
      : texts(`@${inline.group}`);
  }
  if ('channel' in inline) {
    return isId(inline.channel, 'CGD')
      ? [{ type: 'channel', channel_id: inline.channel }]
      : texts(`#${inline.channel}`);
  }
  const url = webAddress(inline.link);
  if (url === null) return texts(inline.text || inline.link);
  const text = clip(sanitiseLine(inline.text), LINK_CHARACTERS);
  return [{ type: 'link', url, ...(text !== '' && { text }) }];
}

function texts(
  text: string,
  style?: { readonly bold?: true; readonly italic?: true; readonly code?: true },
): RichTextElement[] {
  return splitText(sanitise(text), PIECE_CHARACTERS).map((part) => ({
    type: 'text',
    text: part,
    ...(style && { style }),
  }));
}

/** Slack ids: a letter for the kind, then upper-case letters and digits. */
export function isId(id: string, kinds: string): boolean {
  return kinds.includes(id.charAt(0)) && /^[A-Z][A-Z0-9]{1,30}$/.test(id);
}

/** A link that may be clicked: http or https, no user name that passes for a host. */
function webAddress(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const url = new URL(link);
  const safe = /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return safe && url.href.length <= LIMITS.url ? url.href : null;
}

/** Runs of elements that each fit one block. */
export function splitElements(
  elements: readonly RichTextElement[],
): readonly (readonly RichTextElement[])[] {
  const runs: RichTextElement[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const next of elements) {
    const cost = countCharacters(next);
    const run = runs.at(-1);
    if (run === undefined || size + cost > PIECE_CHARACTERS || run.length >= PIECE_ELEMENTS) {
      runs.push([next]);
      size = cost;
    } else {
      run.push(next);
      size += cost;
    }
  }
  return runs;
}

export function section(elements: readonly RichTextElement[]): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [...elements] }],
  };
}

/** Every character of a block's strings but type names: more than Slack counts, never less. */
export function countCharacters(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, child]) => (key === 'type' ? sum : sum + countCharacters(child)),
    0,
  );
}
