/** `approvals` of the configuration. */
export interface ApprovalPolicy {
  /** Different people who must approve. */
  readonly required: number;
  readonly expiresMinutes: number;
  readonly selfApproval: boolean;
  readonly rules: readonly ApprovalRule[];
}

/** Replaces the general terms for one fix (or all), on all hosts or on those of the groups. */
export interface ApprovalRule {
  readonly fix?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly required?: number | undefined;
  readonly selfApproval?: boolean | undefined;
}

/** What one proposal needs. */
export interface ApprovalTerms {
  readonly required: number;
  readonly selfApproval: boolean;
  readonly expiresMinutes: number;
}

/**
 * The terms for a fix on a host. A rule that matches replaces the general terms; of several that
 * match, the strictest counts: the highest number, and self-approval only if all of them allow it.
 */
export function approvalTerms(
  policy: ApprovalPolicy,
  target: { readonly fix: string; readonly groups: readonly string[] },
): ApprovalTerms {
  const matching = policy.rules.filter(
    (rule) =>
      (rule.fix === undefined || rule.fix === target.fix) &&
      (rule.groups === undefined || rule.groups.some((group) => target.groups.includes(group))),
  );
  const terms: readonly ApprovalRule[] = matching.length === 0 ? [policy] : matching;
  return {
    // Zero people is no approval: a fix never runs without one.
    required: Math.max(1, ...terms.map((term) => term.required ?? policy.required)),
    selfApproval: terms.every((term) => term.selfApproval ?? policy.selfApproval),
    expiresMinutes: policy.expiresMinutes,
  };
}

/** The terms of several fixes that are approved with one click. */
export function strictestTerms(all: readonly ApprovalTerms[]): ApprovalTerms {
  return {
    required: Math.max(1, ...all.map(({ required }) => required)),
    selfApproval: all.every(({ selfApproval }) => selfApproval),
    expiresMinutes: Math.min(...all.map(({ expiresMinutes }) => expiresMinutes)),
  };
}

/** Of what was promised at the request and what the configuration says now, the stricter. */
export function stricterTerms(
  a: Pick<ApprovalTerms, 'required' | 'selfApproval'>,
  b: Pick<ApprovalTerms, 'required' | 'selfApproval'>,
): Pick<ApprovalTerms, 'required' | 'selfApproval'> {
  return {
    required: Math.max(a.required, b.required),
    selfApproval: a.selfApproval && b.selfApproval,
  };
}
