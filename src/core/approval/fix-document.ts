import { argvText } from '../command.ts';
import { codeInlines } from '../document/code-inlines.ts';
import type { Action, Block, Document, Inline } from '../document/document.ts';
import type { Status } from '../finding.ts';
import type { FixOutcome } from '../plan.ts';
import { actorInline } from '../run/run-document.ts';
import type { FixRequest, FixResult, FixState } from './fix-state.ts';
import { encodeDecisionValue } from './fix-value.ts';
import { termsInlines } from './review-form.ts';

/** Said whenever nobody can know. */
export const OUTCOME_UNKNOWN = 'Outcome unknown. It may have run. It will not be run again.';

/** The message under the finding, from the request to the end; its first line is how things stand. */
export function fixDocument(stream: string, fix: FixState): Document {
  const { summary, status } = headline(fix);
  const pending = fix.status === 'pending';
  return {
    summary,
    ...(status === undefined ? {} : { status }),
    blocks: [
      { kind: 'paragraph', content: [{ text: summary, style: 'bold' }] },
      ...standing(fix),
      ...(fix.result === undefined ? commands(fix) : resultBlocks(fix.result)),
      ...(pending && fix.digest !== undefined
        ? [{ kind: 'actions' as const, actions: buttons(stream, fix, fix.digest) }]
        : []),
      { kind: 'context', content: footer(fix) },
    ],
  };
}

/** One line for the room, and what to do next. */
export function fixRoomDocument(fix: FixState): Document {
  const { summary, status } = headline(fix);
  const next = fix.result === undefined ? undefined : nextStep(fix, fix.result.outcome);
  return {
    summary,
    ...(status === undefined ? {} : { status }),
    blocks: [
      { kind: 'paragraph', content: [summary] },
      ...(next === undefined ? [] : [{ kind: 'context' as const, content: codeInlines(next) }]),
    ],
  };
}

function nextStep(fix: FixState, outcome: FixOutcome): string {
  // A finding's code begins with the diagnostic that found it.
  const look = `\`/diag ${fix.finding.split('.')[0]} ${fix.host}\` looks again`;
  switch (outcome) {
    case 'verified':
      if (fix.result?.lostWhen !== undefined) {
        return notPermanent(fix.result.lostWhen);
      }
      return `Next: ${look}; \`/incident resolve\` when the incident is over.`;
    case 'stale':
      return `Next: ${look}; a new finding has a new Review fix.`;
    case 'ineffective':
      return `Next: ${look}.`;
    case 'failed':
      return 'Next: what each step said stands in the thread.';
    case 'unknown':
    default:
      return 'Next: look at the host; what each step said stands in the thread.';
  }
}

/** Of a change that does not last. */
export function notPermanent(lostWhen: string): string {
  return `Not permanent: it is lost when ${lostWhen}. Housecall looks again while the incident is open. Next: make it permanent; the finding says how.`;
}

/** A change that did not last, told in the room; `again`: the value of a button that reviews it anew. */
export function fixLostDocument(fix: FixState, again: string | null = null): Document {
  const what = `${fix.offer.fix} on ${fix.host}`;
  const reason = fix.lost?.reason ?? '';
  const summary = fix.lost?.certain
    ? `Lost: ${what} does not hold any more: ${reason}`
    : `Whether ${what} still holds cannot be seen any more: ${reason}`;
  return {
    summary,
    status: fix.lost?.certain ? 'critical' : 'unknown',
    blocks: [
      { kind: 'paragraph', content: [summary] },
      ...(again === null ? [] : [{ kind: 'actions' as const, actions: [reviewAgain(fix, again)] }]),
      {
        kind: 'context',
        content: [
          fix.lost?.certain
            ? 'Housecall looks at the host again: what the loss leads to may need a while to show.'
            : 'Housecall looks at the host again, and watches on.',
        ],
      },
    ],
  };
}

function reviewAgain({ offer }: FixState, value: string): Action {
  return { action: 'fix.review', label: `Review fix: ${offer.fix}`, value, style: 'primary' };
}

const OUTCOME: Readonly<Record<FixOutcome, { readonly words: string; readonly status: Status }>> = {
  verified: { words: 'Fixed', status: 'ok' },
  ineffective: { words: 'It ran but did not help', status: 'critical' },
  failed: { words: 'Failed', status: 'critical' },
  stale: { words: 'Not run: the host changed since the approval', status: 'warning' },
  unknown: { words: OUTCOME_UNKNOWN, status: 'unknown' },
};

function headline(fix: FixState): { summary: string; status?: Status } {
  const what = `${fix.offer.fix} on ${fix.host}`;
  const plan = fix.plan?.summary ?? what;
  switch (fix.status) {
    case 'reviewing':
    case 'planned':
    case 'unplanned':
      return { summary: `${what}: ${fix.reason ?? 'under review'}` };
    case 'pending':
      return { summary: `Approval needed: ${plan}`, status: 'warning' };
    case 'approved':
    case 'running':
      return { summary: `Approved, running: ${plan}` };
    case 'denied':
      return { summary: `Denied, nothing was run: ${plan}` };
    case 'stopped':
      return { summary: `Not run: ${what}: ${fix.reason ?? 'the rollout was stopped'}` };
    case 'expired':
      return { summary: `Expired, nothing was run: ${plan}` };
    case 'finished':
    default: {
      if (fix.lost?.certain) {
        return { summary: `Lost again: ${what}: ${fix.lost.reason}`, status: 'critical' };
      }
      const outcome = fix.result?.outcome ?? 'unknown';
      const { words, status } = OUTCOME[outcome];
      const reason = fix.result?.reason ?? '';
      return { summary: `${words}${words.endsWith('.') ? '' : ':'} ${what}: ${reason}`, status };
    }
  }
}

