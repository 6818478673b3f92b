import type { CaseState, Run } from '../incident/case.ts';
import { canonicalJson } from '../plan.ts';

/** Looks that a resolve takes at most. */
const MAX_RUNS = 8;

/** A look that had found something, to be taken again at the hosts where it did. */
export interface CheckAgain {
  readonly diagnostic: string;
  readonly params: Run['params'];
  readonly hosts: readonly string[];
}

/** What the latest look of each kind found wrong: warnings and worse, each host once. */
export function checksAgain({ runs }: CaseState): readonly CheckAgain[] {
  const found = new Map<
    string,
    { check: Omit<CheckAgain, 'hosts'>; hosts: Map<string, boolean> }
  >();
  for (const { diagnostic, params, finished, cancelled } of runs.values()) {
    if (finished === null || cancelled) continue;
    const key = canonicalJson([diagnostic, params]);
    const entry = found.get(key) ?? { check: { diagnostic, params }, hosts: new Map() };
    for (const { host, findings } of finished.reports) {
      const bad = findings.some(({ status }) => status === 'critical' || status === 'warning');
      entry.hosts.set(host, bad);
    }
    found.set(key, entry);
  }
  return [...found.values()]
    .map(({ check, hosts }) => ({
      ...check,
      hosts: [...hosts].flatMap(([host, bad]) => (bad ? [host] : [])),
    }))
    .filter(({ hosts }) => hosts.length > 0)
    .slice(-MAX_RUNS);
}
