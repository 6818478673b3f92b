/** What no text may hold that is shown: control, invisible and reordering characters. */
export const HIDDEN =
  /[^\P{Cc}\t\n]|\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}|\p{Surrogate}/u;
const MENTION = /^<(?:@|!subteam\^|#)[A-Z][A-Z0-9]{1,30}>$/;
/** In Slack's `text`: a character that would start markup. */
export const UNESCAPED = /[<>]|&(?!(?:amp|lt|gt);)/;

/** mrkdwn may hold nothing but one mention of a checked id, and nobody is ever pinged wholesale. */
export function isDangerous(node: Record<string, unknown>): boolean {
  const { type, text, url } = node;
  if (type === 'broadcast') return true;
  if (type === 'mrkdwn') return typeof text !== 'string' || !MENTION.test(text);
  if (type === 'link' && !/^https?:\/\//.test(String(url))) return true;
  if (type === 'plain_text' && node['emoji'] !== false) return true;
  return typeof text === 'string' && HIDDEN.test(text);
}

/** Every object inside, however deep. */
export function nodes(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(nodes);
  if (typeof value !== 'object' || value === null) return [];
  return [{ ...value }, ...Object.values(value).flatMap(nodes)];
}
