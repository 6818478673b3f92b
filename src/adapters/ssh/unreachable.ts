import { HousecallError } from '../../core/errors.ts';
import type { ConnectReason, ConnectStage } from '../../core/finding.ts';
import type { Host } from '../../core/fleet/host.ts';

/** `ssh host-17 (10.0.0.17:22)`: how every message of this adapter begins. */
export function where(host: Host): string {
  return `ssh ${host.name} (${endpoint(host)})`;
}

function endpoint({ address, port }: Host): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** How far it came, and what tells this failure from others there. */
export type Failure =
  | ConnectStage
  | { readonly stage: ConnectStage; readonly reason: ConnectReason };

/** The connection did not come about; nothing was started on the host. */
export function unreachable(
  host: Host,
  failure: Failure,
  detail: string,
  cause?: unknown,
): HousecallError {
  const at = typeof failure === 'string' ? { stage: failure } : failure;
  return new HousecallError('SSH_UNREACHABLE', `${where(host)}: ${detail}`, {
    ...(cause === undefined ? {} : { cause }),
    context: { host: host.name, address: endpoint(host), ...at, detail },
  });
}

/** A failure of the hop in between, told from the point of view of the host behind it. */
export function bastionFailed(host: Host, bastion: Host, error: unknown): unknown {
  if (!(error instanceof HousecallError) || error.code !== 'SSH_UNREACHABLE') return error;
  const detail = `bastion ${bastion.name}: ${String(error.context['detail'])}`;
  return new HousecallError('SSH_UNREACHABLE', `${where(host)}: not reached, ${error.message}`, {
    cause: error,
    context: { ...error.context, host: host.name, bastion: bastion.name, detail },
  });
}

/** The connection broke while a command ran: whether it ran to its end is not known. */
export function lost(host: Host, detail: string): HousecallError {
  return new HousecallError(
    'SSH_LOST',
    `${where(host)}: ${detail}; whether the command ran to its end is not known`,
    { context: { host: host.name, detail } },
  );
}

export function cancelled(host: Host, detail: string): HousecallError {
  return new HousecallError('CANCELLED', `${where(host)}: ${detail}`, {
    context: { host: host.name },
  });
}

/** The message of anything that was thrown, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `ECONNREFUSED` and the like, also from inside an AggregateError. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

/** How far a failed connection came. */
export function stageOf(error: unknown): string | undefined {
  const stage = error instanceof HousecallError ? error.context['stage'] : undefined;
  return typeof stage === 'string' ? stage : undefined;
}
