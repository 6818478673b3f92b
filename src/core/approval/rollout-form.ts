import { argvText } from '../command.ts';
import type { Block, Form } from '../document/document.ts';
import { foldNames } from '../fleet/fold-names.ts';
import type { FixState } from './fix-state.ts';
import { encodeDecisionValue, ROLLOUT } from './fix-value.ts';
import type { ApprovalTerms } from './policy.ts';
import { scriptBlocks, stepBlocks, termsInlines } from './review-form.ts';
import { countHosts, planned, wavesOf } from './rollout.ts';
import { foldedByHost, savedText, undoText } from './saved-first.ts';

export interface RolloutReview {
  readonly stream: string;
  readonly id: string;
  readonly digest: string;
  readonly fixes: readonly FixState[];
  /** The strictest of all its hosts. */
  readonly terms: ApprovalTerms;
  readonly approvers: readonly string[];
}

/** The dialog in which somebody looks at one fix on several hosts and asks for it. */
export function rolloutForm(review: RolloutReview): Form {
  const { fixes, digest } = review;
  const wanted = planned(fixes);
  const [canary] = wanted;
  if (canary?.plan === undefined) return nothing(fixes);
  const names = wanted.map(({ host }) => host);
  const order = wavesOf(names).map((wave, n) => `${n === 0 ? 'canary ' : ''}${foldNames(wave)}`);
  return {
    id: 'fix.request',
    title: 'Review fix',
    blocks: [
      {
        kind: 'paragraph',
        content: [
          {
            text: `${canary.offer.fix} on ${countHosts(wanted)}: ${foldNames(names)}`,
            style: 'bold',
          },
        ],
      },
      {
        kind: 'fields',
        items: [
          { label: 'Order', value: order.join(', then ') },
          {
            label: 'Stops',
            value: 'at the first host that is not verified; the rest is not begun',
          },
          { label: 'Undo, on the canary', value: undoText(canary.plan) },
          { label: 'Afterwards', value: canary.plan.verification },
        ],
      },
      { kind: 'paragraph', content: termsInlines(review.terms, review.approvers) },
      {
        kind: 'context',
        content: [`Digest ${digest}. Every host is looked at again before it runs there.`],
      },
      { kind: 'heading', text: 'Saved first' },
      list(foldedByHost(wanted, ({ plan }) => (plan === undefined ? '' : savedText(plan.saved)))),
      { kind: 'heading', text: 'What will run on each host' },
      list(foldedByHost(wanted, ({ plan }) => plan?.summary ?? '')),
      ...leftOut(fixes),
      { kind: 'heading', text: `On the canary ${canary.host}` },
      ...stepBlocks(canary.plan),
      { kind: 'heading', text: 'Exactly what will run' },
      { kind: 'preformatted', text: wanted.map(argumentsOn).join('\n') },
      ...scriptBlocks(wanted.flatMap(({ plan }) => plan?.steps ?? [])),
    ],
    inputs: [],
    submit: 'Request approval',
    metadata: encodeDecisionValue({
      stream: review.stream,
      fix: `${ROLLOUT}${review.id}`,
      digest,
    }),
  };
}

function list(lines: readonly string[]): Block {
  return { kind: 'list', items: lines.map((line) => [line]) };
}

/** The scripts are those of the fix; their arguments differ on every host. */
function argumentsOn({ host, plan }: FixState): string {
  return [`# ${host}`, ...(plan?.steps ?? []).map(({ argv }) => argvText(argv))].join('\n');
}

function leftOut(fixes: readonly FixState[]): Block[] {
  const wanted = planned(fixes);
  const rest = fixes.filter((fix) => !wanted.includes(fix));
  if (rest.length === 0) return [];
  return [
    { kind: 'heading', text: 'Left out' },
    {
      kind: 'list',
      items: rest.map(({ host, plan, reason }) => [
        plan === undefined
          ? `${host}: ${reason ?? 'no plan'}`
          : `${host}: nothing can be saved there; review it on its own`,
      ]),
    },
  ];
}

function nothing(fixes: readonly FixState[]): Form {
  return {
    id: 'fix.unplanned',
    title: 'Review fix',
    blocks: [
      { kind: 'paragraph', content: [{ text: 'Nothing to approve.', style: 'bold' }] },
      ...leftOut(fixes),
    ],
    inputs: [],
    metadata: '',
  };
}
