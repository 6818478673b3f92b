import type { Verdict } from '../contract.ts';
import { hasCopytruncate } from './edit.ts';
import type { Params } from './params.ts';
import type { State } from './state.ts';

/** Has the stanza the word, and does logrotate read it? */
export function verify(before: State, after: State, params: Params): Verdict {
  const text = after.file?.text ?? null;
  if (text === null) return unknown(`${params.config} can no longer be read`);
  const has = hasCopytruncate(text, params.stanza);
  if (has === null) return unknown(`the stanza "${params.stanza}" is no longer there, or twice`);
  if (!has) return { outcome: 'ineffective', reason: 'the stanza has no copytruncate' };
  if (after.logrotate === null) {
    return verified('the stanza has copytruncate; there is no logrotate to check it');
  }
  for (const key of ['errors', 'ownErrors'] as const) {
    const [was, is] = [before.logrotate?.[key] ?? null, after.logrotate[key]];
    if (was !== null && is !== null && is > was) {
      return {
        outcome: 'ineffective',
        reason: `the stanza has copytruncate, but logrotate -d tells more errors (${is}) than before (${was})`,
      };
    }
  }
  return verified('the stanza has copytruncate, and logrotate -d finds no more errors than before');
}

function verified(reason: string): Verdict {
  return { outcome: 'verified', reason };
}

function unknown(reason: string): Verdict {
  return { outcome: 'unknown', reason };
}
