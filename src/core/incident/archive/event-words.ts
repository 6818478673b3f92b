import { foldNames } from '../../fleet/fold-names.ts';
import type { Actor } from '../../person.ts';
import type { CaseEvent, FixEvent, PageEvent, ReminderAbout } from '../event.ts';

export type NameOf = (user: string) => string;

export function actorWords(actor: Actor, nameOf: NameOf): string {
  if (actor.kind === 'person') return nameOf(actor.user);
  if (actor.kind === 'housecall') return 'Housecall';
  return actor.name === undefined ? actor.source : `${actor.name} (${actor.source})`;
}

/** A run or a fix by its id, in words: `disk on host-17`. */
export type CalledOf = (id: string) => string | undefined;

/** What happened, in words of the past: a row of the timeline. */
export function eventWords(
  event: CaseEvent,
  nameOf: NameOf = (user) => user,
  calledOf: CalledOf = () => undefined,
): string {
  switch (event.type) {
    case 'incident.opened':
      return `opened as ${event.severity}: ${event.title}${on(event.hosts, event.title)}`;
    case 'room.opened':
      return `opened the room #${event.name}`;
    case 'alert.received':
      return `alert ${event.alert.action}: ${event.alert.title}${on(event.hosts, event.alert.title)}`;
    case 'alert.flapping':
      return `${event.title} flaps: ${event.changes} changes since ${event.since}`;
    case 'hosts.changed':
      return `hosts are now ${foldNames(event.hosts)}`;
    case 'incident.acknowledged':
      if (event.early !== undefined) {
        const who = actorWords(event.early.by, nameOf);
        return `acknowledged at the source by ${who}, before the alert came`;
      }
      return event.via === 'alert' ? 'acknowledged at the source' : 'acknowledged';
    case 'incident.unacknowledged':
      return {
        slack: 'un-acknowledged',
        alert: 'un-acknowledged at the source',
        silence: 'un-acknowledged: no word from whoever had acknowledged',
      }[event.via];
    case 'severity.changed':
      return `severity is now ${event.severity}`;
    case 'incident.mitigated':
      return `mitigated${because(event.reason)}`;
    case 'incident.resolved':
      return `resolved${because(event.reason)}`;
    case 'incident.reopened':
      return `reopened${because(event.reason)}`;
    case 'incident.kept':
      return 'kept it open';
    case 'incident.closing':
      return 'asked to close';
    case 'archive.written':
      return `archive written to ${event.location}`;
    case 'archive.failed':
      return `archive not written: ${event.reason}`;
    case 'incident.closed':
      return 'closed';
    case 'role.assigned':
    case 'update.posted':
    case 'page.sent':
    case 'page.exhausted':
    case 'reminder.sent':
    case 'timeline.added':
    case 'timeline.removed':
    case 'incident.absorbed':
    case 'incident.merged':
    case 'incident.similar':
      return teamWords(event, nameOf);
    case 'chat.failed':
      return `could not ${event.operation} in the chat: ${event.reason}`;
    case 'fixes.frozen':
      return `froze all fixes${because(event.reason)}`;
    case 'fixes.unfrozen':
      return `let fixes run again${because(event.reason)}`;
    case 'run.started':
      return `ran ${event.diagnostic}${on(event.hosts)}`;
    case 'run.cancelled':
      return 'cancelled a run';
    case 'run.finished':
      return `${calledOf(event.run) ?? 'the run'} ended: ${event.status}${findingTitles(event)}`;
    case 'fix.reviewed':
    case 'fix.planned':
    case 'fix.unplanned':
    case 'fix.requested':
    case 'fix.approved':
    case 'fix.refused':
    case 'fix.denied':
    case 'fix.expired':
    case 'fix.claimed':
    case 'fix.finished':
    case 'fix.lost':
    case 'fix.stopped':
      return fixWords(event, calledOf(event.fix));
  }
}

