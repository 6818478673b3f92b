import { sanitise } from '../sanitise.ts';

/** Slack sends at most 4,000 characters with a command; anything longer did not come from a person. */
const MAX_LENGTH = 4_000;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

/**
 * What a person typed, from what Slack sends with `should_escape`: `<@U1|ada>` is `@ada`, `<#C1|ops>`
 * is `#ops`, a link is what it shows, `&lt;` is `<`. Without a name the id stays: `@U1`.
 */
export function typedText(text: string): string {
  const plain = text
    .slice(0, MAX_LENGTH)
    .replace(
      /<(@|#|!subteam\^|!)?([^<>|]*)(?:\|([^<>]*))?>|&(amp|lt|gt);/g,
      (_, kind: string | undefined, target: string | undefined, label, entity) => {
        if (typeof entity === 'string') return ENTITIES[entity] ?? '';
        const shown = typeof label === 'string' && label !== '' ? label : (target ?? '');
        if (kind === undefined) return shown.replace(/^mailto:/, '');
        return `${kind === '#' ? '#' : '@'}${shown.replace(/^[@#]/, '')}`;
      },
    );
  return sanitise(plain)
    .replace(/[“”„‟]/g, '"')
    .replace(/[‘’‚‛]/g, "'");
}

/**
 * Words, with quotes around those that have spaces: `path="/var/log/my app"`. A quote counts only
 * where a word or a value begins and when it is closed, so that "can't reach it" needs no quotes.
 */
export function splitWords(text: string): readonly string[] {
  const word = /([^\s"'=]+=)?(?:"([^"]*)"|'([^']*)')(?=\s|$)|\S+/g;
  return [...text.matchAll(word)].map(([whole, key = '', double, single]) => {
    const quoted = double ?? single;
    return quoted === undefined ? whole : key + quoted;
  });
}
