import type { Document, Inline } from '../document/document.ts';
import { foldSome } from '../fleet/fold-some.ts';
import { formatDuration } from '../format.ts';
import { actorInline } from '../run/run-document.ts';
import type { CaseState } from './case.ts';
import type { Incident } from './incident.ts';
import { isInside } from './inside.ts';

const MAX_LISTED = 40;
const TITLE_CHARACTERS = 120;
const HOSTS_CHARACTERS = 60;

/** Who reads a list of incidents, and when. */
export interface Reader {
  /** Slack user id. */
  readonly user: string;
  readonly now: Date;
}

/** Worst first: what still hurts before what is resolved, by severity, unheard before heard, then the oldest. */
export function worstFirst(states: readonly CaseState[]): readonly CaseState[] {
  return states
    .filter(({ incident }) => incident !== null && incident.state !== 'closed')
    .flatMap((state) => (state.incident === null ? [] : [{ state, by: rank(state.incident) }]))
    .toSorted((a, b) => (a.by < b.by ? -1 : Number(a.by > b.by)))
    .map(({ state }) => state);
}

function rank({ state, severity, acknowledged, openedAt }: Incident): string {
  return [state === 'resolved' ? 1 : 0, severity, acknowledged === null ? 0 : 1, openedAt].join(
    ' ',
  );
}

/** `/incident list`: open incidents, worst first. */
export function listIncidents(states: readonly CaseState[], reader: Reader): Document {
  const open = worstFirst(states);
  const summary = openCount(open);
  const rest = open.length - MAX_LISTED;
  return {
    summary,
    blocks: [
      { kind: 'paragraph', content: [{ text: summary, style: 'bold' }] },
      ...(open.length === 0
        ? []
        : [
            {
              kind: 'list',
              items: open.slice(0, MAX_LISTED).map((state) => incidentLine(state, reader)),
            } as const,
          ]),
      ...(rest > 0 ? [{ kind: 'context', content: [`… and ${rest} more`] } as const] : []),
    ],
  };
}

/** `3 open incidents, 1 that nobody has acknowledged`. */
export function openCount(open: readonly CaseState[]): string {
  if (open.length === 0) return 'No open incidents';
  const unheard = open.filter(({ incident }) => incident !== null && isUnheard(incident)).length;
  const count = `${open.length} open incident${open.length === 1 ? '' : 's'}`;
  if (unheard === 0) return count;
  return unheard === open.length
    ? `${count}, which nobody has acknowledged`
    : `${count}, ${unheard} that nobody has acknowledged`;
}

export function isUnheard({ acknowledged, state, mergedInto }: Incident): boolean {
  return acknowledged === null && state !== 'resolved' && mergedInto === null;
}

/** One incident on a line. A private one keeps its title and hosts to those who are in it. */
export function incidentLine(state: CaseState, { user, now }: Reader): Inline[] {
  const { incident } = state;
  if (incident === null) return [];
  const age = (now.getTime() - Date.parse(incident.openedAt)) / 1000;
  const hosts = foldSome(incident.hosts, HOSTS_CHARACTERS);
  const known = !incident.private || isInside(incident, user);
  return [
    { text: `${incident.severity} ${incident.state}`, style: 'bold' },
    known ? ` ${clipped(incident.title, TITLE_CHARACTERS)} · ` : ' (private) · ',
    incident.room === null ? incident.id : { channel: incident.room.channel },
    known && hosts !== '' ? ` · ${hosts}` : '',
    incident.storm ? ` · storm of ${state.alerts.size} alerts` : '',
    ` · for ${formatDuration(age)} · `,
    ...heard(incident),
  ];
}

function heard(incident: Incident): Inline[] {
  if (incident.mergedInto !== null) return [`goes on in ${incident.mergedInto}`];
  if (isUnheard(incident)) return [{ text: 'nobody has acknowledged', style: 'bold' }];
  if (incident.state === 'resolved') return ['waits to be closed'];
  return incident.acknowledged === null
    ? []
    : ['acknowledged by ', actorInline(incident.acknowledged.by)];
}

function clipped(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
