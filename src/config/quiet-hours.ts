import { z } from 'zod';

/** Local wall-clock times; `from` after `to` spans midnight. */
export interface QuietHours {
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
  /** IANA name. */
  readonly timeZone: string;
}

const ALLOWED = 'two times and a time zone, such as "22:00-07:00 Europe/Paris"';

export const QuietHoursText = z
  .string({ error: ALLOWED })
  .refine((text) => parseQuietHours(text) !== null, { error: ALLOWED })
  .transform((text) => parseQuietHours(text) as QuietHours);

export function parseQuietHours(text: string): QuietHours | null {
  const time = '([01]\\d|2[0-3]):[0-5]\\d';
  const match = new RegExp(`^(?<from>${time})-(?<to>${time}) (?<zone>\\S+)$`).exec(text);
  const { from, to, zone } = match?.groups ?? {};
  if (from === undefined || to === undefined || zone === undefined || from === to) return null;
  return isTimeZone(zone) ? { from, to, timeZone: zone } : null;
}

export function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