/** Who asked, who approved, on which terms, and what is saved first. */
export function standing(fix: FixState, saved = savedItems(fix)): Block[] {
  const { request, approvals } = fix;
  if (request === undefined) return [];
  const lines: Inline[][] = [['Requested by ', actorInline(request.by)]];
  if (fix.status === 'pending') {
    lines.push(termsInlines(request, othersThanAskers(fix, request)));
    lines.push([`Void after ${clock(request.expiresAt)}`]);
  }
  if (approvals.length > 0) {
    lines.push([
      `Approved (${approvals.length} of ${request.required}) by `,
      ...approvals.flatMap(({ person }, n): Inline[] => [
        ...(n === 0 ? [] : [', ']),
        { user: person.user },
      ]),
      ...(selfApproved(fix) ? [' (self-approval, which the configuration allows)'] : []),
    ]);
  }
  if (fix.deniedBy !== undefined) lines.push(['Denied by ', actorInline(fix.deniedBy)]);
  return [{ kind: 'list', items: [...lines, ...saved] }];
}

/** A mention says who can act: not those who asked. Groups stay, whoever is in them. */
function othersThanAskers(fix: FixState, request: FixRequest): readonly string[] {
  if (request.selfApproval) return request.approvers;
  const askers = [request.by, fix.reviewedBy].flatMap((by) =>
    by.kind === 'person' ? [by.user] : [],
  );
  return request.approvers.filter((id) => !askers.includes(id));
}

function savedItems(fix: FixState): readonly (readonly Inline[])[] {
  const { request, plan } = fix;
  const when = savedWhen(fix);
  if (request?.lossAccepted !== undefined) {
    return [['Nothing is saved first. Accepted in the words: ', request.lossAccepted]];
  }
  if (when === null) return [];
  if (plan?.saved.kind === 'file') {
    return [[`${when} to `, { text: plan.saved.path, style: 'code' }]];
  }
  if (plan?.saved.kind !== 'incident') return [];
  const { what, name } = plan.saved;
  return [[`${when} to `, 'this incident: ', what, ', as ', { text: name, style: 'code' }]];
}

/** Null: nothing was saved, or what the steps said must tell. */
export function savedWhen({
  status,
  result,
}: FixState): 'Saved first' | 'Will be saved first' | null {
  if (result !== undefined) {
    return ['verified', 'ineffective'].includes(result.outcome) ? 'Saved first' : null;
  }
  return ['denied', 'expired', 'stopped'].includes(status) ? null : 'Will be saved first';
}

function selfApproved(fix: FixState): boolean {
  const by = fix.request?.by;
  return by?.kind === 'person' && fix.approvals.some(({ person }) => person.user === by.user);
}

function commands(fix: FixState): Block[] {
  if (fix.plan === undefined) return [];
  const exactly = fix.plan.steps.map((step) => argvText(step.argv)).join('\n');
  const plainly = fix.plan.steps.map((step) => step.equivalent).join('\n');
  return [
    { kind: 'preformatted', title: `On ${fix.host}, in short`, text: plainly },
    { kind: 'preformatted', title: 'Exactly (the scripts stand in Review fix)', text: exactly },
  ];
}

function resultBlocks(result: FixResult): Block[] {
  const sides: Block[] = [];
  if (result.before !== undefined || result.after !== undefined) {
    sides.push({
      kind: 'fields',
      items: [
        { label: 'Before', value: result.before ?? 'not seen' },
        { label: 'After', value: result.after ?? 'not seen' },
      ],
    });
  }
  const said = result.steps
    .map((step) => `${step.id}: exit ${step.exitCode ?? 'not known'}\n${step.output}`.trimEnd())
    .join('\n');
  return said === '' ? sides : [...sides, { kind: 'preformatted', title: 'What ran', text: said }];
}

function buttons(stream: string, fix: FixState, digest: string): Action[] {
  const value = encodeDecisionValue({ stream, fix: fix.id, digest });
  const loss = fix.plan?.saved.kind === 'loss';
  return [
    {
      action: 'fix.approve',
      label: 'Approve',
      value,
      style: loss ? 'danger' : 'primary',
      confirm: {
        title: 'Run this fix?',
        text: `${fix.plan?.summary ?? fix.offer.fix}.${loss ? ' Nothing is saved first.' : ''}`,
        button: 'Approve',
      },
    },
    { action: 'fix.deny', label: 'Deny', value },
  ];
}

function footer(fix: FixState): Inline[] {
  return [`Fix ${fix.id} · digest ${fix.digest?.slice(0, 16) ?? 'none'} · runs at most once`];
}

function clock(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}
