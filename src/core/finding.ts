import type { Privilege } from './command.ts';

/** The Nagios plug-in vocabulary. `unknown` means "could not look", never "fine". */
export type Status = 'ok' | 'warning' | 'critical' | 'unknown';

/** A run's status is its worst host's, a host's its worst finding's: critical, unknown, warning, ok. */
const WORST_FIRST: readonly Status[] = ['critical', 'unknown', 'warning', 'ok'];

export function worstStatus(statuses: readonly Status[]): Status {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 'unknown';
}

/** Sorts worst first. */
export function compareStatus(a: Status, b: Status): number {
  return WORST_FIRST.indexOf(a) - WORST_FIRST.indexOf(b);
}

/** What was run and what it printed: sanitised, redacted, capped. */
export interface Evidence {
  readonly argv: readonly string[];
  readonly exitCode: number | null;
  readonly output: string;
  readonly truncated: boolean;
}

/** A fix that applies to a finding, with the parameters it needs: nobody types them. */
export interface FixOffer {
  readonly fix: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What to run next, as one click. */
export interface NextStep {
  readonly diagnostic: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** `group`: on every host that shares a group with this one, this one included. Default: this host. */
  readonly scope?: 'group';
}

/** What a host's report is compared with others by: small plain JSON, kept only until the run ends. */
export type Facts = Readonly<Record<string, unknown>>;

/** One observation about one host, free of any chat markup. Texts may hold untrusted host output. */
export interface Finding {
  /** Public code, `<diagnostic>.<what>`. */
  readonly code: string;
  readonly status: Status;
  /** What it is about: a mount, a path, a namespace. */
  readonly subject: string;
  /** One line: the answer. */
  readonly title: string;
  /** What it means and how it is known; a few lines. */
  readonly detail: string;
  /** Documented keys per code; sizes in bytes, rates in bytes/s, times ISO 8601. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly evidence: readonly Evidence[];
  readonly fixes: readonly FixOffer[];
  readonly next: readonly NextStep[];
}

/** A number that was measured where nothing is wrong: a chart goes on with it. */
export interface Measure {
  /** Of the finding that it would be. */
  readonly code: string;
  /** Keys of that finding's data: what it is about, and its numbers. */
  readonly data: Finding['data'];
}

/** How much of the host could be seen. */
export interface Coverage {
  readonly privilege: Privilege;
  /** In words: `3 of 98 processes readable`. Empty: everything was seen. */
  readonly notes: readonly string[];
}

/** What one diagnostic says about one host. */
export interface HostReport {
  readonly host: string;
  readonly status: Status;
  readonly durationMs: number;
  readonly coverage: Coverage;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Healthy numbers of what an earlier look of the case had found wrong; absent in older records. */
  readonly measures?: readonly Measure[];
  /** Only while the run goes on. */
  readonly facts?: Facts;
}

/** What one diagnostic says about all its hosts: the document that `housecall diag --json` prints. */
export interface RunReport {
  readonly diagnostic: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly status: Status;
  readonly hosts: readonly HostReport[];
}

/**
 * What tells one failure of a stage from another: `silent` no banner, `busy` closed before its banner,
 * `stuck` spoke SSH and then said no more, `reset` let in and thrown out, `unknown` or `changed` the host key.
 */
export type ConnectReason = 'silent' | 'busy' | 'stuck' | 'reset' | 'unknown' | 'changed';

/** How far a connection came before it failed. */
export type ConnectStage =
  | 'name'
  | 'route'
  | 'refused'
  | 'timeout'
  | 'banner'
  | 'host-key'
  | 'auth'
  | 'sudo';
