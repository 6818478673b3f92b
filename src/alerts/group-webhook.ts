import { z } from 'zod';
import type { Alert } from '../core/alert.ts';
import { ADDRESS, LINE, TEXT, TextMap, text } from './fields.ts';
import {
  firstText,
  hostHints,
  isoTime,
  NO_TIME,
  oneLine,
  sha256,
  webAddress,
} from './read-text.ts';

/** One alert of a group, as Alertmanager and Grafana write it. */
export const GroupAlert = z.object(
  {
    status: text(LINE).default(''),
    labels: TextMap.default({}),
    annotations: TextMap.default({}),
    startsAt: text(LINE).default(''),
    generatorURL: text(ADDRESS + 1).default(''),
    fingerprint: text(200).default(''),
  },
  'must be an object',
);
export type GroupAlert = z.output<typeof GroupAlert>;

/** Fields of a group around its alerts; `version` tells Alertmanager's from Grafana's. */
export const GROUP_FIELDS = {
  status: text(LINE).default(''),
  groupKey: text(TEXT).default(''),
  externalURL: text(ADDRESS + 1).default(''),
  truncatedAlerts: text(30)
    .default('')
    .transform((value) => (/^\d{1,9}$/.test(value) ? Number(value) : 0)),
};

export interface Group<One extends GroupAlert> {
  readonly status: string;
  readonly groupKey: string;
  readonly externalURL: string;
  readonly truncatedAlerts: number;
  readonly alerts: readonly One[];
}

/** A list that holds something; how many are taken is another matter. */
export function alertList<Item extends z.ZodType>(item: Item) {
  return z.array(item, 'must be a list').min(1, 'must hold an alert');
}

/**
 * Peers of one Alertmanager wait 15 s for each other, and an answer that was lost is asked for again
 * within seconds. Later the same body is news: an alert whose start did not change came back (Prometheus
 * was cut off), or it still fires.
 */
export const COPIES_WITHIN_SECONDS = 60;

/** More than any group of a mebibyte has; what is beyond is counted as left out, never dropped in silence. */
const MAX_ALERTS = 2_000;

/** What is not in the body, and who left it out. */
interface LeftOut {
  readonly count: number;
  readonly title: string;
}

/**
 * One alert per entry: a firing group holds its resolved ones as well. When the sender left some out,
 * the first that fires says how many in its title, because that is what the room shows.
 */
export function decodeGroup<One extends GroupAlert>(
  group: Group<One>,
  sender: { readonly source: string; readonly title: string },
  extra: (alert: One) => Alert['annotations'] = () => ({}),
): readonly Alert[] {
  const byIdentity = new Map<string, Alert>();
  for (const one of group.alerts.slice(0, MAX_ALERTS)) {
    const alert = decodeOne(one, group, { source: sender.source, extra: extra(one) });
    // The same labels twice in one body are one alert; that it fires outweighs that it does not.
    const before = byIdentity.get(alert.fingerprint);
    if (before?.action !== 'firing') byIdentity.set(alert.fingerprint, alert);
  }
  const alerts = [...byIdentity.values()];
  const count = group.truncatedAlerts + Math.max(0, group.alerts.length - MAX_ALERTS);
  return count === 0 ? alerts : marked(alerts, { count, title: sender.title });
}

function decodeOne(
  one: GroupAlert,
  group: Group<GroupAlert>,
  { source, extra }: { readonly source: string; readonly extra: Alert['annotations'] },
): Alert {
  const { labels, annotations } = one;
  const status = firstText(one.status, group.status) ?? '';
  const action = status === 'firing' || status === 'resolved' ? status : 'note';
  const fingerprint = firstText(one.fingerprint) ?? labelsFingerprint(labels);
  const url = webAddress(one.generatorURL, group.externalURL);
  const name = firstText(oneLine(annotations['summary'] ?? ''), alertName(labels));
  const description = firstText(annotations['description'], annotations['message']) ?? '';
  return {
    source,
    fingerprint,
    action,
    title: name ?? `alert ${fingerprint}`,
    description: action === 'note' ? `status "${status.slice(0, 50)}"` : description,
    labels,
    annotations: { ...annotations, ...extra },
    hostHints: hostHints(labels),
    startsAt: isoTime(one.startsAt) ?? NO_TIME,
    ...(url === undefined ? {} : { url }),
  };
}

/** Grafana's `DatasourceNoData` and `DatasourceError` say in `rulename` whose data is missing. */
function alertName({ alertname = '', rulename = '' }: Readonly<Record<string, string>>): string {
  return oneLine(rulename === '' ? alertname : `${alertname}: ${rulename}`);
}

/** Senders before 2020 have no fingerprint; it is a hash of the labels there too. */
function labelsFingerprint(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).map((entry) => JSON.stringify(entry));
  return sha256(entries.toSorted().join()).slice(0, 16);
}

function marked(alerts: readonly Alert[], { count, title }: LeftOut): readonly Alert[] {
  const firing = alerts.findIndex((alert) => alert.action === 'firing');
  const more = `${count} more ${count === 1 ? 'alert' : 'alerts'} of this group`;
  return alerts.map((alert, n) =>
    n !== Math.max(0, firing)
      ? alert
      : {
          ...alert,
          title: `${shortened(alert.title)} (+${count} more: see ${title})`,
          description: [alert.description, `${more} did not fit into what ${title} sent.`]
            .filter((part) => part !== '')
            .join('\n'),
        },
  );
}

/** Slack's headings end after 150 characters, and what stands at the end must be seen. */
const MARKED_TITLE = 100;

function shortened(title: string): string {
  const characters = Array.from(title);
  return characters.length <= MARKED_TITLE
    ? title
    : `${characters.slice(0, MARKED_TITLE - 1).join('')}…`;
}

/**
 * What is said, whoever of several peers says it and in whatever order: the group, its state, what was
 * left out, and every alert with its state. An alert that fires anew has a new beginning.
 */
export function groupDeliveryKey(group: Group<GroupAlert>): string {
  const alerts = group.alerts.map(({ fingerprint, labels, startsAt, status }) =>
    JSON.stringify([firstText(fingerprint) ?? labelsFingerprint(labels), startsAt, status]),
  );
  const { groupKey, status, truncatedAlerts } = group;
  return sha256(
    JSON.stringify([groupKey, status, truncatedAlerts, ...[...new Set(alerts)].toSorted()]),
  );
}
