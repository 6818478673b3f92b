/** Making a formatter costs far more than using it, and a process knows only a few time zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What calendar and clock show there: `{ date: '2026-11-20', time: '07:00' }`. */
export function wallClock(at: Date, timeZone: string): { date: string; time: string } {
  const formatter =
    formatters.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  formatters.set(timeZone, formatter);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    formatter.formatToParts(at).find((one) => one.type === type)?.value ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

/** `15:30 Europe/Paris`; with its date when that is not today's there. */
export function clockTime(at: Date, now: Date, timeZone: string): string {
  const { date, time } = wallClock(at, timeZone);
  const today = wallClock(now, timeZone).date === date;
  return today ? `${time} ${timeZone}` : `${date} ${time} ${timeZone}`;
}
