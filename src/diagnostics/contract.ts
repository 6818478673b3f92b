import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { CommandResult, Probe } from '../core/command.ts';
import { HousecallError } from '../core/errors.ts';
import {
  type Coverage,
  compareStatus,
  type Facts,
  type Finding,
  type Measure,
} from '../core/finding.ts';
import { didYouMean } from '../core/nearest.ts';

/** The page of one finding code: everything a person reads about it is here. */
export interface CodeDoc {
  /** One sentence for tables: what the finding says. */
  readonly says: string;
  /** What it means for the host and the service on it. */
  readonly means: string;
  /** How it is known: which files or commands, from which threshold, and when it cannot be known. */
  readonly known: string;
  /** What to do, in order; names the fix and what it does, and what never to do. */
  readonly act: string;
  /** Every key of `data`, with its unit; `?` at its end: not always there. */
  readonly data: Readonly<Record<string, string>>;
  /** Ids of the fixes that a finding with this code may offer: their pages say what they do. */
  readonly fixes?: readonly string[];
}

/** One host's part of a comparison. */
export interface Compared<F extends Facts = Facts> {
  readonly host: string;
  readonly findings: readonly Finding[];
  readonly facts: F;
}

/** A finding that only several hosts together show, and the host it is about. */
export interface ComparedFinding {
  readonly host: string;
  readonly finding: Finding;
}

/**
 * A way to look at one host. Pure: it says what to run and judges what came back; it cannot reach a
 * host. One round trip: a deeper look is another diagnostic, which a finding suggests.
 */
export interface DiagnosticSpec<Schema extends z.ZodObject, Reading> {
  /** Folder name and command word: `disk`. */
  readonly id: string;
  readonly title: string;
  /** One sentence for `/diag list`. */
  readonly summary: string;
  /** Rights it needs to see everything, in words. */
  readonly permissions: string;
  /** zod strict object; every key has a default or is required, and a `.describe()`. */
  readonly params: Schema;
  /** Every finding code it can emit, with its page in the reference. */
  readonly codes: Readonly<Record<string, CodeDoc>>;
  /** What to run. `nonce` marks the sections of the output, so that nothing a host prints can pass for one. */
  probe(params: z.output<Schema>, nonce: string): Probe;
  /** What it said. Throws OUTPUT_UNREADABLE rather than guess. */
  parse(result: CommandResult, nonce: string): Reading;
  coverage(reading: Reading): Coverage;
  /** What that means. An empty list means: looked at everything, nothing wrong. */
  assess(reading: Reading, params: z.output<Schema>): readonly Finding[];
  /** The numbers of what is healthy, in the words of the finding that it would be, largest first. */
  measures?(reading: Reading, params: z.output<Schema>): readonly Measure[];
  /** What `compare` needs of this host. */
  facts?(reading: Reading): Facts;
  /** What only several hosts together show. Called once per run, with every host that could be read. */
  compare?(hosts: readonly Compared[], params: z.output<Schema>): readonly ComparedFinding[];
}

/** A diagnostic bound to its parameters, its own types sealed inside. */
export interface BoundDiagnostic {
  readonly params: Readonly<Record<string, unknown>>;
  readonly probe: Probe;
  judge(result: CommandResult): {
    readonly coverage: Coverage;
    readonly findings: readonly Finding[];
    readonly measures: readonly Measure[];
    readonly facts?: Facts;
  };
  /** See `DiagnosticSpec.compare`; nothing to compare: an empty list. */
  compare(hosts: readonly Compared[]): readonly ComparedFinding[];
}

export interface Diagnostic {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly permissions: string;
  readonly params: z.ZodObject;
  readonly codes: Readonly<Record<string, CodeDoc>>;
  /** Throws PARAMS_INVALID naming the parameter, its value and what is allowed. Texts from a command line are coerced. */
  bind(params: Readonly<Record<string, unknown>>, nonce: string): BoundDiagnostic;
}

export function defineDiagnostic<Schema extends z.ZodObject, Reading>(
  spec: DiagnosticSpec<Schema, Reading>,
): Diagnostic {
  return {
    id: spec.id,
    title: spec.title,
    summary: spec.summary,
    permissions: spec.permissions,
    params: spec.params,
    codes: spec.codes,
    bind(input, nonce) {
      const parsed = spec.params.safeParse(input);
      if (!parsed.success) throw paramsInvalid(spec, input, parsed.error);
      const params = parsed.data;
      return {
        params,
        probe: spec.probe(params, nonce),
        judge(result) {
          const reading = spec.parse(result, nonce);
          const findings = spec
            .assess(reading, params)
            .toSorted((a, b) => compareStatus(a.status, b.status));
          const facts = spec.facts?.(reading);
          return {
            coverage: spec.coverage(reading),
            findings,
            measures: spec.measures?.(reading, params) ?? [],
            ...(facts === undefined ? {} : { facts }),
          };
        },
        compare: (hosts) => spec.compare?.(hosts, params) ?? [],
      };
    },
  };
}

function paramsInvalid(
  { id, params }: { readonly id: string; readonly params: z.ZodObject },
  input: Readonly<Record<string, unknown>>,
  error: z.ZodError,
): HousecallError {
  const known = Object.keys(params.shape);
  const reasons = error.issues.map((issue) => {
    const key = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const [first = ''] = issue.keys;
      return `unknown parameter ${issue.keys.join(', ')}${didYouMean(first, known)} (known: ${known.join(', ') || 'none'})`;
    }
    if (issue.code === 'invalid_type' && !Object.hasOwn(input, key)) {
      const { description = '' } = params.shape[key] ?? {};
      return `${key}= is needed${description === '' ? '' : `: ${description}`}`;
    }
    const noNumber = issue.code === 'invalid_type' && issue.expected === 'number';
    const reason = noNumber ? 'must be a number' : issue.message;
    return `${key}=${JSON.stringify(input[key] ?? null)}: ${reason}`;
  });
  return new HousecallError('PARAMS_INVALID', `${id}: ${reasons.join('; ')}`, {
    context: { diagnostic: id, input, issues: reasons },
  });
}

/** The constant script beside a module: `readScript(new URL('./probe.sh', import.meta.url))`. Read once, at load. */
export function readScript(url: URL): string {
  return readFileSync(url, 'utf8');
}

/** One parameter, as help texts and the reference show it. */
export interface ParameterHelp {
  readonly name: string;
  readonly required: boolean;
  readonly default: string | null;
  readonly description: string;
}

/** The parameters of a diagnostic (or fix), read off its schema. */
export function describeParams(schema: z.ZodObject): readonly ParameterHelp[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const required = new Set(json.required ?? []);
  return Object.entries(json.properties ?? {}).map(([name, property]) => {
    const { description, default: fallback } = typeof property === 'object' ? property : {};
    return {
      name,
      required: required.has(name),
      default: shownDefault(fallback),
      description: description ?? '',
    };
  });
}

function shownDefault(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
