import { createHash } from 'node:crypto';
import { ADDRESS } from './fields.ts';

/** Labels that name hosts, best first; case does not count. */
const HOST_LABELS = ['host', 'hostname', 'instance', 'node', 'nodename', 'hosts'];
const MAX_HINTS = 200;

/** Names that may be hosts: `first`, then what the labels say. Several are parted by commas or spaces. */
export function hostHints(
  labels: Readonly<Record<string, string>>,
  first: readonly string[] = [],
): readonly string[] {
  const byKey = new Map(Object.entries(labels).map(([key, value]) => [key.toLowerCase(), value]));
  const values = [...first, ...HOST_LABELS.map((key) => byKey.get(key) ?? '')];
  const names = values.flatMap((value) => value.split(/[\s,;]+/)).filter((name) => name !== '');
  return [...new Set(names)].slice(0, MAX_HINTS);
}

export function firstText(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== '');
}

/** For titles and names: white space and line breaks become one space. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The first that is an http(s) address. Addresses are not cut: half of one leads nowhere. */
export function webAddress(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find(
    (text) => text !== undefined && text.length <= ADDRESS && /^https?:\/\/[^\s<>"|]+$/.test(text),
  );
}

/** The beginning of time: what is said of an alert whose sender says no time. */
export const NO_TIME = new Date(0).toISOString();

/** RFC 3339 with a zone; fractions finer than a millisecond are cut. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)$/i;

/** ISO 8601 in UTC, or null. */
export function isoTime(text: string): string | null {
  const ms = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
