import { wallClock } from './wall-clock.ts';

/** Local wall-clock times; `from` after `to` spans midnight. */
export interface QuietHours {
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
  /** IANA name. */
  readonly timeZone: string;
}

/**
 * Whether the clock on the wall of that time zone shows quiet hours: from `from` on, until `to`. What
 * the clock shows counts, also in the nights when it is put forward or back.
 */
export function isQuiet({ from, to, timeZone }: QuietHours, at: Date): boolean {
  const { time } = wallClock(at, timeZone);
  return from < to ? from <= time && time < to : time >= from || time < to;
}

/** When they end, as people say it: `07:00 Europe/Paris`. */
export function quietEnd({ to, timeZone }: QuietHours): string {
  return `${to} ${timeZone}`;
}
