import type { Document, Form } from '../../core/document/document.ts';
import type { RoomEvent } from '../../core/incident/room-event.ts';
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
  /** The incident is idle, and somebody wants it kept open (`incident.keep`) or closed (`incident.close`). */
  keepOpen(value: string | null, caller: Caller): Promise<Document | null>;
  close(value: string | null, caller: Caller): Promise<Document | null>;
  /** The dialog of a button of the panel, to be filled in: severity, role, update. */
  form(which: IncidentForm, value: string | null, caller: Caller): Promise<Form>;
  /** It was submitted; errors as for `requestFix`. */
  submit(
    which: IncidentForm,
    request: { readonly metadata: string; readonly inputs: Readonly<Record<string, string>> },
    by: Pick<Caller, 'person'>,
  ): Promise<Document | null>;
  /** What this person's App Home shows. */
  home(by: Pick<Caller, 'person'>): Promise<Document>;
  /**
   * Something was said or marked in a channel. Most channels are nobody's business and ignored at once:
   * what it was is `read` for the others alone.
   */
  observe(channel: string, read: () => Promise<RoomEvent | null>): Promise<void>;
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

export type IncidentForm = 'incident.severity' | 'incident.role' | 'incident.update';
