import type { Document } from '../../core/document/document.ts';
import type { Person } from '../../core/person.ts';
import type { DiagCommand } from '../../core/slash/diag.ts';
import type { IncidentCommand } from '../../core/slash/incident.ts';

/** Who asks, and where. */
export interface Caller {
  /** From the signed payload: team id and user id. */
  readonly person: Person;
  /** Channel id. */
  readonly channel: string;
  /** `ts` of the thread's root when the click was inside one. */
  readonly thread?: string;
}

/** What comes back is shown to the caller alone; null: what there is to say is said in the channel. */
export type Reply = Promise<Document | null>;

/**
 * What people can ask of Housecall in Slack. Listeners parse and render; the app answers from the
 * workflows. Everything may throw a HousecallError, which the caller sees with its hint.
 */
export interface Desk {
  /** Ids that `/diag` knows. */
  readonly diagnostics: readonly string[];
  diag(command: DiagCommand, caller: Caller): Reply;
  incident(command: IncidentCommand, caller: Caller): Reply;
  /** Clicks: `value` is the button's. */
  acknowledge(value: string, caller: Caller): Reply;
  resolve(value: string, caller: Caller): Reply;
  cancelRun(value: string, caller: Caller): Reply;
  nextRun(value: string, caller: Caller): Reply;
  /** `view` is the dialog that waits; the plan arrives later through `Chat.updateForm`. */
  reviewFix(input: { value: string; view: string }, caller: Caller): Reply;
  /** Submission of form `fix.request`: its metadata and the texts typed, by input id. */
  requestFix(
    input: { metadata: string; inputs: Readonly<Record<string, string>> },
    caller: Pick<Caller, 'person'>,
  ): Reply;
  approveFix(value: string, caller: Caller): Reply;
  denyFix(value: string, caller: Caller): Reply;
}
