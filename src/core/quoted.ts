const MAX_CHARACTERS = 80;

/** What somebody gave, in quotes, for an error: of a long text its beginning. */
export function quoted(text: string): string {
  const characters = Array.from(text);
  return characters.length <= MAX_CHARACTERS
    ? `"${text}"`
    : `"${characters.slice(0, MAX_CHARACTERS - 1).join('')}…"`;
}
