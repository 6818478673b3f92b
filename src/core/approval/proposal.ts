import type { Host } from '../fleet/host.ts';
import { type Person, samePerson } from '../person.ts';
import { canonicalJson, type FixOutcome, type Plan, type Saved } from '../plan.ts';

/** Everything an approval is about. */
export interface Proposal {
  readonly fix: string;
  /** Id and version of the definition in the registry. */
  readonly module: string;
  readonly version: number;
  readonly host: string;
  /** `proposalAddress` of the host: an inventory that points elsewhere makes the approval stale. */
  readonly address: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly plan: Plan;
}

/**
 * The canonical text that is hashed, shown and approved. Left out is only what may change while
 * people decide and alters no command: the size to be saved and the preconditions in words.
 */
export function proposalText(proposal: Proposal): string {
  const { summary, steps, saved, identity, verification } = proposal.plan;
  const frozen = { summary, steps, saved: withoutSize(saved), identity, verification };
  return canonicalJson({ ...proposal, plan: frozen });
}

function withoutSize(saved: Saved): unknown {
  return saved.kind === 'file' ? { kind: saved.kind, path: saved.path, what: saved.what } : saved;
}

/** Where a host is reached, in one line. */
export function proposalAddress(host: Host): string {
  const via = host.via === undefined ? '' : ` via ${host.via}`;
  const sudo = host.sudo ? ' with sudo' : '';
  return `${host.user}@${host.address}:${host.port}${via}${sudo}`;
}

/** What the seal of a request signs: who asked for this proposal, on which terms. */
export function requestText(asked: {
  readonly stream: string;
  readonly fix: string;
  readonly digest: string;
  /** Everybody who counts as having asked for it. */
  readonly requesters: readonly Person[];
  /** `membersOf`: the fixes of its rollout in their order; absent: it is none of one. */
  readonly members?: readonly string[] | undefined;
  readonly terms: {
    readonly required: number;
    readonly selfApproval: boolean;
    readonly expiresAt: string;
    readonly lossAccepted?: string;
  };
}): string {
  const { stream, fix, digest, members } = asked;
  const { required, selfApproval, expiresAt, lossAccepted } = asked.terms;
  return canonicalJson({
    purpose: 'housecall request',
    stream,
    fix,
    digest,
    requesters: names(asked.requesters),
    required,
    selfApproval,
    expiresAt,
    lossAccepted: lossAccepted ?? null,
    members,
  });
}

/** What the seal of a result signs: the next wave of a rollout begins on its word. */
export function resultText(ended: {
  readonly stream: string;
  readonly fix: string;
  readonly digest: string;
  readonly outcome: FixOutcome;
}): string {
  const { stream, fix, digest, outcome } = ended;
  return canonicalJson({ purpose: 'housecall result', stream, fix, digest, outcome });
}

/** What the approval token signs: this proposal, approved by these people, until then. */
export function tokenText(approval: {
  readonly stream: string;
  readonly fix: string;
  readonly digest: string;
  readonly approvers: readonly Person[];
  readonly expiresAt: string;
}): string {
  const { stream, fix, digest, expiresAt } = approval;
  const approvers = names(approval.approvers);
  return canonicalJson({
    purpose: 'housecall approval',
    stream,
    fix,
    digest,
    approvers,
    expiresAt,
  });
}

function names(people: readonly Person[]): readonly string[] {
  return people
    .filter((a, i, all) => all.findIndex((b) => samePerson(a, b)) === i)
    .map(({ team, user }) => `${team}/${user}`)
    .toSorted();
}
