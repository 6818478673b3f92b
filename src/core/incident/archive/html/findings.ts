import { argvText } from '../../../command.ts';
import type { Finding, HostReport } from '../../../finding.ts';
import { foldNames } from '../../../fleet/fold-names.ts';
import { formatDuration } from '../../../format.ts';
import type { Run } from '../../case.ts';
import { actorWords } from '../event-words.ts';
import { type Html, NOTHING } from './html.ts';
import { type PageTelling, type Section, timeHtml, wordsHtml } from './telling.ts';

/** What every run found, in order, its evidence folded. Hosts that are fine are one line. */
export function findingsSection(telling: PageTelling): Section {
  const runs = [...telling.state.runs.values()];
  const body =
    runs.length === 0
      ? telling.html`<p>Nothing was diagnosed.</p>`
      : telling.html`${runs.map((run) => runHtml(telling, run))}`;
  return { id: 'findings', title: 'Findings', body };
}

function runHtml(telling: PageTelling, run: Run): Html {
  const { html, nameOf } = telling;
  const who = actorWords(run.startedBy, nameOf);
  const title = html`<h3>${run.diagnostic} on ${foldNames(run.hosts)}</h3>`;
  const began = html`${timeHtml(run.startedAt)} by ${who}`;
  if (run.finished === null) {
    const end = run.cancelled ? 'cancelled' : 'it never ended';
    return html`<section class="run">${title}<p>${began}; ${end}.</p></section>\n`;
  }
  const { status, durationMs, reports } = run.finished;
  const quiet = reports.filter((report) => report.findings.length === 0);
  const told = reports.filter((report) => report.findings.length > 0);
  const fine =
    quiet.length === 0
      ? null
      : html`<p>Nothing found on ${foldNames(quiet.map(({ host }) => host))}.</p>`;
  return html`<section class="run">${title}
<p>${began}, ${formatDuration(durationMs / 1000)}: ${chip(telling, status)}</p>
${told.map((report) => hostHtml(telling, report))}${fine}</section>\n`;
}

function hostHtml(telling: PageTelling, { host, coverage, findings }: HostReport): Html {
  const { html } = telling;
  const notes =
    coverage.notes.length === 0
      ? null
      : html`<p class="soft">Seen: ${coverage.notes.join('; ')}</p>`;
  return html`<h4>${host}</h4>${notes}${findings.map((finding) => findingHtml(telling, finding))}`;
}

function findingHtml(telling: PageTelling, finding: Finding): Html {
  const { html } = telling;
  const detail =
    finding.detail === '' ? null : html`<p class="text">${wordsHtml(telling, finding.detail)}</p>`;
  return html`<article class="item finding">
<p>${chip(telling, finding.status)} <b>${wordsHtml(telling, finding.title)}</b> <code>${finding.code}</code></p>${detail}${evidenceHtml(telling, finding)}
</article>\n`;
}

function evidenceHtml({ html }: PageTelling, { evidence }: Finding): Html {
  if (evidence.length === 0) return NOTHING;
  const parts = evidence.map(({ argv, exitCode, output, truncated }) => {
    const exit = exitCode === null ? 'no exit status' : `exit status ${exitCode}`;
    return html`<p><code>${argvText(argv)}</code> (${exit}${truncated ? ', cut' : ''})</p><pre>${output}</pre>`;
  });
  return html`<details><summary>Evidence</summary>${parts}</details>`;
}

export function chip({ html }: PageTelling, status: string): Html {
  return html`<span class="chip ${status}">${status}</span>`;
}
