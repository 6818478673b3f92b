import { type Route, routeAlert } from '../../core/alert-route.ts';
import type { ChatRow } from '../../core/chat-operation.ts';
import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import type { Inventory } from '../../core/fleet/host.ts';
import type { Incident } from '../../core/incident/case.ts';
import { groupClaims } from '../../core/incident/group-claims.ts';
import { pastIncident } from '../../core/incident/similar.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { PastIncidents } from '../../ports/past-incidents.ts';
import { announcementRow } from '../incident/open-incident.ts';
import { readCase, type TransactDeps, transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import { CLOSING } from './request-close.ts';

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

/** So often the archive is written anew when something is said meanwhile. */
const TRIES = 5;

/**
 * The job, after somebody asked to close (`requestClose`): all is said in the room → the archive is
 * written, read back and verified → the record ends → the channel is archived, by the last row of its
 * lane. Safe to run twice. What happens meanwhile is archived too; an alert that fires again meanwhile
 * keeps the incident open; an archive that cannot be written leaves the channel as it is.
 */
export async function closeIncident(
  deps: CloseIncidentDeps,
  { stream }: { readonly stream: string },
  { lastTry = false }: { readonly lastTry?: boolean } = {},
): Promise<void> {
  const state = await readCase(deps.journal, stream);
  if (state.incident === null || !state.incident.closing) return;
  try {
    await allIsSaid(deps, stream, state.seq);
  } catch (error) {
    if (!lastTry) throw error;
    return sayNotClosed(deps, stream, error);
  }
  for (let tries = 1; tries <= TRIES; tries++) {
    const verified = await deps.archive(stream).catch(async (error: unknown) => {
      await sayNotClosed(deps, stream, error);
      return null;
    });
    if (verified === null) return;
    // Before the end: afterwards nobody would come back for it.
    await rememberIncident(deps, stream, verified);
    if (await endRecord(deps, stream, verified)) return;
  }
  const changing = new Error('the record changed while it was being archived, again and again');
  await sayNotClosed(deps, stream, changing);
}

/** Closed, or no longer to be closed. False: the archive does not hold the last record. */
async function endRecord(
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
async function allIsSaid(deps: CloseIncidentDeps, stream: string, seq: number): Promise<void> {
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

/** The channel stays, and so does the wish to close: `closeAgain` comes back to it. */
async function sayNotClosed(
  deps: CloseIncidentDeps,
  stream: string,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  await transact(deps, { stream, actor: HOUSECALL }, ({ incident, seq }) => {
    if (incident === null || !incident.closing) return null;
    const said = incident.notArchived?.reason === reason;
    return {
      events: [{ type: 'archive.failed', reason }],
      chat: said
        ? []
        : [
            {
              lane: `room:${stream}`,
              operation: {
                op: 'message.post',
                key: `archive-failed:${seq}`,
                document: notClosed(reason),
              },
            },
          ],
    };
  });
}

function notClosed(reason: string): Document {
  return {
    summary: `Not closed: ${reason}`,
    blocks: [
      {
        kind: 'paragraph',
        content: [{ text: 'Not closed: ', style: 'bold' }, `${reason}.`],
      },
      {
        kind: 'paragraph',
        content: [
          'Nothing is lost and this channel stays open. Housecall closes by itself when the archive can be written again; ',
          { text: '/incident close', style: 'code' },
          ' tries now, ',
          { text: '/incident reopen', style: 'code' },
          ' if the work goes on.',
        ],
      },
    ],
  };
}
