import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { CommandResult, Probe } from '../core/command.ts';
import { HousecallError } from '../core/errors.ts';
import type { Figures, Plan } from '../core/plan.ts';

/** What the plan may use besides the host's state. */
export interface PlanContext {
  /** Id of this one fix: names the claim on the host and the saved copy. */
  readonly fix: string;
  readonly host: string;
  /** `fixes.saveDirectory` of the configuration. */
  readonly saveDirectory: string;
  readonly nonce: string;
}

export type Verdict = {
  readonly outcome: 'verified' | 'ineffective' | 'unknown';
  readonly reason: string;
};

/** A change to one host. Pure: it says what to look at, what it would do, and judges the difference. */
export interface FixSpec<Schema extends z.ZodObject, State> {
  /** Folder name: `truncate-deleted-file`. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Raised when steps or checks change: an approval of an older version is stale. */
  readonly version: number;
  readonly params: Schema;
  /** Read-only. */
  probe(params: z.output<Schema>, context: PlanContext): Probe;
  parse(result: CommandResult, context: PlanContext): State;
  /** What it would do now, or in words why nothing can or need be done. */
  plan(state: State, params: z.output<Schema>, context: PlanContext): Plan | string;
  verify(before: State, after: State, params: z.output<Schema>): Verdict;
  /** One line for the before/after message. */
  describe(state: State): string;
  /** The numbers of the host that a chart of it shows; null: they were not seen. */
  figures?(state: State): Figures | null;
  /** A change that does not last: Housecall looks again while the incident is open, and says when it is lost. */
  readonly lasting?: Lasting<State>;
}

export interface Lasting<State> {
  /** In words: `the container restarts`. */
  readonly lostWhen: string;
  /** Whether a later look shows it still in place; null: it cannot be told. */
  holds(state: State): boolean | null;
}

/** A fix bound to its parameters, its own types sealed inside. States are JSON. */
export interface BoundFix {
  readonly probe: Probe;
  parse(result: CommandResult): unknown;
  plan(state: unknown): Plan | string;
  verify(before: unknown, after: unknown): Verdict;
  describe(state: unknown): string;
  figures(state: unknown): Figures | null;
  /** True for what is known to last. */
  holds(state: unknown): boolean | null;
}

export interface Fix {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly version: number;
  readonly params: z.ZodObject;
  /** When the change is lost, in words; absent: it lasts. */
  readonly lostWhen?: string;
  bind(params: Readonly<Record<string, unknown>>, context: PlanContext): BoundFix;
}

export function defineFix<Schema extends z.ZodObject, State>(spec: FixSpec<Schema, State>): Fix {
  const { id, title, summary, version, params } = spec;
  return {
    id,
    title,
    summary,
    version,
    params,
    ...(spec.lasting === undefined ? {} : { lostWhen: spec.lasting.lostWhen }),
    bind(input, context) {
      const parsed = spec.params.safeParse(input);
      if (!parsed.success) {
        throw new HousecallError('PARAMS_INVALID', `fix ${id}: ${parsed.error.message}`, {
          context: { fix: id, input },
        });
      }
      const own = parsed.data;
      return {
        probe: spec.probe(own, context),
        parse: (result) => spec.parse(result, context),
        plan: (state) => spec.plan(state as State, own, context),
        verify: (before, after) => spec.verify(before as State, after as State, own),
        describe: (state) => spec.describe(state as State),
        figures: (state) => spec.figures?.(state as State) ?? null,
        holds: (state) => (spec.lasting === undefined ? true : spec.lasting.holds(state as State)),
      };
    },
  };
}

/** The constant script beside a module. Read once, at load. */
export function readScript(url: URL): string {
  return readFileSync(url, 'utf8');
}
