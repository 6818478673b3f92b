import type { FixState } from '../../../approval/fix-state.ts';
import { argvText } from '../../../command.ts';
import type { Plan } from '../../../plan.ts';
import { actorWords } from '../event-words.ts';
import { savedWords } from '../transcript-fixes.ts';
import { type Html, hrefOf, NOTHING } from './html.ts';
import { type PageTelling, type Section, timeHtml, wordsHtml } from './telling.ts';

/** What was to be changed, who asked, who approved, and what came of it. */
export function fixesSection(telling: PageTelling): Section {
  const fixes = [...telling.state.fixes.values()];
  const body =
    fixes.length === 0
      ? telling.html`<p>Nothing was changed by Housecall.</p>`
      : telling.html`${fixes.map((fix) => fixHtml(telling, fix))}`;
  return { id: 'fixes', title: 'Fixes', body };
}

function fixHtml(telling: PageTelling, fix: FixState): Html {
  const { html } = telling;
  const outcome = fix.result?.outcome ?? fix.status;
  return html`<article class="item fix">
<h3>${fix.offer.fix} on ${fix.host} <span class="chip ${outcome}">${outcome}</span></h3>
${fix.plan === undefined ? null : html`<p><b>${wordsHtml(telling, fix.plan.summary)}</b></p>`}
${resultHtml(telling, fix)}
<ul>${peopleOf(telling, fix).map((line) => html`<li>${line}</li>`)}</ul>
${fix.plan === undefined ? null : planHtml(telling, fix.plan)}
${stepsHtml(telling, fix)}
</article>\n`;
}

function resultHtml(telling: PageTelling, { result, lost }: FixState): Html {
  const { html } = telling;
  if (result === undefined) return NOTHING;
  const { before = '?', after = '?', reason, lostWhen } = result;
  const seen =
    result.before === undefined && result.after === undefined
      ? null
      : html`<p>Before: ${wordsHtml(telling, before)}. After: ${wordsHtml(telling, after)}.</p>`;
  const why = reason === '' ? null : html`<p>${reason}</p>`;
  const brief =
    lostWhen === undefined ? null : html`<p class="warn">Not permanent: lost when ${lostWhen}.</p>`;
  const gone =
    lost === undefined
      ? null
      : html`<p class="warn">${lost.certain ? 'Lost' : 'Not seen any more since'} ${timeHtml(lost.at)}: ${lost.reason}</p>`;
  return html`${seen}${why}${brief}${gone}`;
}

function peopleOf({ html, nameOf }: PageTelling, fix: FixState): readonly Html[] {
  const { request } = fix;
  const by = (who: Parameters<typeof actorWords>[0]): string => actorWords(who, nameOf);
  return [
    html`For the finding <code>${fix.finding}</code>`,
    html`Reviewed ${timeHtml(fix.reviewedAt)} by ${by(fix.reviewedBy)}`,
    ...(request === undefined
      ? []
      : [html`Requested ${timeHtml(request.at)} by ${by(request.by)}`]),
    ...(request?.lossAccepted === undefined ? [] : [html`Accepted: ${request.lossAccepted}`]),
    ...fix.approvals.map(
      ({ person, at }) => html`Approved ${timeHtml(at)} by ${nameOf(person.user)}`,
    ),
    ...fix.refusals.map(
      ({ actor, at, reason }) => html`Refused ${timeHtml(at)} to ${by(actor)}: ${reason}`,
    ),
    ...(fix.deniedBy === undefined ? [] : [html`Denied by ${by(fix.deniedBy)}`]),
    ...(fix.reason === undefined ? [] : [html`Not run: ${fix.reason}`]),
    ...(fix.result === undefined ? [] : [html`Ended ${timeHtml(fix.result.at)}`]),
  ];
}

function planHtml({ html }: PageTelling, plan: Plan): Html {
  const steps = plan.steps.map(
    ({ id, argv, why, undo }) =>
      html`<li><b>${id}</b>: ${why} (${undo === null ? 'cannot be undone' : `undo: ${undo}`})<pre>${argvText(argv)}</pre></li>`,
  );
  return html`<p>${savedWords(plan.saved)}</p>
<details><summary>Plan, ${plan.steps.length === 1 ? '1 step' : `${plan.steps.length} steps`}</summary><ol>${steps}</ol></details>`;
}

function stepsHtml({ html }: PageTelling, { result }: FixState): Html {
  if (result === undefined || result.steps.length === 0) return NOTHING;
  const steps = result.steps.map(({ id, exitCode, output, kept }) => {
    const exit = exitCode === null ? 'no exit status' : `exit status ${exitCode}`;
    const href = kept === undefined ? null : hrefOf(`files/${kept.name}`);
    const copy = href === null ? null : html`, kept as <a href="${href}">${kept?.name ?? ''}</a>`;
    return html`<li><b>${id}</b>: ${exit}${copy}${output === '' ? null : html`<pre>${output}</pre>`}</li>`;
  });
  return html`<details><summary>What ran</summary><ol>${steps}</ol></details>`;
}
