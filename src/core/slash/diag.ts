import { HousecallError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { quoted } from '../quoted.ts';
import { splitWords, typedText } from './words.ts';

/** What `/diag …` asks for. */
export type DiagCommand =
  | { readonly kind: 'help'; readonly diagnostic: string | null }
  | { readonly kind: 'list' }
  | { readonly kind: 'hosts'; readonly filter: string | null }
  | {
      readonly kind: 'run';
      readonly diagnostic: string;
      /** Null: the hosts of the incident whose channel this is. */
      readonly targets: string | null;
      readonly params: Readonly<Record<string, string>>;
    };

export const DIAG_WORDS = ['list', 'help', 'hosts'] as const;

const EXAMPLE = 'for example: /diag disk host-17';

/**
 * Reads the text of `/diag`. Throws USAGE naming the word, the nearest known ones and an example.
 * `diagnostics` are the known ids.
 */
export function parseDiag(text: string, diagnostics: readonly string[]): DiagCommand {
  const [first, ...rest] = splitWords(typedText(text));
  switch (first?.toLowerCase()) {
    case undefined:
      return { kind: 'help', diagnostic: null };
    case 'help':
      return { kind: 'help', diagnostic: rest[0]?.toLowerCase() ?? null };
    case 'list':
      return { kind: 'list' };
    case 'hosts':
      return { kind: 'hosts', filter: rest.length === 0 ? null : joinTargets(rest) };
    default:
      return parseRun(first ?? '', rest, diagnostics);
  }
}

function parseRun(
  word: string,
  rest: readonly string[],
  diagnostics: readonly string[],
): DiagCommand {
  const diagnostic = word.toLowerCase();
  if (!diagnostics.includes(diagnostic)) {
    const near = didYouMean(diagnostic, [...diagnostics, ...DIAG_WORDS]);
    throw new HousecallError(
      'USAGE',
      `/diag: there is no diagnostic ${quoted(word)}${near || `; there are ${diagnostics.join(', ')}`}; ${EXAMPLE}`,
      { context: { word } },
    );
  }
  const params: Record<string, string> = {};
  const targets: string[] = [];
  for (const part of rest) {
    const pair = /^([A-Za-z][A-Za-z0-9_]*)=(.*)$/s.exec(part);
    if (pair === null) {
      targets.push(part);
      continue;
    }
    const [, key = '', value = ''] = pair;
    if (Object.hasOwn(params, key)) {
      throw new HousecallError('USAGE', `/diag ${diagnostic}: ${key} is given twice`, {
        context: { key },
      });
    }
    params[key] = value;
  }
  return {
    kind: 'run',
    diagnostic,
    targets: targets.length === 0 ? null : joinTargets(targets),
    params,
  };
}

/** `host-17 host-18` and `host-17, host-18` are `host-17,host-18`; spaces inside brackets go. */
export function joinTargets(words: readonly string[]): string {
  return words.reduce((joined, word) => {
    const open = joined.lastIndexOf('[') > joined.lastIndexOf(']');
    const separated = open || /[,!\s]$/.test(joined) || /^[,!]/.test(word);
    return joined === '' || separated ? joined + word : `${joined},${word}`;
  }, '');
}
