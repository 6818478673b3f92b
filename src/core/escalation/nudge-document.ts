import type { Action, Document, Inline } from '../document/document.ts';
import { formatDuration } from '../format.ts';
import { announced } from '../incident/announced.ts';
import type { CaseState, Incident } from '../incident/case.ts';
import { actorInline } from '../run/run-document.ts';
import type { Moment, Nudge } from './due-nudges.ts';
import { elapsed, latest, unheardSince } from './ladder.ts';
import { type EscalationPolicy, quietNow } from './policy.ts';
import { quietEnd } from './quiet-hours.ts';

/** What the room is told, and with which buttons. */
export function nudgeDocument(
  state: CaseState,
  nudge: Exclude<Nudge, { nudge: 'page' | 'close' }>,
  at: Moment & { readonly policy: EscalationPolicy },
): Document {
  const { policy, now } = at;
  const { incident } = state;
  if (incident === null) return { summary: '', blocks: [] };
  switch (nudge.nudge) {
    case 'quiet':
      return line([
        `Nobody is paged before ${quietEnd(nudge.hours)}: quiet hours. ${incident.severity}; a severity of ${policy.immediate.join(', ') || 'none'} pages at once.`,
      ]);
    case 'exhausted':
      return exhausted(incident, now);
    case 'remind-acknowledged':
      return withActions(
        [
          ...asked(incident),
          `no word for ${ago(lastWord(incident, at), now)}: are you still on it? A message here will do. Without one others are paged in ${formatDuration(policy.acknowledgedMs / 2000)}.`,
        ],
        [],
      );
    case 'unacknowledge': {
      const quiet = quietNow(incident, policy, now);
      const next = quiet === null ? 'Paging begins anew.' : `Paging begins at ${quietEnd(quiet)}.`;
      return withActions(
        [
          'No word from ',
          incident.acknowledged === null ? 'anybody' : actorInline(incident.acknowledged.by),
          ` for ${ago(lastWord(incident, at), now)}: the acknowledgement does not count any more. ${next}`,
        ],
        [{ action: 'incident.ack', label: 'Acknowledge', value: incident.id, style: 'primary' }],
      );
    }
    case 'remind-update':
      return withActions(
        [
          ...commander(incident),
          nudge.promised
            ? 'the next stakeholder update was promised for now.'
            : `the last stakeholder update is ${ago(nudge.since, now)} old.`,
          ' ',
          { text: '/incident update <text> eta=30m', style: 'code' },
        ],
        [{ action: 'incident.update', label: 'Update', value: incident.id, style: 'primary' }],
      );
    case 'ask-idle':
      return idle(incident, at);
  }
}

/** For the announcement channel: where else somebody may see that nobody came. */
export function exhaustedAnnouncement(incident: Incident, now: Date): Document {
  const { summary, blocks } = exhausted(announced(incident), now);
  const place = incident.room === null ? incident.id : { channel: incident.room.channel };
  return {
    summary,
    status: 'critical',
    blocks: [...blocks, { kind: 'context', content: [place] }],
  };
}

function exhausted(incident: Incident, now: Date): Document {
  const since = unheardSince(incident);
  const pages = incident.pages.filter(({ at, reason }) => at >= since && reason !== 'command');
  // Not named: a mention would call them once more, in the middle of the night perhaps.
  const people = new Set(pages.flatMap((page) => page.called ?? page.people)).size;
  const summary = `NOBODY ANSWERS: ${incident.severity} ${incident.title}`;
  return {
    summary,
    status: 'critical',
    blocks: [
      { kind: 'paragraph', content: [{ text: summary, style: 'bold' }] },
      {
        kind: 'paragraph',
        content: [
          `${count(pages.length, 'page', 'pages')} in ${ago(since, now)} to ${count(people, 'person', 'people')}. No more are sent: call somebody, or `,
          { text: '/incident page @somebody', style: 'code' },
        ],
      },
    ],
  };
}

function idle(incident: Incident, at: Moment & { readonly policy: EscalationPolicy }): Document {
  const { policy, now } = at;
  const resolved = incident.state === 'resolved';
  const value = incident.id;
  const closes = resolved
    ? ` Without an answer it is closed in ${formatDuration(policy.idleMs / 1000)}.`
    : ' It is not resolved, so it stays open.';
  const end: Action = resolved
    ? { action: 'incident.close', label: 'Close', value, style: 'primary' }
    : { action: 'incident.resolve', label: 'Resolve', value };
  return withActions(
    [
      `Nothing happened here for ${ago(lastWord(incident, at), now)}. ${resolved ? 'Close this incident?' : 'Is it over?'}${closes}`,
    ],
    [end, { action: 'incident.keep', label: 'Keep open', value }],
  );
}

/** The person who acknowledged; at the source nobody has a name that Slack knows. */
function asked({ acknowledged, roles }: Incident): Inline[] {
  if (acknowledged?.by.kind === 'person') return [{ user: acknowledged.by.user }, ', '];
  const { commander: user } = roles;
  const who: Inline[] = user === undefined ? [] : [{ user }, ', '];
  return acknowledged === null
    ? who
    : [...who, 'acknowledged by ', actorInline(acknowledged.by), '; '];
}

function commander({ roles }: Incident): Inline[] {
  return roles.commander === undefined ? [] : [{ user: roles.commander }, ', '];
}

function lastWord({ activeAt, acknowledged }: Incident, { heardAt }: Moment): string {
  return latest(latest(activeAt, acknowledged?.at), heardAt);
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

function ago(since: string, now: Date): string {
  return formatDuration(elapsed(since, now) / 1000);
}

function line(content: readonly Inline[]): Document {
  return withActions(content, []);
}

function withActions(content: readonly Inline[], actions: readonly Action[]): Document {
  return {
    summary: plain(content),
    blocks: [
      { kind: 'paragraph', content },
      ...(actions.length === 0 ? [] : [{ kind: 'actions', actions } as const]),
    ],
  };
}

/** For notifications: what is said, without the names, which the blocks carry. */
function plain(content: readonly Inline[]): string {
  const text = content
    .map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : 'somebody'))
    .join('')
    .replace(/^somebody, /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
