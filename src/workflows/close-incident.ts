import { type Route, routeAlert } from '../core/alert-route.ts';
import type { ChatRow } from '../core/chat-operation.ts';
import { HousecallError } from '../core/errors.ts';
import { foldNames } from '../core/fleet/fold-names.ts';
import type { Inventory } from '../core/fleet/host.ts';
import type { Incident } from '../core/incident/case.ts';
import { groupClaims } from '../core/incident/group-claims.ts';
import { pastIncident } from '../core/incident/similar.ts';
import { type Actor, HOUSECALL, type Person } from '../core/person.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { PastIncidents } from '../ports/past-incidents.ts';
import type { CancelRunDeps } from './cancel-run.ts';
import { panelRows } from './finish-run.ts';
import { announcementRow } from './open-incident.ts';
import { readCase, type TransactDeps, transact } from './transact.ts';

/** What the archive workflow gives back. */
export interface ArchiveResult {
  readonly location: string;
  readonly manifestSha256: string;
  readonly files: number;
  /** Hash of the audit chain's last record in the archive: the anchor. */
  readonly head: string;
}

export interface CloseIncidentDeps extends TransactDeps {
  readonly outbox: Pick<Outbox, 'ref'>;
  readonly announceChannel: string;
  /** Writes, reads back and verifies; throws ARCHIVE_INVALID. */
  readonly archive: (stream: string) => Promise<ArchiveResult>;
  readonly past: PastIncidents;
  readonly inventory: Inventory;
  readonly routes: readonly Route[];
}

const CLOSING = 'closing';
/** Longer than all tries of the job: after it, whoever was closing is dead and may be asked again. */
const CLOSING_MS = 20 * 60_000;

/**
 * Somebody asks to close, or nobody answered when asked whether to (`person` null): said in the room,
 * then archived by a job. Looks that nobody asked for are cancelled.
 */
export async function requestClose(
  deps: CancelRunDeps,
  input: { readonly stream: string; readonly person: Person | null },
): Promise<void> {
  const { person } = input;
  const actor: Actor = person === null ? HOUSECALL : { kind: 'person', ...person };
  let own: readonly string[] = [];
  await transact(deps, { stream: input.stream, actor }, (state) => {
    const { incident } = state;
    if (incident === null) {
      throw new HousecallError('NOT_FOUND', `incident ${input.stream}: there is none`);
    }
    const age = deps.clock.now().getTime() - Date.parse(incident.closingSince ?? '');
    const busy = incident.closing && age < CLOSING_MS;
    if (incident.state !== 'resolved' || busy) {
      const closed = incident.state === 'closed' ? 'closed already' : null;
      const now = busy ? 'being closed already' : closed;
      const what = now ?? `${incident.state}; first /incident resolve, then close`;
      throw new HousecallError('STATE_CONFLICT', `incident ${incident.id} is ${what}`);
    }
    const open = [...state.fixes.values()].find((fix) =>
      ['pending', 'approved', 'running'].includes(fix.status),
    );
    if (open !== undefined) {
      throw new HousecallError(
        'STATE_CONFLICT',
        `incident ${incident.id}: the fix ${open.offer.fix} on ${open.host} is ${open.status}; decide it first`,
      );
    }
    // A cancelled one may never end when its worker is gone: it must not keep the room for ever.
    const going = [...state.runs.values()].filter((one) => one.finished === null && !one.cancelled);
    const run = going.find(({ reason }) => reason !== 'chain' && reason !== 'verify');
    if (run !== undefined) {
      throw new HousecallError(
        'STATE_CONFLICT',
        `incident ${incident.id}: ${run.diagnostic} on ${foldNames(run.hosts)} is still running; wait for it or cancel it`,
      );
    }
    own = going.map(({ id }) => id);
    return {
      events: [
        ...own.map((id) => ({ type: 'run.cancelled', run: id }) as const),
        { type: 'incident.closing' },
      ],
      chat: [
        {
          lane: `room:${incident.id}`,
          operation: {
            op: 'message.post',
            key: `${CLOSING}:${state.seq}`,
            document: {
              summary: 'Closing: writing the archive',
              blocks: [
                {
                  kind: 'paragraph',
                  content: [
                    ...(person === null ? ['Nobody answered: Housecall'] : [{ user: person.user }]),
                    ' closes this incident. The transcript is being written and verified; then this channel is archived.',
                  ],
                },
              ],
            },
          },
        },
      ],
      jobs: [{ kind: 'close-incident', stream: incident.id }],
    };
  });
  for (const id of own) await deps.queue.cancelRun(id);
}

/** So often the archive is written anew when something is said meanwhile. */
const TRIES = 5;

/**
 * The job: archive, verify, announce, then archive the channel. Safe to run twice. What happens
 * meanwhile is archived too; an alert that fires again meanwhile keeps the incident open.
 */
