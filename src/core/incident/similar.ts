import type { CaseState } from './case.ts';
import type { SimilarIncident } from './event.ts';

/** What is remembered of a closed incident. */
export interface PastIncident {
  readonly id: string;
  readonly title: string;
  readonly openedAt: string;
  readonly closedAt: string;
  /** Canonical JSON of its route's `match`, or null. */
  readonly route: string | null;
  /** Values of the label `alertname`. */
  readonly alertNames: readonly string[];
  /** Names of its alerts and their groups: what fires again soon goes on where it was. */
  readonly claims: readonly string[];
  readonly hosts: readonly string[];
  /** Groups of its hosts. */
  readonly groups: readonly string[];
  /** Codes of its findings that were warnings or worse. */
  readonly codes: readonly string[];
  /** Fixes that were verified. */
  readonly fixes: readonly string[];
  readonly reason: string;
  /** Where its archive lies. */
  readonly archive: string;
  readonly channel: string | null;
  /** Not to be named in the rooms of others. */
  readonly private: boolean;
}

/** How many are named at once, and altogether. */
const NAMED = 3;

/** What two incidents have in common counts so much; from `ENOUGH` on it is worth a look. */
const WEIGHTS = { code: 3, alert: 2, host: 2, group: 1 } as const;
const ENOUGH = 4;

/**
 * Closed incidents that are like this one, best first, without those that were named before. The same
 * finding weighs most; an alert's name alone is not enough, nor is a host.
 */
export function similarIncidents(
  state: CaseState,
  past: readonly PastIncident[],
  groupsOf: (host: string) => readonly string[],
): readonly SimilarIncident[] {
  const { incident } = state;
  if (incident === null) return [];
  const now = featuresOf(state, groupsOf);
  const known = new Set(incident.similar.map(({ id }) => id));
  return past
    .filter((one) => !one.private && one.id !== incident.id && !known.has(one.id))
    .map((one) => ({ one, shared: sharedBy(now, one) }))
    .map(({ one, shared }) => ({ one, shared, score: scoreOf(shared) }))
    .filter(({ score }) => score >= ENOUGH)
    .toSorted((a, b) => b.score - a.score || (a.one.closedAt < b.one.closedAt ? 1 : -1))
    .slice(0, Math.max(0, NAMED - known.size))
    .map(({ one, shared }) => ({
      id: one.id,
      title: one.title,
      why: Object.values(shared).flat().slice(0, 4).join(', '),
      ended: endOf(one),
      archive: one.archive,
    }));
}

/** What is to be remembered of an incident that is being closed. */
export function pastIncident(
  state: CaseState,
  more: Pick<PastIncident, 'closedAt' | 'archive' | 'claims'> & {
    readonly groupsOf: (host: string) => readonly string[];
  },
): PastIncident | null {
  const { incident } = state;
  if (incident === null) return null;
  const { groupsOf, ...rest } = more;
  return {
    id: incident.id,
    title: incident.title,
    openedAt: incident.openedAt,
    route: incident.route,
    ...featuresOf(state, groupsOf),
    fixes: [...state.fixes.values()]
      .filter(({ result }) => result?.outcome === 'verified')
      .map(({ offer, host }) => `${offer.fix} on ${host}`),
    reason: incident.resolved?.reason ?? '',
    channel: incident.room?.channel ?? null,
    private: incident.private,
    ...rest,
  };
}

type Features = Pick<PastIncident, 'alertNames' | 'hosts' | 'groups' | 'codes'>;

function featuresOf(state: CaseState, groupsOf: (host: string) => readonly string[]): Features {
  const hosts = state.incident?.hosts ?? [];
  const names = [...state.alerts.values()].map(({ alert }) => alert.labels['alertname'] ?? '');
  const codes = [...state.runs.values()].flatMap(({ finished }) =>
    (finished?.reports ?? []).flatMap(({ findings }) =>
      findings
        .filter(({ status }) => status === 'critical' || status === 'warning')
        .map(({ code }) => code),
    ),
  );
  return {
    alertNames: unique(names),
    hosts: unique(hosts),
    groups: unique(hosts.flatMap(groupsOf)),
    codes: unique(codes),
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '').slice(0, 100);
}

function both(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.filter((text) => b.includes(text));
}

type Shared = Readonly<Record<keyof typeof WEIGHTS, readonly string[]>>;

function sharedBy(now: Features, past: Features): Shared {
  return {
    code: both(now.codes, past.codes),
    alert: both(now.alertNames, past.alertNames),
    host: both(now.hosts, past.hosts),
    group: both(now.groups, past.groups),
  };
}

function scoreOf(shared: Shared): number {
  return (Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[])
    .filter((kind) => shared[kind].length > 0)
    .reduce((sum, kind) => sum + WEIGHTS[kind], 0);
}

function endOf({ fixes, reason }: PastIncident): string {
  if (fixes.length > 0) return `fixed by ${fixes.slice(0, 3).join(', ')}`;
  return reason === '' ? 'no fix on record' : `resolved: ${reason}`;
}
