import type { FixState } from '../../approval/fix-state.ts';
import { argvText } from '../../command.ts';
import type { Plan, Saved } from '../../plan.ts';
import { actorWords } from './event-words.ts';
import { mdBlock } from './markdown.ts';
import { type Telling, time } from './telling.ts';

/** What was to be changed, who asked, who approved, and what came of it. */
export function fixesSection(telling: Telling): string {
  const fixes = [...telling.state.fixes.values()];
  if (fixes.length === 0) return '## Fixes\n\nNothing was changed by Housecall.';
  return ['## Fixes', ...fixes.map((fix) => fixPart(telling, fix))].join('\n\n');
}

function fixPart(telling: Telling, fix: FixState): string {
  const { line } = telling;
  return [
    `### ${line(fix.offer.fix)} on ${line(fix.host)}`,
    people(telling, fix)
      .map((entry) => `* ${entry}`)
      .join('\n'),
    ...(fix.plan === undefined ? [] : planParts(telling, fix.plan)),
    ...resultParts(telling, fix),
  ].join('\n\n');
}

function people({ line, nameOf }: Telling, fix: FixState): readonly string[] {
  const by = (who: Parameters<typeof actorWords>[0]): string => line(actorWords(who, nameOf));
  const { request } = fix;
  return [
    `for the finding ${line(fix.finding)}`,
    `reviewed ${time(fix.reviewedAt)} by ${by(fix.reviewedBy)}`,
    ...(request === undefined ? [] : [`requested ${time(request.at)} by ${by(request.by)}`]),
    ...(request?.lossAccepted === undefined ? [] : [`accepted: ${line(request.lossAccepted)}`]),
    ...fix.approvals.map(
      ({ person, at }) => `approved ${time(at)} by ${line(nameOf(person.user))}`,
    ),
    ...fix.refusals.map(
      ({ actor, at, reason }) => `refused ${time(at)} to ${by(actor)}: ${line(reason)}`,
    ),
    ...(fix.deniedBy === undefined ? [] : [`denied by ${by(fix.deniedBy)}`]),
    ...(fix.reason === undefined ? [] : [`not planned: ${line(fix.reason)}`]),
    `status: ${fix.status}`,
    ...(fix.digest === undefined ? [] : [`digest: ${line(fix.digest)}`]),
  ];
}

function planParts({ line, redact }: Telling, plan: Plan): readonly string[] {
  const steps = plan.steps.map((step) => {
    const undo = step.undo === null ? 'cannot be undone' : `undo: ${line(step.undo)}`;
    return `* ${line(step.id)}: ${line(step.why)} (${undo})\n\n${mdBlock(redact(argvText(step.argv)))}`;
  });
  return [`Plan: ${line(plan.summary)}. ${line(savedWords(plan.saved))}`, ...steps];
}

export function savedWords(saved: Saved): string {
  switch (saved.kind) {
    case 'file':
      return `Saved first: ${saved.what} to ${saved.path}.`;
    case 'incident':
      return `Saved first: ${saved.what}, as files/${saved.name}.`;
    case 'loss':
      return `Lost: ${saved.words}`;
    case 'nothing-needed':
      return 'Nothing needed saving.';
  }
}

function resultParts({ line, redact }: Telling, { result, lost }: FixState): readonly string[] {
  if (result === undefined) return [];
  const end = lost?.certain === true ? 'Lost' : 'Not seen any more since';
  const reason = result.reason === '' ? '' : `: ${line(result.reason)}`;
  return [
    `Ended ${time(result.at)}: **${result.outcome}**${reason}`,
    ...(result.before === undefined ? [] : [`Before: ${line(result.before)}`]),
    ...(result.after === undefined ? [] : [`After: ${line(result.after)}`]),
    ...(result.lostWhen === undefined
      ? []
      : [`Not permanent: lost when ${line(result.lostWhen)}.`]),
    ...result.steps.map((step) => {
      const exit = step.exitCode === null ? 'no exit status' : `exit status ${step.exitCode}`;
      const output = step.output === '' ? '' : `\n\n${mdBlock(redact(step.output))}`;
      const kept =
        step.kept === undefined
          ? ''
          : `, kept as files/${line(step.kept.name)} (SHA-256 ${step.kept.sha256})`;
      return `* ${line(step.id)}: ${exit}${kept}${output}`;
    }),
    ...(lost === undefined ? [] : [`**${end}** ${time(lost.at)}: ${line(lost.reason)}`]),
  ];
}