export async function closeIncident(
  deps: CloseIncidentDeps,
  job: { readonly stream: string },
  { lastTry = false }: { readonly lastTry?: boolean } = {},
): Promise<void> {
  const { stream } = job;
  const state = await readCase(deps.journal, stream);
  if (state.incident === null || !state.incident.closing) return;
  try {
    await allSaid(deps, stream, state.seq);
  } catch (error) {
    if (!lastTry) throw error;
    return archiveFailed(deps, stream, error);
  }
  for (let tries = 1; tries <= TRIES; tries++) {
    const result = await deps.archive(stream).catch(async (error: unknown) => {
      await archiveFailed(deps, stream, error);
      return null;
    });
    if (result === null) return;
    // Before the end: afterwards nobody would come back for it.
    await rememberIncident(deps, stream, result);
    if (await end(deps, stream, result)) return;
  }
  const changing = new Error('the record changed while it was being archived, again and again');
  await archiveFailed(deps, stream, changing);
}

/** Closed, or no longer to be closed. False: the archive does not hold the last record. */
async function end(
  deps: CloseIncidentDeps,
  stream: string,
  result: ArchiveResult,
): Promise<boolean> {
  let whole = true;
  await transact(deps, { stream, actor: HOUSECALL }, (now) => {
    const { incident } = now;
    whole = true;
    if (incident === null || !incident.closing) return null;
    whole = now.head === result.head;
    if (!whole) return null;
    const closed = { ...now, incident: { ...incident, state: 'closed', closing: false } as const };
    const anchor = ` · archive ${result.location} · audit chain head ${result.head}`;
    return {
      events: [
        {
          type: 'archive.written',
          location: result.location,
          manifestSha256: result.manifestSha256,
          files: result.files,
        },
        { type: 'incident.closed' },
      ],
      chat: [
        ...panelRows(closed),
        announcementRow(deps.announceChannel, closed, 'closed', anchor),
        ...farewell(incident),
      ],
      // A channel that was there before may become the room of another incident.
      releases: incident.room?.adopted === true ? [`channel:${incident.room.channel}`] : [],
      releaseAll: true,
      open: false,
    };
  });
  return whole;
}

/** Its own room is archived; a channel that was there before stays what it was. */
function farewell({ id, room }: Incident): ChatRow[] {
  const lane = `room:${id}` as const;
  if (room?.adopted !== true) return [{ lane, operation: { op: 'room.archive' } }];
  const summary = `Incident ${id} is closed and archived. This channel stays.`;
  return [
    { lane, operation: { op: 'message.post', key: 'farewell', document: { summary, blocks: [] } } },
  ];
}

/** For the next one like it. */
async function rememberIncident(
  deps: CloseIncidentDeps,
  stream: string,
  { location }: ArchiveResult,
): Promise<void> {
  const state = await readCase(deps.journal, stream);
  const past = pastIncident(state, {
    closedAt: deps.clock.now().toISOString(),
    archive: location,
    claims: [...state.alerts.values()].flatMap(({ alert }) =>
      groupClaims(alert, routeAlert(alert, deps.routes)),
    ),
    groupsOf: (host) => deps.inventory.get(host)?.groups ?? [],
  });
  if (past !== null) await deps.past.put(past);
}

/** The transcript must hold everything: waits until the lane has said its closing line. */
async function allSaid(deps: CloseIncidentDeps, stream: string, seq: number): Promise<void> {
  const lane = `room:${stream}` as const;
  if (await lacksRoom(deps, stream)) return;
  for (let n = seq; n > 0; n--) {
    if ((await deps.outbox.ref(lane, `${CLOSING}:${n}`)) !== null) return;
  }
  throw new HousecallError(
    'CHAT_UNAVAILABLE',
    `incident ${stream}: its last messages are not in Slack yet; the archive waits for them`,
  );
}

/** Slack refused to open it: nothing can ever be said there, and the incident must end all the same. */
async function lacksRoom({ journal }: CloseIncidentDeps, stream: string): Promise<boolean> {
  const { incident } = await readCase(journal, stream);
  if (incident?.room !== null) return false;
  const records = await journal.read(stream);
  return records.some(
    ({ event }) => event.type === 'chat.failed' && event.operation === 'room.open',
  );
}

async function archiveFailed(
  deps: CloseIncidentDeps,
  stream: string,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  await transact(deps, { stream, actor: HOUSECALL }, (state) =>
    state.incident === null || !state.incident.closing
      ? null
      : {
          events: [{ type: 'archive.failed', reason }],
          chat: [
            {
              lane: `room:${stream}`,
              operation: {
                op: 'message.post',
                key: `archive-failed:${state.seq}`,
                document: {
                  summary: `Not closed: ${reason}`,
                  blocks: [
                    {
                      kind: 'paragraph',
                      content: [
                        { text: 'Not closed: ', style: 'bold' },
                        `${reason}. The channel stays open. /incident close tries again.`,
                      ],
                    },
                  ],
                },
              },
            },
          ],
        },
  );
}
