import { HousecallError } from '../../core/errors.ts';
import { foldNames } from '../../core/fleet/fold-names.ts';
import type { CaseState, Incident, Run } from '../../core/incident/case.ts';
import { type Actor, HOUSECALL, type Person } from '../../core/person.ts';
import { type Decision, transact } from '../record/transact.ts';
import type { CancelRunDeps } from '../run/cancel-run.ts';

export interface CloseRequest {
  readonly stream: string;
  /** Null: Housecall itself. */
  readonly person: Person | null;
  /** It was asked for before, and the archive could not be written then. */
  readonly again?: boolean;
}

/** Key of the line that says so in the room, with the record's number at that moment behind it. */
export const CLOSING = 'closing';
/** Longer than all tries of the job: after it, whoever was closing is dead and may be asked again. */
const CLOSING_MS = 20 * 60_000;

/**
 * The first step to the end: somebody asks to close, or nobody answered when asked whether to. It is
 * said in the room, and a job goes on from there (`closeIncident`). Looks that nobody asked for are
 * cancelled.
 * @throws HousecallError STATE_CONFLICT: what must be decided or ended first.
 */
export async function requestClose(deps: CancelRunDeps, request: CloseRequest): Promise<void> {
  const { stream, person } = request;
  const actor: Actor = person === null ? HOUSECALL : { kind: 'person', ...person };
  let cancelled: readonly string[] = [];
  await transact(deps, { stream, actor }, (state): Decision => {
    const { incident } = state;
    if (incident === null) {
      throw new HousecallError('NOT_FOUND', `incident ${stream}: there is none`);
    }
    mustBeClosable(incident, deps.clock.now());
    mustHaveNoOpenFix(state);
    cancelled = unaskedLooks(state).map(({ id }) => id);
    return {
      events: [
        ...cancelled.map((run) => ({ type: 'run.cancelled', run }) as const),
        { type: 'incident.closing' },
      ],
      chat: [
        {
          lane: `room:${stream}`,
          operation: {
            op: 'message.post',
            key: `${CLOSING}:${state.seq}`,
            document: {
              summary: 'Closing: writing the archive',
              blocks: [{ kind: 'paragraph', content: closingWords(request) }],
            },
          },
        },
      ],
      jobs: [{ kind: 'close-incident', stream }],
    };
  });
  for (const run of cancelled) await deps.queue.cancelRun(run);
}

/** Whoever was closing it has died, and took the job along. */
export function isStuck({ closing, closingSince = '' }: Incident, now: Date): boolean {
  return closing && now.getTime() - Date.parse(closingSince) >= CLOSING_MS;
}

function mustBeClosable(incident: Incident, now: Date): void {
  const { id, state } = incident;
  const busy = incident.closing && !isStuck(incident, now);
  if (state === 'resolved' && !busy) return;
  const closed = state === 'closed' ? 'closed already' : null;
  const what =
    (busy ? 'being closed already' : closed) ?? `${state}; first /incident resolve, then close`;
  throw new HousecallError('STATE_CONFLICT', `incident ${id} is ${what}`);
}

function mustHaveNoOpenFix({ stream, fixes }: CaseState): void {
  const open = [...fixes.values()].find((fix) =>
    ['pending', 'approved', 'running'].includes(fix.status),
  );
  if (open === undefined) return;
  throw new HousecallError(
    'STATE_CONFLICT',
    `incident ${stream}: the fix ${open.offer.fix} on ${open.host} is ${open.status}; decide it first`,
  );
}

/** Those that still go. @throws HousecallError STATE_CONFLICT when one of them was asked for. */
function unaskedLooks({ stream, runs }: CaseState): readonly Run[] {
  // A cancelled one may never end when its worker is gone: it must not keep the room for ever.
  const going = [...runs.values()].filter((one) => one.finished === null && !one.cancelled);
  const asked = going.find(({ reason }) => reason !== 'chain' && reason !== 'verify');
  if (asked === undefined) return going;
  throw new HousecallError(
    'STATE_CONFLICT',
    `incident ${stream}: ${asked.diagnostic} on ${foldNames(asked.hosts)} is still running; wait for it or cancel it`,
  );
}

function closingWords({
  person,
  again = false,
}: CloseRequest): [string | { user: string }, string] {
  const rest = 'The transcript is being written and verified; then this channel is archived.';
  if (again) return ['Closing goes on. ', rest];
  const who = person === null ? 'Nobody answered: Housecall' : { user: person.user };
  return [who, ` closes this incident. ${rest}`];
}
