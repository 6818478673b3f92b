import type { NextStep, Status } from '../../../src/core/finding.ts';
import type { RunReason, Severity } from '../../../src/core/incident/event.ts';
import type { Account } from '../host/host.ts';
import type { Lab } from '../host/lab.ts';

/** What an expected finding or its offer says: equal values; text may be a pattern. */
export type Expected = Readonly<Record<string, string | number | boolean | RegExp>>;

export interface ExpectedFinding {
  readonly code: string;
  /** Default: any host of the scenario. */
  readonly host?: string;
  /** Some of the finding's data. */
  readonly data?: Expected;
  readonly status?: Status;
  /** What its one line must say to whoever is woken at 3 a.m. */
  readonly title?: RegExp;
  /** What the text below it must say. */
  readonly detail?: RegExp;
  /** Why its diagnostic ran: `chain` is what Housecall looked at by itself after another finding. */
  readonly reason?: RunReason;
}

export interface ExpectedFix {
  readonly fix: string;
  /** The finding that offers it. */
  readonly from: ExpectedFinding;
  /** Reviewed for all of these at once: one request, one approval, a canary, then waves. */
  readonly on?: readonly string[];
  /**
   * What is true of the hosts afterwards, seen without Housecall; returns what is wrong, or null. Asked
   * again until it is null or half a minute has passed.
   */
  readonly holds?: (lab: Lab) => string | null;
  /** What it kept in the incident says this, in the archive too: the incident is then closed at the end. */
  readonly keeps?: RegExp;
  /** The change does not last. */
  readonly lost?: {
    /** Makes it be lost on one of its hosts. */
    readonly cause: (lab: Lab) => void;
    /** What the diagnosis that runs again then finds, with a new offer. */
    readonly again: ExpectedFinding;
  };
}

/** A look before the alert, with another account: what it may see and what it must say. */
export interface ExpectedLook {
  readonly account: Account;
  readonly host: string;
  readonly diagnostic: string;
  readonly params?: NextStep['params'];
  readonly findings: readonly ExpectedFinding[];
  readonly never?: readonly string[];
}

export interface LabAlert {
  /** The last part of `/alerts/<source>`. */
  readonly source: 'opsgenie';
  /** `alertname`: the scenario's route matches it. */
  readonly alertname: string;
  readonly body: string;
}

/** An incident made for real: the fault, the alert about it, and what Housecall must find and fix. */
export interface Scenario {
  /** As typed: `npm run lab <name>`; the file's name. */
  readonly name: string;
  readonly title: string;
  /** Why it cannot be made here, or null. */
  readonly problem?: () => string | null;
  /** Boots the hosts and makes the fault; returns when it is there. */
  readonly up: (lab: Lab) => Promise<void>;
  /** The fault as it is now, a line each. Also asked from another process. */
  readonly status: (lab: Pick<Lab, 'host' | 'hosts'>) => readonly string[];
  /** Ends what does not end with the hosts. */
  readonly down?: () => Promise<void> | void;
  readonly alert: (lab: Lab) => LabAlert;
  /** Diagnostics that the alert's route runs. */
  readonly diagnose: readonly string[];
  readonly severity?: Severity;
  /** Account that Housecall logs in with. Default: sudoer. */
  readonly account?: Account;
  /** Groups of the hosts in the inventory. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly expect: {
    /** All of these, by the routed runs and what Housecall follows by itself. */
    readonly findings: readonly ExpectedFinding[];
    /** Codes that would be wrong here. */
    readonly never?: readonly string[];
    /** Lines that nobody may read in the room or the archive. */
    readonly neverSaid?: readonly RegExp[];
    readonly looks?: readonly ExpectedLook[];
    /** In this order; each is requested by one person, approved by another, and must be verified. */
    readonly fixes: readonly ExpectedFix[];
  };
  /** For a person: what to type and to press, a line each. */
  readonly tryThis: readonly string[];
}

/** Keeps the shape of a scenario; a file in `scenarios/` exports one as `scenario`. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
