import type { Argv } from './command.ts';

/** One change to a host, exactly as it will run. */
export interface Step {
  /** Short stable name within the plan: `save`, `truncate`. */
  readonly id: string;
  /** Exactly what runs. For scripts: `['sh', '-s', '--', ...args]` with the constant script in `stdin`. */
  readonly argv: Argv;
  readonly stdin?: string;
  /** What a person would type for the same effect; shown beside the exact argv. */
  readonly equivalent: string;
  readonly why: string;
  /** How to take it back, or `null` when it cannot be taken back (and the plan says so). */
  readonly undo: string | null;
  readonly timeoutSeconds: number;
  /** What it prints goes through SSH into the incident, before the next step may begin. */
  readonly keep?: Keep;
}

/** A small copy that travels through SSH into the incident and its archive. */
export interface Keep {
  /** File name in the archive: the id of the fix, `-`, then letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** More than this is refused, and the fix stops. At most 1 MiB. */
  readonly limitBytes: number;
}

/** What is copied away before anything changes. */
export type Saved =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: number; readonly what: string }
  /** A part of it, kept in the incident by the step that has `keep`. */
  | { readonly kind: 'incident'; readonly name: string; readonly what: string }
  /** Nothing can be saved: the approver approves the loss in these words. */
  | { readonly kind: 'loss'; readonly words: string }
  | { readonly kind: 'nothing-needed' };

/** What a fix would do, as data: it is shown, approved, and only then run. */
export interface Plan {
  readonly summary: string;
  readonly steps: readonly Step[];
  readonly saved: Saved;
  /** Facts that must still hold when it runs (pid, start time, inode, device, boot id …): part of the digest. */
  readonly identity: Readonly<Record<string, string>>;
  /** Conditions checked at planning, in words. */
  readonly preconditions: readonly string[];
  /** What will be compared afterwards, in words. */
  readonly verification: string;
}

/** What a fix measured at a look, in bytes: a chart has a point before and a point after. */
export interface Figures {
  /** Of the file system whose space it frees: its size, and what is used of it. */
  readonly fileSystemBytes: number;
  readonly usedBytes: number;
  /** What the log that it empties takes on disk. */
  readonly logBytes?: number;
}

/** What happened to a fix. `unknown` is said and never retried. */
export type FixOutcome = 'verified' | 'ineffective' | 'failed' | 'stale' | 'unknown';

/** Deterministic JSON: object keys sorted, no white space. The text that is hashed and approved. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((v) => canonicalJson(v ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
