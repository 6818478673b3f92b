/** Times of messages, in the reader's zone. */
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

const dateOf = (ts) => new Date(Number(ts) * 1000);

export const clockOf = (ts) => clock.format(dateOf(ts));
export const exactTime = (ts) => exact.format(dateOf(ts));
export const isoOf = (ts) => dateOf(ts).toISOString();

export function dayOf(ts) {
  const date = dateOf(ts);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return 'Today';
  const yesterday = new Date(now.getTime() - 86_400_000);
  return date.toDateString() === yesterday.toDateString() ? 'Yesterday' : day.format(date);
}

export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
