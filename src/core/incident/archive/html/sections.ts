import { foldNames } from '../../../fleet/fold-names.ts';
import { formatBytes, formatPercent } from '../../../format.ts';
import { type TimelineEntry, timelineItems } from '../../timeline/timeline-items.ts';
import { answerOf } from '../answer.ts';
import { messageTime } from '../archive-input.ts';
import { actorWords } from '../event-words.ts';
import { brief } from '../telling.ts';
import { plainSlackText } from '../transcript-messages.ts';
import { whoWasThere } from '../who-was-there.ts';
import { Html, hrefOf } from './html.ts';
import { type DrawnChart, type PageTelling, type Section, timeHtml, wordsHtml } from './telling.ts';

/** What it was, what fixed it, how long it took: before anything else. */
export function headHtml(telling: PageTelling): Html {
  const { html, story, state, nameOf } = telling;
  const { incident } = story;
  const { was, fixedBy, lasted, left } = answerOf(story, state, nameOf);
  return html`<header>
<p class="kicker"><span class="chip sev">${incident.severity}</span> <span class="chip">${incident.state}</span> Incident ${incident.id}</p>
<h1>${incident.title}</h1>
<dl class="answer">
<div><dt>What it was</dt><dd>${wordsHtml(telling, was)}</dd></div>
<div><dt>What fixed it</dt><dd>${wordsHtml(telling, fixedBy)}</dd></div>
<div><dt>How long</dt><dd>${lasted}</dd></div>
<div><dt>What is left</dt><dd>${left}</dd></div>
</dl>
${factsHtml(telling)}
</header>`;
}

function factsHtml({ html, story, input, nameOf }: PageTelling): Html {
  const { incident } = story;
  const { acknowledged, resolved, runbook, room } = incident;
  const runbookHref = runbook === null ? null : hrefOf(runbook);
  const rows: readonly (readonly [string, Html])[] = [
    ['Hosts', html`${incident.hosts.length === 0 ? 'none' : foldNames(incident.hosts)}`],
    ['Opened', html`${timeHtml(incident.openedAt)} by ${actorWords(incident.openedBy, nameOf)}`],
    [
      'Acknowledged',
      acknowledged === null
        ? html`never, or taken back`
        : html`${timeHtml(acknowledged.at)} by ${actorWords(acknowledged.by, nameOf)}`,
    ],
    [
      'Resolved',
      resolved === null
        ? html`never`
        : html`${timeHtml(resolved.at)} by ${actorWords(resolved.by, nameOf)}`,
    ],
    ['Room', html`${room === null ? 'none' : `#${room.name}`}`],
    [
      'Runbook',
      runbookHref === null
        ? html`${runbook ?? 'none'}`
        : html`<a href="${runbookHref}" rel="noopener noreferrer">${runbook}</a>`,
    ],
    ['Archived', timeHtml(input.archivedAt)],
  ];
  const cells = rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<dl class="facts">${cells}</dl>`;
}

export function timelineSection(telling: PageTelling): Section {
  const { html, input, nameOf } = telling;
  const messages = new Map(input.messages.map((message) => [message.ts, message]));
  const at = new Map(input.messages.map(({ ts }) => [messageTime(ts), ts]));
  const rows = timelineItems(input.records, { nameOf, messages }).map((entry) => {
    const ts = entry.kind === 'message' ? at.get(entry.at) : undefined;
    const text = brief(entryText(entry, nameOf));
    const said = ts === undefined ? wordsHtml(telling, text) : html`<a href="#m-${ts}">${text}</a>`;
    const gone = entry.deletedAt === undefined ? null : html` <em>(deleted since)</em>`;
    const was =
      entry.before === undefined ? null : html` <em>(at first: ${brief(entry.before)})</em>`;
    return html`<li class="item kind-${entry.kind}">${timeHtml(entry.at)} <b>${entry.actor}</b> ${said}${was}${gone}</li>\n`;
  });
  const body = html`<ol class="timeline">\n${rows}</ol>`;
  return { id: 'timeline', title: 'Timeline', body };
}

function entryText(entry: TimelineEntry, nameOf: PageTelling['nameOf']): string {
  return entry.kind === 'message' ? plainSlackText(entry.text, nameOf) : entry.text;
}

export function chartsSection({ html, charts }: PageTelling): Section | null {
  if (charts.length === 0) return null;
  const figures = charts.map((drawn) => {
    const { chart, svg } = drawn;
    // Drawn by Housecall itself from numbers; its texts are escaped by whoever drew it.
    const picture = svg === null ? null : html`<div class="plot">${new Html(svg)}</div>`;
    return html`<figure><figcaption>${chart.title}</figcaption>${picture}
<details><summary>Numbers</summary>${numbersHtml(html, drawn)}</details></figure>`;
  });
  return { id: 'charts', title: 'Charts', body: html`${figures}` };
}

function numbersHtml(html: PageTelling['html'], { chart }: DrawnChart): Html {
  const say = (value: number): string => {
    if (chart.unit === 'bytes') return formatBytes(value);
    return chart.unit === 'percent' ? formatPercent(value) : String(value);
  };
  const rows =
    chart.kind === 'bar'
      ? chart.bars.map(({ name, value }) => html`<tr><td>${name}</td><td>${say(value)}</td></tr>`)
      : [
          ...chart.series.flatMap(({ name, points }) =>
            points.map(
              ({ at, value }) =>
                html`<tr><td>${name}, ${timeHtml(at)}</td><td>${say(value)}</td></tr>`,
            ),
          ),
          ...(chart.marks ?? []).map(
            ({ at, name }) => html`<tr><td>${name}, ${timeHtml(at)}</td><td>fix</td></tr>`,
          ),
        ];
  return html`<table>${rows}</table>`;
}

export function peopleSection({ html, input, story, nameOf }: PageTelling): Section {
  const rows = whoWasThere(input, story, nameOf).map(
    ({ user, name, roles, messages }) =>
      html`<tr><td>${name}</td><td>${user}</td><td>${roles.join(', ')}</td><td>${messages}</td></tr>\n`,
  );
  const body =
    rows.length === 0
      ? html`<p>Nobody was here.</p>`
      : html`<div class="wide"><table><tr><th>Name</th><th>Slack id</th><th>Role</th><th>Messages</th></tr>\n${rows}</table></div>`;
  return { id: 'people', title: 'People', body };
}

export function auditSection({ html, input }: PageTelling): Section {
  const { records } = input;
  const head = (records.at(-1)?.hash ?? '').replaceAll(/[^0-9a-f]/g, '');
  const body = html`<p>${records.length} records, chained by hash; the complete log stands in <code>incident.json</code>. Hash of the last record:</p>
<pre>${new Html(head)}</pre>
<p>Check this archive with <code>housecall verify &lt;directory&gt; --head &lt;hash&gt;</code>; the same hash was posted in the announcement channel when the incident was closed.</p>`;
  return { id: 'audit', title: 'Audit log', body };
}
