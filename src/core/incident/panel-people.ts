import type { Block, Inline } from '../document/document.ts';
import { formatDuration } from '../format.ts';
import { actorInline } from '../run/run-document.ts';
import { INCIDENT_ROLES } from './event.ts';
import type { Incident } from './incident.ts';
import { moment } from './moment.ts';

const MAX_PAGES = 3;
const UPDATE_CHARACTERS = 400;

/** Who is on it, who was called, what stakeholders were told. */
export function panelPeople(incident: Incident): Block[] {
  return [
    {
      kind: 'list',
      items: [
        acknowledged(incident),
        ...pages(incident),
        ...resolved(incident),
        ...roles(incident),
        ...update(incident),
      ],
    },
  ];
}

function acknowledged(incident: Incident): Inline[] {
  const { acknowledged: ack, unacknowledgedAt, openedAt } = incident;
  if (ack !== null) {
    const seconds = (Date.parse(ack.at) - Date.parse(openedAt)) / 1000;
    // One that came before its alert took no time.
    const first = ack.at === incident.firstAcknowledgedAt && seconds >= 0;
    const after = first ? `, after ${formatDuration(seconds)}` : '';
    return ['Acknowledged by ', actorInline(ack.by), ` at ${moment(ack.at, openedAt)}${after}`];
  }
  const nobody = { text: 'Nobody has acknowledged yet', style: 'bold' } as const;
  if (unacknowledgedAt === null) return [nobody];
  return [
    { text: 'Nobody is on it', style: 'bold' },
    `: the acknowledgement ended at ${moment(unacknowledgedAt, openedAt)}`,
  ];
}

/** The latest pages; an acknowledged incident says how many there were. */
function pages(incident: Incident): Inline[][] {
  const { pages: all, openedAt, pagesExhaustedAt } = incident;
  if (all.length === 0) return [];
  if (incident.acknowledged !== null) {
    return [[`${count(all.length, 'page')} sent; paging has stopped`]];
  }
  const latest = all.slice(-MAX_PAGES);
  const earlier = all.length - latest.length;
  const line: Inline[] = latest.flatMap(({ people, at }, n): Inline[] => [
    n === 0 ? 'Paged ' : ', ',
    ...mentions(people),
    ` at ${moment(at, openedAt)}`,
  ]);
  return [
    [
      ...line,
      earlier === 0 ? '' : `, after ${count(earlier, 'earlier page')}`,
      ...nextCalled(incident),
    ],
    ...(pagesExhaustedAt === null ? [] : [['Everybody on the list was paged; nobody answered']]),
  ];
}

function nextCalled({ pages: all, openedAt, pagesExhaustedAt }: Incident): Inline[] {
  const call = all.findLast(({ reason }) => reason !== 'command')?.next;
  if (call === undefined || pagesExhaustedAt !== null) return [];
  return ['; next: ', ...mentions(call.people), ` at ${moment(call.at, openedAt)}`];
}

function resolved({ resolved: end, openedAt }: Incident): Inline[][] {
  if (end === null) return [];
  const reason = end.reason === '' ? '' : `: ${end.reason}`;
  return [['Resolved by ', actorInline(end.by), ` at ${moment(end.at, openedAt)}${reason}`]];
}

function roles({ roles: held }: Incident): Inline[][] {
  const line = INCIDENT_ROLES.filter((role) => held[role] !== undefined).flatMap(
    (role, n): Inline[] => [`${n === 0 ? 'Roles: ' : ' · '}${role} `, { user: held[role] ?? '' }],
  );
  return line.length === 0 ? [] : [line];
}

function update({ updates, openedAt, resolved: end }: Incident): Inline[][] {
  const last = updates.at(-1);
  if (last === undefined) return [];
  const next =
    last.nextAt === null || end !== null ? '' : ` · next by ${moment(last.nextAt, openedAt)}`;
  const text =
    last.text.length <= UPDATE_CHARACTERS
      ? last.text
      : `${last.text.slice(0, UPDATE_CHARACTERS - 1)}…`;
  return [
    [
      `Told stakeholders at ${moment(last.at, openedAt)}`,
      ', ',
      actorInline(last.by),
      `: ${text}${next}`,
    ],
  ];
}

/** Users and groups, by the kind of their id. */
export function mentions(people: readonly string[]): Inline[] {
  return people.flatMap((id, n): Inline[] => [
    ...(n === 0 ? [] : [' ']),
    id.startsWith('S') ? { group: id } : { user: id },
  ]);
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
