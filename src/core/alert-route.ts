import type { Alert } from './alert.ts';
import type { Severity } from './incident/event.ts';
import { canonicalJson } from './plan.ts';
import { boundPattern } from './safe-pattern.ts';

/** What a label must be: equal to a text, matched by `/a regular expression/`, or any of a list. */
export type Matcher = string | readonly string[];

/** What is done about alerts of one kind. */
export interface Route {
  /** Every label must match; no labels match every alert. */
  readonly match: Readonly<Record<string, Matcher>>;
  readonly severity: Severity;
  /** Diagnostics that run at once. */
  readonly diagnose: readonly string[];
  /** Slack users and user groups. */
  readonly invite: readonly string[];
  /** Labels whose values make one incident. */
  readonly groupBy: readonly string[];
  readonly runbook?: string | undefined;
  /** The room is for the invited alone. */
  readonly private?: boolean | undefined;
}

/** Longer label values are matched by equality only: alerts come from outside, patterns cost. */
const MAX_MATCHED = 512;
const LIMITS = { unbounded: MAX_MATCHED, maxWays: MAX_MATCHED ** 3 };

/** The first route whose every label matches. */
export function routeAlert(alert: Alert, routes: readonly Route[]): Route | null {
  return (
    routes.find((route) =>
      Object.entries(route.match).every(([label, matcher]) =>
        matches(labelOf(alert, label), matcher),
      ),
    ) ?? null
  );
}

/**
 * Alerts with the same key belong to one incident. An alert that lacks one of the labels, or a route
 * that groups by none, is grouped by its fingerprint: too many rooms are better than a wrong one.
 */
export function groupKey(alert: Alert, route: Pick<Route, 'groupBy'>): string {
  const values = route.groupBy.map((label) => [label, labelOf(alert, label)] as const);
  if (values.length === 0 || values.some(([, value]) => value === '')) {
    return canonicalJson({ source: alert.source, fingerprint: alert.fingerprint });
  }
  return canonicalJson(Object.fromEntries(values));
}

/** Why a matcher cannot be used, or null: for the configuration's error message. */
export function matcherProblem(matcher: Matcher): string | null {
  const problems = (typeof matcher === 'string' ? [matcher] : matcher).map((text) => {
    const source = patternOf(text);
    if (source === null) return null;
    const verdict = boundPattern(source, LIMITS);
    return verdict.ok ? null : `${text}: ${verdict.problem}`;
  });
  return problems.find((problem) => problem !== null) ?? null;
}

/** A missing label is the empty text, as in Prometheus. */
function labelOf(alert: Alert, label: string): string {
  return Object.hasOwn(alert.labels, label) ? (alert.labels[label] ?? '') : '';
}

function matches(value: string, matcher: Matcher): boolean {
  if (typeof matcher !== 'string') return matcher.some((one) => matches(value, one));
  const source = patternOf(matcher);
  if (source === null) return value === matcher;
  if (value.length > MAX_MATCHED) return false;
  const verdict = boundPattern(source, LIMITS);
  // Anchored at both ends, as Prometheus' own matchers are: /Disk/ does not match DiskFull.
  return verdict.ok && new RegExp(`^(?:${verdict.source})$`, 's').test(value);
}

function patternOf(text: string): string | null {
  return text.length > 2 && text.startsWith('/') && text.endsWith('/') ? text.slice(1, -1) : null;
}
