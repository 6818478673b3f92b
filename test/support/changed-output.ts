import type { CommandResult } from '../../src/core/command.ts';
import { HousecallError } from '../../src/core/errors.ts';
import { FIXTURE_NONCE, fixturesOf } from './diagnostic-fixture.ts';

/** In the first section of this name (markers included) the first `from` becomes `to`; from `*`: all of it. */
export type Change = readonly [section: string, from: string, to: string];

export type Parse = (result: CommandResult, nonce: string) => unknown;

/** The result of a fixture, as recorded. */
export function recorded(id: string, name: string): CommandResult {
  const found = fixturesOf(id).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no fixture ${id}/${name}`);
  return found.result;
}

/** Throws when there is nothing to change: a row that tests nothing. */
export function changed(result: CommandResult, [section, from, to]: Change): CommandResult {
  const { stdout } = result;
  const start = stdout.indexOf(`@${FIXTURE_NONCE} begin ${section}\n`);
  const end = stdout.indexOf('\n', stdout.indexOf(`@${FIXTURE_NONCE} end ${section} `, start)) + 1;
  const whole = stdout.slice(start, end);
  if (start < 0 || end <= start || (from !== '*' && !whole.includes(from))) {
    throw new Error(`nothing to change: ${section}: ${from}`);
  }
  const after = from === '*' ? to : whole.replace(from, () => to);
  return { ...result, stdout: stdout.slice(0, start) + after + stdout.slice(end) };
}

/** What a change does to the reading: refused with these words, or which parts become what. */
export function outcome(parse: Parse, before: CommandResult, after: CommandResult): unknown {
  try {
    return differences(
      plain(parse(before, FIXTURE_NONCE)),
      plain(parse(after, FIXTURE_NONCE)),
      'reading',
    );
  } catch (error) {
    if (!(error instanceof HousecallError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

/** Maps and sets as plain objects and lists. */
export function plain(value: unknown): unknown {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, one]) => [String(key), plain(one)]));
  }
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function differences(before: unknown, after: unknown, path: string): Record<string, unknown> {
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return Object.is(before, after) ? {} : { [path]: after === undefined ? 'gone' : after };
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.assign(
    {},
    ...keys.map((key) => differences(before[key], after[key], `${path}.${key}`)),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
