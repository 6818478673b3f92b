import type { HostReport, NextStep } from '../finding.ts';
import type { Run } from '../incident/case.ts';
import { canonicalJson } from '../plan.ts';

/** Suggestions that one run may lead to, and that one case may, without anybody asking. */
const PER_RUN = 4;
const PER_CASE = 12;

/** A look that Housecall takes by itself because of what a routed one found. */
export interface FollowUp {
  readonly diagnostic: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly hosts: readonly string[];
  /** The finding that suggested it, in words: `disk.filling on host-17`. */
  readonly why: string;
}

export interface FollowLimits {
  /** How many looks in a row; 0: none. */
  readonly depth: number;
  /** Complete parameters, or null when this installation cannot run it. */
  complete(step: NextStep): NextStep['params'] | null;
  /** Every host that shares a group with this one, itself included. */
  peers(host: string): readonly string[];
}

/**
 * What to look at next after a run that a route began (or one that followed from it): what its warnings
 * and worse suggest, unless this case has looked at that already. Looks only; bounded in depth and number.
 */
export function followUps(
  runs: readonly Run[],
  run: Run,
  reports: readonly HostReport[],
  limits: FollowLimits,
): readonly FollowUp[] {
  const depth = run.after?.depth ?? 0;
  if (run.reason !== 'route' && run.reason !== 'chain') return [];
  if (run.cancelled || depth >= limits.depth) return [];
  const taken = runs.filter(({ reason }) => reason === 'chain').length;
  const wanted = new Map<string, { followUp: FollowUp; hosts: Set<string> }>();
  for (const { host, why, step } of suggestions(reports)) {
    const params = limits.complete(step);
    if (params === null) continue;
    const hosts = step.scope === 'group' ? limits.peers(host) : [host];
    // A group of one has nothing to be compared with.
    if (step.scope === 'group' && hosts.length < 2) continue;
    const unseen = hosts.some(
      (name) => !hasSeen(runs, { ...step, params, hosts: hosts.length }, name),
    );
    if (!unseen) continue;
    const key = canonicalJson([step.diagnostic, params]);
    const followUp = { diagnostic: step.diagnostic, params, hosts: [], why };
    const entry = wanted.get(key) ?? { followUp, hosts: new Set<string>() };
    for (const name of hosts) entry.hosts.add(name);
    wanted.set(key, entry);
  }
  return [...wanted.values()]
    .slice(0, Math.max(0, Math.min(PER_RUN, PER_CASE - taken)))
    .map(({ followUp, hosts }) => ({ ...followUp, hosts: [...hosts] }));
}

function suggestions(reports: readonly HostReport[]) {
  return reports.flatMap(({ host, findings }) =>
    findings
      .filter(({ status }) => status === 'critical' || status === 'warning')
      .flatMap(({ code, next }) => next.map((step) => ({ host, why: `${code} on ${host}`, step }))),
  );
}

/** Whether a run of this case looks at the host in this way; for a comparison, with as many others. */
function hasSeen(
  runs: readonly Run[],
  step: { diagnostic: string; params: NextStep['params']; scope?: 'group'; hosts: number },
  host: string,
): boolean {
  return runs.some(
    (run) =>
      run.diagnostic === step.diagnostic &&
      run.hosts.includes(host) &&
      (step.scope !== 'group' || run.hosts.length >= step.hosts) &&
      canonicalJson(run.params) === canonicalJson(step.params),
  );
}
