import { z } from 'zod';
import { redactionPatternProblem } from '../core/redaction/redactor.ts';

/**
 * Building blocks of the schema. Each carries one sentence that says what is allowed: it is the error
 * message, and it stands in the reference.
 */
export function text(allowed = 'a text that is not empty') {
  return z.string({ error: allowed }).min(1, { error: allowed });
}

export function matching(pattern: RegExp, allowed: string) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}

export function wholeNumber(from: number, to: number, unit = '') {
  const allowed = `a whole number${unit === '' ? '' : ` of ${unit}`} from ${from} to ${to}`;
  return z
    .int({ error: allowed })
    .min(from, { error: allowed })
    .max(to, { error: allowed })
    .meta({ allowed });
}

export function flag() {
  return z.boolean({ error: 'true or false' }).meta({ allowed: 'true or false' });
}

export function listOf<Item extends z.ZodType>(item: Item, allowed: string) {
  return z.array(item, { error: `a list of ${allowed}` }).max(1000, {
    error: `a list of at most 1000 ${allowed}`,
  });
}

/** One text, or a list of them: a secret in rotation. */
export function oneOrMore(allowed: string) {
  const one = matching(/^\S{8,}$/, allowed);
  return z
    .union([one, z.array(one)], { error: `${allowed}, or a list of them` })
    .transform((value): readonly string[] => (typeof value === 'string' ? [value] : value));
}

/** Usable on text of strangers: see `core/safe-pattern.ts`. */
export function redactionPattern() {
  const allowed = 'a regular expression without look-around, back-references and nested repetition';
  return text(allowed).superRefine((source, issues) => {
    const problem = redactionPatternProblem(source);
    if (problem !== null) issues.addIssue({ code: 'custom', message: `${allowed} (${problem})` });
  });
}

export function url(schemes: readonly string[], example: string) {
  const allowed = `an address such as ${example}`;
  return text(allowed).refine(
    (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
    { error: allowed },
  );
}

/** A path on this machine; `~` and relative paths are resolved when the file is loaded. */
export function localPath() {
  const allowed = 'a path (a leading ~ is your home; relative to the configuration file)';
  return text(allowed).refine((path) => !path.includes('\0') && !/^~[^/]/.test(path), {
    error: allowed,
  });
}

/** User ids (`U…`, `W…`) and user-group ids (`S…`), never names: names can be taken over. */
export function slackIds() {
  const allowed = 'Slack user ids (U…) and user-group ids (S…)';
  return listOf(
    matching(/^[UWS][A-Z0-9]{2,20}$/, `a Slack user id (U…) or group id (S…)`),
    allowed,
  );
}
