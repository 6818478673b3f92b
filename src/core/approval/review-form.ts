import { argvText } from '../command.ts';
import type { Block, Form, Inline } from '../document/document.ts';
import type { Plan, Saved, Step } from '../plan.ts';
import { encodeDecisionValue } from './fix-value.ts';
import type { ApprovalTerms } from './policy.ts';
import { savedText, undoText } from './saved-first.ts';

/** Id of the input in which the loss is accepted. */
export const LOSS_INPUT = 'loss';

export interface Review {
  readonly stream: string;
  readonly fix: string;
  readonly digest: string;
  readonly title: string;
  readonly host: string;
  readonly address: string;
  readonly plan: Plan;
  /** The fix's own line about the host as it is now. */
  readonly now: string;
  readonly terms: ApprovalTerms;
  /** Slack ids of users and groups. */
  readonly approvers: readonly string[];
}

/** The dialog in which somebody looks at a fix and asks for it. */
export function reviewForm(review: Review): Form {
  const { plan, host, address, digest } = review;
  return {
    id: 'fix.request',
    title: 'Review fix',
    blocks: [
      { kind: 'paragraph', content: [{ text: plan.summary, style: 'bold' }] },
      {
        kind: 'fields',
        items: [
          { label: 'Host', value: `${host} (${address})` },
          { label: 'Now', value: review.now },
          { label: 'Saved first', value: savedText(plan.saved) },
          { label: 'Undo', value: undoText(plan) },
          { label: 'Afterwards', value: plan.verification },
        ],
      },
      { kind: 'paragraph', content: termsInlines(review.terms, review.approvers) },
      {
        kind: 'context',
        content: [`Digest ${digest}. The host is looked at again before it runs.`],
      },
      ...stepBlocks(plan),
      { kind: 'heading', text: 'Exactly what will run' },
      ...exactBlocks(plan.steps),
      ...scriptBlocks(plan.steps),
    ],
    inputs: plan.saved.kind === 'loss' ? [lossInput(plan.saved)] : [],
    submit: 'Request approval',
    metadata: encodeDecisionValue(review),
  };
}

/** What will run: in short, why, and what was found. */
export function stepBlocks(plan: Plan): Block[] {
  return [
    { kind: 'heading', text: 'What will run, in short' },
    { kind: 'preformatted', text: plan.steps.map((step) => step.equivalent).join('\n') },
    { kind: 'list', items: plan.steps.map(stepInlines) },
    { kind: 'heading', text: 'Found on the host' },
    { kind: 'list', items: plan.preconditions.map((text) => [text]) },
  ];
}

/** The dialog when nothing can or need be done. */
export function unplannedForm(title: string, reason: string): Form {
  return {
    id: 'fix.unplanned',
    title: 'Review fix',
    blocks: [
      {
        kind: 'paragraph',
        content: [{ text: 'Nothing to approve.', style: 'bold' }, ` ${reason}`],
      },
      { kind: 'context', content: [title, '. Nothing was changed.'] },
    ],
    inputs: [],
    metadata: '',
  };
}

function lossInput(saved: Extract<Saved, { kind: 'loss' }>): Form['inputs'][number] {
  return {
    id: LOSS_INPUT,
    label: `Nothing can be saved. To accept the loss type: ${saved.words}`,
    hint: 'Exactly these words. They are kept in the record.',
  };
}

/** Why a step is there, and how it is taken back. */
function stepInlines(step: Step): Inline[] {
  const undo = step.undo ?? 'impossible, this cannot be taken back';
  return [{ text: step.id, style: 'bold' }, `: ${step.why} Undo: ${undo}.`];
}

/** The arguments of every step; `sh -s` reads its script from standard input. */
function exactBlocks(steps: readonly Step[]): Block[] {
  return steps.map(({ id, argv, stdin }, n) => ({
    kind: 'preformatted',
    title: `${n + 1}. ${id}${stdin === undefined ? '' : ' (its script stands below)'}`,
    text: argvText(argv),
  }));
}

/** The scripts, last because they are long and the same every time; one that several steps share once. */
export function scriptBlocks(steps: readonly Step[]): Block[] {
  const scripts = new Map<string, string[]>();
  for (const { id, stdin } of steps) {
    if (stdin === undefined) continue;
    const ids = scripts.get(stdin) ?? [];
    scripts.set(stdin, ids.includes(id) ? ids : [...ids, id]);
  }
  return [...scripts].map(([text, ids]) => ({
    kind: 'preformatted',
    title: `Script of ${ids.length === 1 ? 'step' : 'steps'} ${ids.join(', ')}`,
    text,
  }));
}

/** Who decides, in words. */
export function termsInlines(
  terms: Pick<ApprovalTerms, 'required' | 'selfApproval'> & { readonly expiresMinutes?: number },
  approvers: readonly string[],
): Inline[] {
  const { required, selfApproval, expiresMinutes } = terms;
  const people = required === 1 ? 'One person' : `${required} different people`;
  return [
    `${people} must approve: `,
    ...peopleInlines(approvers),
    selfApproval
      ? '. The requester MAY approve too: the configuration allows self-approval here.'
      : '. But not who requested it, ran the diagnosis or declared the incident.',
    ...(expiresMinutes === undefined ? [] : [` Void ${expiresMinutes} minutes after the request.`]),
  ];
}

/** Slack ids as mentions; user groups begin with S. */
export function peopleInlines(ids: readonly string[]): Inline[] {
  if (ids.length === 0) return ['nobody else is in access.approvers'];
  return ids.flatMap((id, n): Inline[] => [
    ...(n === 0 ? [] : [', ']),
    id.startsWith('S') ? { group: id } : { user: id },
  ]);
}
