/**
 * Times that the ladder counts by. Their order is the order of the record, also when a clock went back: else
 * what was done would be due again and again.
 */

/** What answers a wait is never older than it. ISO 8601. */
export function answering(
  { waitingSince, raisedAt }: { readonly waitingSince: string; readonly raisedAt: string | null },
  at: string,
): string {
  return [waitingSince, raisedAt ?? ''].reduce((last, one) => (one > last ? one : last), at);
}

/** Later than every page before. ISO 8601. */
export function afterPages(
  { pages }: { readonly pages: readonly { readonly at: string }[] },
  at: string,
): string {
  const last = pages.at(-1)?.at ?? '';
  return at > last ? at : new Date(Date.parse(last) + 1).toISOString();
}
