import { peopleInlines } from '../approval/review-form.ts';
import { codeInlines } from '../document/code-inlines.ts';
import type { Block, Document, Inline } from '../document/document.ts';
import { foldNames } from '../fleet/fold-names.ts';
import { formatDuration } from '../format.ts';
import type { CaseState, Incident } from '../incident/case.ts';
import { actorInline } from '../run/run-document.ts';
import { elapsed, isHeard, unheardSince } from './ladder.ts';
import { clipped, whatIsKnown } from './what-is-known.ts';

/** A page as it is told: what a `page.sent` says, and who asked where somebody did. */
export interface Call {
  readonly reason: 'ladder' | 'immediate' | 'command';
  readonly step: number | null;
  readonly round: number;
  readonly people: readonly string[];
  /** Slack user id of who asked. */
  readonly by?: string;
  /** Why somebody may not have been reached, in words. */
  readonly failures: readonly string[];
}

/** How long people have been waited for, in words; null: somebody is on it. */
function waiting(incident: Incident, now: Date): string | null {
  if (isHeard(incident)) return null;
  const seconds = elapsed(unheardSince(incident), now) / 1000;
  // A clock that was put back: how long is not known.
  if (seconds < 0) return 'nobody has acknowledged';
  return `nobody has acknowledged for ${formatDuration(seconds)}`;
}

/** What a lock screen shows: how bad, what, and what is known. */
export function pageLine(state: CaseState, incident: Incident): string {
  const known = whatIsKnown(state);
  const line = `${incident.severity}: ${incident.title}`;
  return clipped(known === '' ? line : `${line}. ${known}`);
}

/** The direct message: everything that decides whether to get up, and the button that stops the paging. */
export function pageDocument(state: CaseState, call: Call, now: Date): Document {
  const { incident } = state;
  if (incident === null) return { summary: '', blocks: [] };
  return {
    // Says what it is about; Slack shows it above the rest.
    summary: pageLine(state, incident),
    status: 'critical',
    blocks: [
      facts(incident, now),
      { kind: 'paragraph', content: [...why(call), ...placeInlines(incident)] },
      ...acknowledge(incident),
    ],
  };
}

/** The same as an e-mail, where neither mentions nor buttons work. */
export function pageMail(state: CaseState, call: Call, now: Date): Document {
  const { incident } = state;
  if (incident === null) return { summary: '', blocks: [] };
  return {
    summary: pageLine(state, incident),
    status: 'critical',
    blocks: [
      ...whatBlocks(state, incident, now),
      { kind: 'paragraph', content: [...why(call), 'Acknowledge in Slack: '] },
      { kind: 'paragraph', content: mailPlace(incident) },
    ],
  };
}

/** The line in the room: whoever is mentioned is called by Slack itself. */
export function roomCallDocument(state: CaseState, call: Call, now: Date): Document {
  const { incident } = state;
  if (incident === null) return { summary: '', blocks: [] };
  const wait = waiting(incident, now);
  const asked: Inline[] = call.by === undefined ? [] : [' paged by ', { user: call.by }];
  return {
    summary: pageLine(state, incident),
    blocks: [
      {
        kind: 'paragraph',
        content: [...peopleInlines(call.people), ...asked, wait === null ? '' : `: ${wait}`],
      },
      ...call.failures.map((failure): Block => ({ kind: 'context', content: [failure] })),
      ...acknowledge(incident),
    ],
  };
}

/** What a page becomes when it is answered: whoever looks at it later need not go there. */
export function answeredDocument(incident: Incident): Document {
  const { acknowledged, resolved } = incident;
  const head = `${incident.severity}: ${incident.title}`;
  const said: Inline[] =
    incident.mergedInto !== null
      ? [`Goes on in incident ${incident.mergedInto}`]
      : resolved !== null
        ? ['Resolved by ', actorInline(resolved.by)]
        : acknowledged === null
          ? ['Over']
          : ['Acknowledged by ', actorInline(acknowledged.by)];
  return {
    summary: `${resolved !== null ? 'Resolved' : 'Acknowledged'} · ${clipped(head)}`,
    blocks: [
      { kind: 'paragraph', content: said },
      { kind: 'context', content: [clipped(head), ' · ', ...placeInlines(incident)] },
    ],
  };
}

function whatBlocks(state: CaseState, incident: Incident, now: Date): Block[] {
  const known = whatIsKnown(state);
  return [
    {
      kind: 'paragraph',
      content: [{ text: `${incident.severity}: ${incident.title}`, style: 'bold' }],
    },
    ...(known === '' ? [] : [{ kind: 'paragraph', content: codeInlines(known) } as const]),
    facts(incident, now),
  ];
}

function facts(incident: Incident, now: Date): Block {
  const wait = waiting(incident, now);
  return {
    kind: 'fields',
    items: [
      {
        label: 'Hosts',
        value: incident.hosts.length === 0 ? 'none known' : clipped(foldNames(incident.hosts)),
      },
      ...(wait === null ? [] : [{ label: 'Waiting', value: wait }]),
    ],
  };
}

function why({ reason, step, round, by }: Call): Inline[] {
  if (by !== undefined) return ['You were paged by ', { user: by }, '. '];
  const again = round === 0 ? '' : `, for the ${ordinal(round + 1)} time`;
  if (reason === 'immediate') return [`Everybody is being called${again}. `];
  return [`You are step ${(step ?? 0) + 1} of the escalation${again}. `];
}

function ordinal(n: number): string {
  const tens = n % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}

export function placeInlines({ id, room }: Incident): Inline[] {
  return room === null ? [`incident ${id}, its room is being made`] : [{ channel: room.channel }];
}

/** Slack's own address of a channel: works in a browser and in its apps. */
export function mailPlace({ id, room }: Incident): Inline[] {
  if (room === null) return [`incident ${id}`];
  const link = `https://slack.com/app_redirect?channel=${encodeURIComponent(room.channel)}`;
  return [{ link, text: `#${room.name}` }];
}

function acknowledge(incident: Incident): Block[] {
  if (isHeard(incident)) return [];
  const action = { action: 'incident.ack', label: 'Acknowledge', style: 'primary' } as const;
  return [{ kind: 'actions', actions: [{ ...action, value: incident.id }] }];
}
