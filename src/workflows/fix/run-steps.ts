import { ALREADY_CLAIMED, TARGET_CHANGED } from '../../core/approval/claim.ts';
import type { CommandResult } from '../../core/command.ts';
import { HousecallError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import type { StepRun } from '../../core/incident/event.ts';
import type { FixOutcome, Keep, Plan, Step } from '../../core/plan.ts';
import { sanitise } from '../../core/sanitise.ts';
import type { KeptFiles } from '../../ports/kept-files.ts';
import type { RemoteWriter } from '../../ports/remote.ts';
import type { LookDeps } from './fix-deps.ts';

/** Longest output of a step that is kept, in characters. */
const OUTPUT_LIMIT = 4000;

export interface RunStepsDeps extends LookDeps {
  readonly writer: RemoteWriter;
  readonly kept: KeptFiles;
}

export type StepsEnd =
  | { readonly kind: 'done'; readonly steps: readonly StepRun[] }
  /** A step found the mark of an earlier run on the host: it did nothing. */
  | { readonly kind: 'claimed'; readonly steps: readonly StepRun[] }
  | {
      readonly kind: 'stopped';
      readonly outcome: FixOutcome;
      readonly reason: string;
      readonly steps: readonly StepRun[];
    };

/** Runs the steps one by one, each once, and stops at the first that does not succeed. Nothing is retried. */
export async function runSteps(
  deps: RunStepsDeps,
  todo: {
    readonly stream: string;
    readonly fix: string;
    readonly host: string;
    readonly plan: Plan;
    readonly signal: AbortSignal;
    /** Asked before every step: why it must not begin, or null. */
    mayGoOn(): Promise<string | null>;
  },
): Promise<StepsEnd> {
  const steps: StepRun[] = [];
  const stopped = (outcome: FixOutcome, reason: string): StepsEnd => ({
    kind: 'stopped',
    outcome,
    reason: `${reason}. ${done(steps)}`,
    steps,
  });
  for (const step of todo.plan.steps) {
    const halt = await todo.mayGoOn();
    if (halt !== null) return stopped('failed', `stopped before step ${step.id}: ${halt}`);
    let result: CommandResult;
    try {
      result = await deps.writer.change(todo.host, step, { signal: todo.signal });
    } catch (error) {
      return stopped(...thrown(step, error));
    }
    const run = record(deps, step, result);
    steps.push(run);
    if (result.exitCode === ALREADY_CLAIMED) return { kind: 'claimed', steps };
    if (result.exitCode === null || result.timedOut) {
      const how = result.timedOut ? `was not done in ${step.timeoutSeconds} s` : 'ended unobserved';
      return stopped('unknown', `step ${step.id} ${how}`);
    }
    if (result.exitCode === TARGET_CHANGED) return stopped('stale', lastLine(run, step));
    if (result.exitCode !== 0) return stopped('failed', lastLine(run, step));
    if (step.keep !== undefined) {
      const kept = await keep(deps, todo, { step, keep: step.keep, result });
      if (typeof kept === 'string') return stopped('failed', `step ${step.id}: ${kept}`);
      steps.splice(-1, 1, { ...run, output: '', kept });
    }
  }
  return { kind: 'done', steps };
}

/** Into the incident, before the next step may begin; or why not, in words. */
async function keep(
  deps: RunStepsDeps,
  todo: { readonly stream: string; readonly fix: string },
  ran: { readonly step: Step; readonly keep: Keep; readonly result: CommandResult },
): Promise<NonNullable<StepRun['kept']> | string> {
  const { name, limitBytes } = ran.keep;
  const { stdout, outputTruncated } = ran.result;
  // A copy is never replaced: two fixes must not keep theirs under one name.
  if (!name.startsWith(`${todo.fix}-`) || !/^[\w.-]{1,150}$/.test(name)) {
    return `${JSON.stringify(name)} is no name of a kept file: ${todo.fix}-<letters, digits, ., _, ->`;
  }
  if (stdout === '') return `nothing came to be kept as ${name}`;
  if (outputTruncated || new TextEncoder().encode(stdout).length > limitBytes) {
    return `what was to be kept as ${name} is larger than ${formatBytes(limitBytes)}`;
  }
  const content = deps.redact(sanitise(stdout));
  try {
    await deps.kept.put(todo.stream, name, content);
    // The first content stays: what is emptied next must be what can be read here.
    if ((await deps.kept.all(todo.stream)).get(name) !== content) {
      return `other content is kept under ${name}`;
    }
  } catch (error) {
    return `${name} could not be kept: ${error instanceof Error ? error.message : String(error)}`;
  }
  return {
    name,
    bytes: new TextEncoder().encode(content).length,
    sha256: deps.hashing.sha256(content),
  };
}

/** Not connected: it cannot have run. Anything else: nobody knows. */
function thrown(step: Step, error: unknown): [FixOutcome, string] {
  if (error instanceof HousecallError && error.code === 'SSH_UNREACHABLE') {
    return ['failed', `step ${step.id} was not begun: ${error.message}`];
  }
  const message = error instanceof Error ? error.message : String(error);
  return ['unknown', `step ${step.id}: ${message}`];
}

function done(steps: readonly StepRun[]): string {
  const names = steps.filter((step) => step.exitCode === 0).map((step) => step.id);
  return names.length === 0 ? 'No step was completed' : `Completed: ${names.join(', ')}`;
}

function lastLine(run: StepRun, step: Step): string {
  const line = run.output.trim().split('\n').at(-1) ?? '';
  return `step ${step.id} (exit ${run.exitCode}): ${line === '' ? 'it said nothing' : line}`;
}

function record(deps: RunStepsDeps, step: Step, result: CommandResult): StepRun {
  const raw = result.stdout + result.stderr;
  const shown = deps.redact(sanitise(raw.slice(0, OUTPUT_LIMIT)));
  return {
    id: step.id,
    argv: step.argv,
    exitCode: result.exitCode,
    output: shown,
    outputSha256: deps.hashing.sha256(raw),
  };
}
