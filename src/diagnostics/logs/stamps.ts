import type { Stamp } from './reading.ts';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** How log lines say when: the groups are year, month, day and the clock, in the order that `order` names. */
const FORMATS: readonly { readonly pattern: RegExp; readonly order: string }[] = [
  {
    pattern: /\b(\d{4})[-/](\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/,
    order: 'ymd',
  },
  {
    pattern: /\b(\d{1,2})[-/ ]([A-Za-z]{3})[-/ ](\d{4})[: ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/,
    order: 'dmy',
  },
  { pattern: /\b(\d\d)[-/](\d\d)[-/](\d\d) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/, order: 'ymd' },
  {
    pattern: /\b([A-Za-z]{3}) {1,2}(\d{1,2}) ()(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/,
    order: 'mdy',
  },
];

/** Seconds since an epoch of its own: the zone, and for syslog the year, are unknown; only differences count. */
export function secondsOf(text: string): number | null {
  for (const { pattern, order } of FORMATS) {
    const found = pattern.exec(text);
    const seconds = found === null ? null : fromParts(found, order);
    if (seconds !== null) return seconds;
  }
  const epoch = /(?<!\d)(1[4-9]\d{8}|2\d{9})(\d{3})?(?:\.(\d{1,9}))?(?!\d)/.exec(text);
  if (epoch === null) return null;
  return Number(epoch[1]) + fraction(epoch[2] ?? epoch[3]);
}

function fromParts(found: RegExpExecArray, order: string): number | null {
  const part = (name: string): string => found[order.indexOf(name) + 1] ?? '';
  const named = MONTHS.indexOf(part('m').toLowerCase());
  const month = /^\d+$/.test(part('m')) ? Number(part('m')) - 1 : named;
  const year = part('y') === '' ? 2000 : Number(part('y'));
  if (month < 0 || month > 11) return null;
  const [hour, minute, second] = [found[4], found[5], found[6]].map(Number);
  const time = Date.UTC(year, month, Number(part('d')), hour, minute, second);
  return Number.isNaN(time) ? null : time / 1000 + fraction(found[7]);
}

function fraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(`0.${digits}`);
}

export interface StampRate {
  readonly bytesPerSecond: number;
  /** Over this long, at the end of the log. */
  readonly seconds: number;
}

/** Seconds that the end of a log must span, so that whole seconds in its lines do not blur the rate. */
const SPAN = 10;

/** How fast the log grew at its end, by the times in its lines; null: they have none, or it is too short. */
export function rateOfStamps(stamps: readonly Stamp[]): StampRate | null {
  const timed = stamps.flatMap(({ offset, text }) => {
    const at = secondsOf(text);
    return at === null ? [] : [{ offset, at }];
  });
  const last = timed.at(-1);
  if (last === undefined) return null;
  // A journal is read newest first.
  const from = timed.findLast(({ at }) => Math.abs(last.at - at) >= SPAN);
  if (from === undefined) return null;
  const seconds = Math.abs(last.at - from.at);
  return { bytesPerSecond: (last.offset - from.offset) / seconds, seconds };
}
