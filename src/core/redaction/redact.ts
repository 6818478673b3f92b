import { ASSIGNMENTS } from './assignment.ts';
import { redactPrivateKeys } from './private-key.ts';
import { RULES, type Rule } from './rules.ts';

/** What a secret becomes. */
export function marker(kind: string): string {
  return `[redacted:${kind}]`;
}

const BUILT_IN: readonly Rule[] = [...RULES, ...ASSIGNMENTS];

/** More rounds change nothing in practice; the bound keeps the time linear. */
const ROUNDS = 4;

/**
 * Text without the secrets that can be recognised: `[redacted:<kind>]` stands in their place. Names,
 * paths, hashes and ids stay readable. Idempotent, and linear in the length of the text.
 */
export function redact(text: string, more: readonly Rule[] = []): string {
  const rules = more.length === 0 ? BUILT_IN : [...more, ...BUILT_IN];
  let before = redactPrivateKeys(text);
  for (let round = 0; round < ROUNDS; round++) {
    const after = rules.reduce(applyRule, before);
    if (after === before) return after;
    before = after;
  }
  return before;
}

function applyRule(text: string, { kind, pattern, keep }: Rule): string {
  let output = '';
  let from = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const whole = match[0];
    if (whole === '') {
      pattern.lastIndex++;
      continue;
    }
    const kept = keep === undefined ? (['', ''] as const) : keep(match);
    if (kept === null) {
      // Not a secret: what it swallowed may still hold one.
      pattern.lastIndex = match.index + Math.min(whole.length, (match[1] ?? whole).length || 1);
      continue;
    }
    output += text.slice(from, match.index) + kept[0] + marker(kind) + kept[1];
    from = match.index + whole.length;
  }
  return from === 0 ? text : output + text.slice(from);
}
