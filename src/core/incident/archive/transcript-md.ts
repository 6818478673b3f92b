import { foldNames } from '../../fleet/fold-names.ts';
import { formatDuration } from '../../format.ts';
import { emptyCase, reduceCase } from '../case.ts';
import { type TimelineEntry, timelineItems } from '../timeline/timeline-items.ts';
import type { ArchiveInput } from './archive-input.ts';
import { actorWords, eventWords, type NameOf } from './event-words.ts';
import { mdLine, mdTable } from './markdown.ts';
import { type Telling, time } from './telling.ts';
import { findingsSection } from './transcript-findings.ts';
import { fixesSection } from './transcript-fixes.ts';
import { messagesSection, plainSlackText } from './transcript-messages.ts';

/** `transcript.md`: the incident for a person to read. Every text from outside is escaped. */
export function transcriptMd(input: ArchiveInput): string {
  const state = input.records.reduce(reduceCase, emptyCase(''));
  const nameOf: NameOf = (user) => input.names.get(user) ?? user;
  const line = (text: string): string => mdLine(input.redact(text));
  const telling: Telling = { state, nameOf, redact: input.redact, line };
  const sections = [
    head(telling, input),
    timeline(telling, input),
    findingsSection(telling),
    fixesSection(telling),
    messagesSection(telling, input),
    record(telling, input),
    audit(input),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function head({ state, nameOf, line }: Telling, input: ArchiveInput): string {
  const { incident } = state;
  if (incident === null) return '# No incident';
  const said = (who: Parameters<typeof actorWords>[0], at: string): string =>
    `${time(at)} by ${line(actorWords(who, nameOf))}`;
  const people = [...input.names].map(([id, name]) => `${line(name)} (${line(id)})`);
  const rows: (readonly [string, string])[] = [
    ['Severity', incident.severity],
    ['State', incident.state],
    ['Hosts', incident.hosts.length === 0 ? 'none' : line(foldNames(incident.hosts))],
    ['Room', incident.room === null ? 'none' : line(`#${incident.room.name}`)],
    ['Opened', said(incident.openedBy, incident.openedAt)],
    [
      'Acknowledged',
      incident.acknowledged === null
        ? 'never'
        : said(incident.acknowledged.by, incident.acknowledged.at),
    ],
    ...(incident.resolved === null
      ? []
      : ([
          ['Resolved', said(incident.resolved.by, incident.resolved.at)],
          ['Lasted', formatDuration(secondsBetween(incident.openedAt, incident.resolved.at))],
          ['Reason', line(incident.resolved.reason)],
        ] as const)),
    ['Runbook', incident.runbook === null ? 'none' : line(incident.runbook)],
    ['People', people.length === 0 ? 'none' : people.join(', ')],
    ['Archived', time(input.archivedAt)],
  ];
  const title = `# Incident ${line(incident.id)}: ${line(incident.title)}`;
  return `${title}\n\nAll times are UTC.\n\n${mdTable(['', ''], rows)}`;
}

/** The important things, and the messages that people put there, each at the time at which it was said. */
function timeline({ nameOf, line }: Telling, { records, messages }: ArchiveInput): string {
  const byTs = new Map(messages.map((message) => [message.ts, message]));
  const rows = timelineItems(records, { nameOf, messages: byTs }).map((entry) => [
    time(entry.at),
    line(entry.actor),
    line(entryWords(entry, nameOf)),
  ]);
  return `## Timeline\n\n${mdTable(['Time', 'Who', 'What'], rows)}`;
}

function entryWords(entry: TimelineEntry, nameOf: NameOf): string {
  if (entry.kind !== 'message') return entry.text;
  const { text, before, editedAt, deletedAt, files = [] } = entry;
  const said = plainSlackText(text, nameOf);
  return [
    `said: ${said === '' ? 'a message without text' : said}`,
    ...files.map(({ name, path }) => `file ${name}${path === undefined ? '' : ` (${path})`}`),
    ...(editedAt === undefined ? [] : [`edited ${time(editedAt)}`]),
    ...(before === undefined ? [] : [`at first: ${plainSlackText(before, nameOf)}`]),
    ...(deletedAt === undefined ? [] : [`deleted ${time(deletedAt)}`]),
  ].join('; ');
}

/** Every record, in its order. */
function record({ nameOf, line }: Telling, { records }: ArchiveInput): string {
  const rows = records.map(({ at, actor, event }) => [
    time(at),
    line(actorWords(actor, nameOf)),
    line(eventWords(event)),
  ]);
  return `## Everything on record\n\n${mdTable(['Time', 'Who', 'What'], rows)}`;
}

function audit({ records }: ArchiveInput): string {
  const hash = records.at(-1)?.hash ?? '';
  return `## Audit log\n\n${records.length} records; hash of the last: \`${hash.replaceAll(/[^0-9a-f]/g, '')}\``;
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000 || 0;
}
