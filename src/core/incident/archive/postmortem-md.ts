import { foldNames } from '../../fleet/fold-names.ts';
import { formatDuration } from '../../format.ts';
import { emptyCase, reduceCase } from '../case.ts';
import { timelineItems } from '../timeline/timeline-items.ts';
import { answerOf, secondsBetween } from './answer.ts';
import type { ArchiveInput } from './archive-input.ts';
import { actorWords, type NameOf } from './event-words.ts';
import { mdLine, mdQuote, mdTable, mdWords } from './markdown.ts';
import { changesSection, lossesSection } from './postmortem-changes.ts';
import { followUpsSection } from './postmortem-follow-ups.ts';
import { numbersSection } from './postmortem-numbers.ts';
import type { PostmortemTelling } from './postmortem-telling.ts';
import { storyOf, type ToldFinding } from './story.ts';
import { brief, time } from './telling.ts';
import { plainSlackText } from './transcript-messages.ts';
import { whoWasThere } from './who-was-there.ts';

/**
 * `postmortem.md`: a draft, filled in from the record. What the record does not say is said to be so,
 * and never made up.
 */
export function postmortemMd(input: ArchiveInput): string {
  const state = input.records.reduce(reduceCase, emptyCase(''));
  const story = storyOf(state, input.records);
  if (story === null) return '# No incident\n';
  const nameOf: NameOf = (user) => input.names.get(user) ?? user;
  const line = (text: string): string => mdLine(input.redact(text));
  const words = (text: string): string => mdWords(input.redact(text));
  const { redact } = input;
  const telling: PostmortemTelling = { state, nameOf, redact, line, words, story, input };
  const sections = [
    summary(telling),
    impact(telling),
    timeline(telling),
    found(telling),
    changesSection(telling),
    ...[numbersSection(telling)].filter((section) => section !== null),
    lossesSection(telling),
    unseen(telling),
    followUpsSection(telling),
    people(telling),
  ];
  return `${sections.join('\n\n')}\n`;
}

function summary({ story, state, line, words, nameOf }: PostmortemTelling): string {
  const { incident } = story;
  const { was, fixedBy, lasted, left } = answerOf(story, state, nameOf);
  return [
    `# Post-mortem of incident ${line(incident.id)}: ${line(incident.title)}`,
    `A draft from the record of Housecall, ${incident.severity}. All times are UTC. Check it, and complete what is marked *to be written*.`,
    '## Summary',
    [
      `* **What it was:** ${words(was)}`,
      `* **What fixed it:** ${words(fixedBy)}`,
      `* **How long:** ${words(lasted)}`,
      `* **What is left:** ${words(left)}`,
    ].join('\n'),
  ].join('\n\n');
}

function impact({ story, line }: PostmortemTelling): string {
  const { incident, times } = story;
  const after = (at: string | null): string =>
    at === null ? 'never, as far as the record says' : passed(times.opened, at);
  const rows = [
    ['Hosts', incident.hosts.length === 0 ? 'none named' : line(foldNames(incident.hosts))],
    [
      'Alert began',
      times.began === null
        ? 'not known: no alert said'
        : `${time(times.began)}, ${passed(times.began, times.opened)} before the incident was opened`,
    ],
    ['Opened', time(times.opened)],
    ['Acknowledged after', after(times.acknowledged)],
    ['First finding after', after(times.firstFinding)],
    ['Mitigated after', after(times.mitigated)],
    ['Resolved after', after(times.resolved)],
    ['Pages sent', String(incident.pages.length)],
    ['Stakeholder updates', String(incident.updates.length)],
  ];
  const open = 'Who was affected, and how: *to be written*; the record knows hosts, not customers.';
  return `## Impact\n\n${mdTable(['', ''], rows)}\n\n${open}`;
}

function passed(from: string, to: string): string {
  return formatDuration(secondsBetween(from, to));
}

function timeline({ input, nameOf, line, words }: PostmortemTelling): string {
  const messages = new Map(input.messages.map((message) => [message.ts, message]));
  const rows = timelineItems(input.records, { nameOf, messages }).map((entry) => {
    const text =
      entry.kind === 'message'
        ? line(brief(plainSlackText(entry.text, nameOf)))
        : words(brief(entry.text));
    const gone = entry.deletedAt === undefined ? '' : ' (deleted since)';
    return [time(entry.at), line(entry.actor), `${text}${gone}`];
  });
  return `## Timeline\n\n${mdTable(['Time', 'Who', 'What'], rows)}`;
}

function found(telling: PostmortemTelling): string {
  const { causes } = telling.story;
  const title = '## What was found';
  if (causes.length === 0) {
    return `${title}\n\nNo diagnosis found anything wrong. The cause is *to be written*.`;
  }
  const explained = new Set<string>();
  const parts = causes.slice(0, MOST_FINDINGS).map((told) => {
    const { code } = told.finding;
    const known = explained.has(code);
    explained.add(code);
    return findingPart(telling, told, !known);
  });
  const rest = causes.length - parts.length;
  const more =
    rest > 0 ? [`And ${rest} more; all of it, with the evidence, in \`transcript.html\`.`] : [];
  return [title, ...parts, ...more].join('\n\n');
}

/** More nobody reads; they stand in the transcript. */
const MOST_FINDINGS = 20;
/** Of what is explained, so many lines say what it means. */
const MOST_LINES = 4;

/** `explain`: what it means is told with the first of its kind alone. */
function findingPart(
  { line, words, redact }: PostmortemTelling,
  { finding, hosts, at }: ToldFinding,
  explain: boolean,
): string {
  const { status, code, title, detail } = finding;
  const head = `* **${status}** on ${line(foldNames(hosts))}, first seen ${time(at)}: ${words(title)} (${line(code)})`;
  const lines = detail === '' || !explain ? [] : detail.split('\n');
  if (lines.length === 0) return head;
  const shown = lines.slice(0, MOST_LINES).join('\n');
  return `${head}\n\n${mdQuote(redact(shown), '  ')}`;
}

function unseen({ story, line, words }: PostmortemTelling): string {
  const rows = story.unseen.map(
    ({ finding, hosts }) =>
      `* ${line(foldNames(hosts))}: ${words(finding.title)} (${line(finding.code)})`,
  );
  const text = rows.length === 0 ? 'Nothing that the record names.' : rows.join('\n');
  return `## What could not be seen\n\n${text}`;
}

function people({ input, story, line, nameOf }: PostmortemTelling): string {
  const rows = whoWasThere(input, story, nameOf).map(
    ({ user, name, roles }) =>
      `* ${line(name)} (${line(user)})${roles.length === 0 ? '' : `: ${roles.join(', ')}`}`,
  );
  const opened = `Opened by ${line(actorWords(story.incident.openedBy, nameOf))}.`;
  const text = rows.length === 0 ? 'Nobody that the record names.' : rows.join('\n');
  return `## Who was there\n\n${opened}\n\n${text}`;
}
