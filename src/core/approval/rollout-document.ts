import { argvText } from '../command.ts';
import type { Block, Document, Inline } from '../document/document.ts';
import type { Status } from '../finding.ts';
import { foldNames } from '../fleet/fold-names.ts';
import type { Step } from '../plan.ts';
import { notPermanent, savedWhen, standing } from './fix-document.ts';
import type { FixState } from './fix-state.ts';
import { encodeDecisionValue, ROLLOUT } from './fix-value.ts';
import { advance, countHosts } from './rollout.ts';
import { foldedByHost, savedText } from './saved-first.ts';

/** The one message of a rollout, from the request to the end; its first line is how things stand. */
export function rolloutDocument(
  stream: string,
  fixes: readonly FixState[],
  digest: string,
): Document {
  const asked = fixes.filter(({ request }) => request !== undefined);
  const [first] = asked;
  if (first === undefined) return { summary: 'no fix was asked for', blocks: [] };
  const { summary, status } = rolloutLine(asked);
  const value = encodeDecisionValue({
    stream,
    fix: `${ROLLOUT}${first.rollout?.id ?? ''}`,
    digest,
  });
  const pending = asked.some((fix) => fix.status === 'pending');
  return {
    summary,
    status,
    blocks: [
      { kind: 'paragraph', content: [{ text: summary, style: 'bold' }] },
      ...standing(first, savedItems(asked)),
      hosts(asked),
      ...lastingBlocks(asked),
      ...(pending ? commands(asked) : []),
      ...(pending ? [{ kind: 'actions' as const, actions: buttons(value, asked) }] : []),
      {
        kind: 'context',
        content: [
          `One canary first, then 2, 4, 8 …; each host is looked at again before and after, and the first that does not help stops the rest. Digest ${digest}`,
        ],
      },
    ],
  };
}

/** What was saved, or will be, on which hosts. */
function savedItems(asked: readonly FixState[]): readonly (readonly Inline[])[] {
  return (['Saved first', 'Will be saved first'] as const).flatMap((when) => {
    const told = asked.filter(
      (fix) =>
        fix.plan !== undefined &&
        fix.plan.saved.kind !== 'nothing-needed' &&
        savedWhen(fix) === when,
    );
    const lines = foldedByHost(told, ({ plan }) =>
      plan === undefined ? '' : savedText(plan.saved),
    );
    return lines.map((line) => [`${when} on ${line}`]);
  });
}

/** Once a host of it is changed in a way that does not last. */
export function lastingBlocks(fixes: readonly FixState[]): readonly Block[] {
  const lostWhen = fixes.find(({ result }) => result?.lostWhen !== undefined)?.result?.lostWhen;
  return lostWhen === undefined ? [] : [{ kind: 'context', content: [notPermanent(lostWhen)] }];
}

/** How it stands, in one line. */
export function rolloutLine(fixes: readonly FixState[]): { summary: string; status: Status } {
  const line = progress(fixes);
  const lost = fixes.filter((fix) => fix.lost?.certain).map(({ host }) => host);
  if (lost.length === 0) return line;
  return { summary: `${line.summary}; lost again on ${foldNames(lost)}`, status: 'critical' };
}

function progress(fixes: readonly FixState[]): { summary: string; status: Status } {
  const asked = fixes.filter(({ request }) => request !== undefined);
  const names = foldNames(asked.map(({ host }) => host));
  const what = `${asked[0]?.offer.fix} on ${countHosts(asked)}`;
  const verified = asked.filter(({ result }) => result?.outcome === 'verified').length;
  const next = advance(asked);
  if (next.kind === 'done') return { summary: `Fixed: ${what}: ${names}`, status: 'ok' };
  if (next.kind === 'stop') {
    const rest = asked.filter(({ claim }) => claim === undefined).length;
    return {
      summary: `${what} ${next.reason}; ${verified} fixed, ${rest} not begun`,
      status: 'critical',
    };
  }
  if (asked.some(({ status }) => status === 'pending')) {
    return { summary: `Approval needed: ${what}: ${names}`, status: 'warning' };
  }
  return { summary: `Approved, running: ${what}: ${verified} fixed so far`, status: 'warning' };
}

function hosts(asked: readonly FixState[]): Block {
  return {
    kind: 'table',
    header: ['Host', 'Stands', 'Before', 'After'],
    rows: asked.map((fix) => [
      fix.host,
      stands(fix),
      fix.result?.before ?? '',
      fix.result?.after ?? '',
    ]),
  };
}

function stands({ status, result, lost }: FixState): string {
  if (lost?.certain) return `lost again: ${lost.reason}`;
  return result === undefined ? status : `${result.outcome}: ${result.reason}`;
}

/** What is approved, not only where: the same fix may mean another file on each host. */
function commands(asked: readonly FixState[]): Block[] {
  return [
    { kind: 'list', items: asked.map(({ host, plan }) => [plan?.summary ?? host]) },
    {
      kind: 'preformatted',
      title: 'Exactly (the scripts stand in Review fix)',
      text: asked.map(({ host, plan }) => `# ${host}\n${stepLines(plan?.steps ?? [])}`).join('\n'),
    },
  ];
}

function stepLines(steps: readonly Step[]): string {
  return steps.map(({ argv }) => argvText(argv)).join('\n');
}

function buttons(
  value: string,
  asked: readonly FixState[],
): Extract<Block, { kind: 'actions' }>['actions'] {
  const what = `${asked[0]?.offer.fix} on ${countHosts(asked)}`;
  return [
    {
      action: 'fix.approve',
      label: 'Approve',
      value,
      style: 'primary',
      confirm: {
        title: 'Run this fix?',
        text: `${what}, beginning with ${asked[0]?.host}.`,
        button: 'Approve',
      },
    },
    { action: 'fix.deny', label: 'Deny', value },
  ];
}
