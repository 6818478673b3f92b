import { HousecallError } from '../errors.ts';
import { boundPattern } from '../safe-pattern.ts';
import { secretForms } from './own-secrets.ts';
import { marker, redact } from './redact.ts';
import type { Rule } from './rules.ts';

export type Redact = (text: string) => string;

/** One unbounded repetition, or a few bounded ones: linear on any text. */
const LIMITS = { unbounded: 200, maxWays: 1000 };

/**
 * Everything that must not be seen: the built-in kinds, this process's own secrets in every form they
 * could take, and the patterns of the configuration.
 * @throws HousecallError CONFIG_INVALID for a pattern that cannot be used safely.
 */
export function createRedactor(options: {
  readonly secrets: readonly string[];
  readonly patterns: readonly string[];
}): Redact {
  const custom = options.patterns.map(customRule);
  const forms = secretForms(options.secrets);
  return (text) =>
    redact(
      forms.reduce(
        (cleaned, form) =>
          cleaned.includes(form) ? cleaned.replaceAll(form, marker('own')) : cleaned,
        text,
      ),
      custom,
    );
}

/** Why a pattern of `redaction.patterns` cannot be used, or null. */
export function redactionPatternProblem(source: string): string | null {
  const verdict = boundPattern(source, LIMITS);
  if (!verdict.ok) return verdict.problem;
  return new RegExp(verdict.source).test('') ? 'it matches the empty text' : null;
}

function customRule(source: string, index: number): Rule {
  const problem = redactionPatternProblem(source);
  const verdict = boundPattern(source, LIMITS);
  if (problem !== null || !verdict.ok) {
    throw new HousecallError(
      'CONFIG_INVALID',
      `redaction.patterns[${index}] ${JSON.stringify(source)}: ${problem ?? 'cannot be used'}`,
      { context: { key: `redaction.patterns[${index}]` } },
    );
  }
  return {
    kind: 'custom',
    pattern: new RegExp(verdict.source, 'g'),
    keep: (match) => (cutsMarker(match) ? null : ['', '']),
  };
}

/** A pattern may match inside a marker: left alone, or the text would change with every pass. */
function cutsMarker(match: RegExpExecArray): boolean {
  const from = match.index;
  const to = from + match[0].length;
  const start = Math.max(0, from - 40);
  for (const found of match.input.slice(start, to + 40).matchAll(/\[redacted:[a-z-]{1,24}\]/g)) {
    const open = start + found.index;
    const close = open + found[0].length;
    if ((from > open && from < close) || (to > open && to < close)) return true;
    if (from === open && to === close) return true;
  }
  return false;
}

/** The same value with every text in it redacted; keys stay. */
export function redactDeep<Value>(value: Value, clean: Redact): Value {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'string' ? clean(inner) : inner,
    ),
  ) as Value;
}
