import { z } from 'zod';
import type { QuietHours } from '../core/escalation/quiet-hours.ts';

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
