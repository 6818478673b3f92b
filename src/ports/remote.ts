import type { CommandResult, Probe } from '../core/command.ts';
import type { Step } from '../core/plan.ts';

export interface RemoteOptions {
  /** Aborting kills the command on the host, with all its children. */
  readonly signal?: AbortSignal;
}

/**
 * Looks at hosts of the inventory.
 * @throws HousecallError SSH_UNREACHABLE with `context.stage` (a ConnectStage), `context.host`, `context.detail`;
 *   SSH_LOST when the connection broke while the command ran; CANCELLED when the signal fired.
 *   A non-zero exit, a signal and a time-out are results, not errors.
 */
export interface RemoteReader {
  read(host: string, probe: Probe, options?: RemoteOptions): Promise<CommandResult>;
}

/** Changes hosts. Only the execute-fix workflow is ever handed one. Same errors as `RemoteReader`. */
export interface RemoteWriter {
  change(host: string, step: Step, options?: RemoteOptions): Promise<CommandResult>;
}