type TeamEvent = Extract<
  CaseEvent,
  {
    type:
      | 'role.assigned'
      | 'update.posted'
      | PageEvent['type']
      | 'reminder.sent'
      | 'timeline.added'
      | 'timeline.removed'
      | 'incident.absorbed'
      | 'incident.merged'
      | 'incident.similar';
  }
>;

const REMINDERS: Readonly<Record<ReminderAbout, string>> = {
  acknowledged: 'reminded whoever acknowledged',
  update: 'reminded of the next stakeholder update',
  idle: 'asked whether to close',
  quiet: 'nobody is paged before the quiet hours end',
};

function teamWords(event: TeamEvent, nameOf: NameOf): string {
  switch (event.type) {
    case 'role.assigned':
      return event.user === null
        ? `nobody is ${event.role} any more`
        : `${event.role} is now ${nameOf(event.user)}`;
    case 'update.posted':
      return `told stakeholders: ${event.text}${event.nextAt === undefined ? '' : ` (next update by ${event.nextAt.slice(11, 16)} UTC)`}`;
    case 'page.sent': {
      const step =
        event.step === null ? '' : `, step ${event.step + 1} of round ${event.round + 1}`;
      return `paged ${event.people.map(nameOf).join(', ')}${step}`;
    }
    case 'page.exhausted':
      return 'everybody was paged, and nobody acknowledged';
    case 'reminder.sent':
      return REMINDERS[event.about];
    case 'timeline.added':
      return `put a message of ${nameOf(event.author)} on the timeline (${event.via}): ${event.text}`;
    case 'timeline.removed':
      return `took a message off the timeline (${event.via})`;
    case 'incident.absorbed':
      return `took in incident ${event.from}: ${event.title}`;
    case 'incident.similar':
      return `named what was like it: ${event.incidents.map(({ id }) => id).join(', ')}`;
    case 'incident.merged':
      return `merged into incident ${event.into}`;
  }
}

function fixWords(event: FixEvent, called?: string): string {
  const fix = called === undefined ? 'the fix' : `the fix ${called}`;
  switch (event.type) {
    case 'fix.reviewed':
      return `reviewed the fix ${event.offer.fix}${on([event.host])}`;
    case 'fix.planned':
      return `planned: ${event.plan.summary}`;
    case 'fix.unplanned':
      return `no fix was planned: ${event.reason}`;
    case 'fix.requested':
      return `requested ${fix}${event.lossAccepted === undefined ? '' : `, accepting: ${event.lossAccepted}`}`;
    case 'fix.approved':
      return `approved ${fix}`;
    case 'fix.refused':
      return `a click was refused: ${event.reason}`;
    case 'fix.denied':
      return `denied ${fix}`;
    case 'fix.expired':
      return `the request for ${fix} expired`;
    case 'fix.claimed':
      return `${fix} began to run`;
    case 'fix.stopped':
      return `${fix} was not run: ${event.reason}`;
    case 'fix.lost':
      return event.certain
        ? `${fix} is lost: ${event.reason}`
        : `whether ${fix} still holds cannot be seen: ${event.reason}`;
    case 'fix.finished':
      return `${fix} ended ${event.outcome}${because(event.reason)}`;
  }
}

function findingTitles(event: Extract<CaseEvent, { type: 'run.finished' }>): string {
  const titles = event.reports.flatMap((report) =>
    report.findings
      .filter((finding) => finding.status !== 'ok')
      .map(({ title }) => (event.reports.length === 1 ? title : `${report.host}: ${title}`)),
  );
  const shown = titles.slice(0, 3).join('; ');
  const rest = titles.length > 3 ? ` and ${titles.length - 3} more` : '';
  return titles.length === 0 ? '' : `. ${shown}${rest}`;
}

/** Hosts that the words before do not name. */
function on(hosts: readonly string[], said = ''): string {
  const more = hosts.filter((host) => !said.includes(host));
  return more.length === 0 ? '' : ` on ${foldNames(more)}`;
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}
