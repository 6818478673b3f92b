import type { Document } from '../../core/document/document.ts';
import type { Person } from '../../core/person.ts';
import type { DiagCommand } from '../../core/slash/diag.ts';
import type { IncidentCommand } from '../../core/slash/incident.ts';

/** Who asks, and where. Checked: of this workspace, no bot, no guest, no shared channel. */
export interface Caller {
  readonly person: Person;
  readonly channel: string;
  /** `ts` of the thread's first message, for a click inside a thread. */
  readonly thread?: string;
}

/**
 * What people can ask for. Whatever happens in the room goes through the outbox; a document that comes
 * back is shown to the caller alone. HousecallErrors are told to the caller, with their hint.
 */
export interface Desk {
  diag(command: DiagCommand, caller: Caller): Promise<Document | null>;
  incident(command: IncidentCommand, caller: Caller): Promise<Document | null>;
  /** `value`: what the button carries; null: the incident of the caller's channel. */
  acknowledge(value: string | null, caller: Caller): Promise<Document | null>;
  resolve(value: string | null, caller: Caller): Promise<Document | null>;
  cancelRun(value: string, caller: Caller): Promise<Document | null>;
  nextRun(value: string, caller: Caller): Promise<Document | null>;
  /** The dialog `view` is open and waits: the plan arrives by `Chat.updateForm`. */
  reviewFix(
    request: { readonly value: string; readonly view: string },
    caller: Caller,
  ): Promise<Document | null>;
  /**
   * The dialog was submitted. A PARAMS_INVALID with `context.input` is shown at that input and the
   * dialog stays open.
   */
  requestFix(
    request: { readonly metadata: string; readonly inputs: Readonly<Record<string, string>> },
    by: Pick<Caller, 'person'>,
  ): Promise<Document | null>;
  approveFix(value: string, caller: Caller): Promise<Document | null>;
  denyFix(value: string, caller: Caller): Promise<Document | null>;
}
