import { HousecallError } from '../../core/errors.ts';
import { joinTargets } from '../../core/slash/diag.ts';

/** What follows the diagnostic on the command line. */
export interface DiagWords {
  readonly targets: string;
  readonly params: Readonly<Record<string, string>>;
}

/** `host-17 host-18 mount=/var`: what has a `=` is a parameter, the rest are targets. */
export function readDiagWords(diagnostic: string, words: readonly string[]): DiagWords {
  const params = new Map<string, string>();
  const targets: string[] = [];
  for (const word of words) {
    const [, key, value] = /^([A-Za-z][A-Za-z0-9_]*)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      targets.push(word);
    } else if (params.has(key)) {
      throw new HousecallError('USAGE', `diag ${diagnostic}: ${key} is given twice`);
    } else params.set(key, value);
  }
  if (targets.length === 0) {
    throw new HousecallError(
      'USAGE',
      `diag ${diagnostic}: no targets; for example: housecall diag ${diagnostic} host-17`,
    );
  }
  return { targets: joinTargets(targets), params: Object.fromEntries(params) };
}
