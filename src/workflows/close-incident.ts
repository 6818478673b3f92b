import { HousecallError } from '../core/errors.ts';
import { HOUSECALL, type Person } from '../core/person.ts';
import type { Outbox } from '../ports/outbox.ts';
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
}

const CLOSING = 'closing';

/** A person asks to close: said in the room, then archived by a job. */
export async function requestClose(
  deps: TransactDeps,
  input: { readonly stream: string; readonly person: Person },
): Promise<void> {
  const actor = { kind: 'person', ...input.person } as const;
  await transact(deps, { stream: input.stream, actor }, (state) => {
    const { incident } = state;
    if (incident === null) {
      throw new HousecallError('NOT_FOUND', `incident ${input.stream}: there is none`);
    }
    if (incident.state !== 'resolved' || incident.closing) {
      const now = incident.closing ? 'being closed already' : incident.state;
      throw new HousecallError(
        'STATE_CONFLICT',
        `incident ${incident.id} is ${now}; only a resolved incident can be closed`,
      );
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
    return {
      events: [{ type: 'incident.closing' }],
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
                    { user: input.person.user },
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
}

/** The job: archive, verify, announce, then archive the channel. Safe to run twice. */
export async function closeIncident(
  deps: CloseIncidentDeps,
  job: { readonly stream: string },
): Promise<void> {
  const state = await readCase(deps.journal, job.stream);
  if (state.incident === null || !state.incident.closing) return;
  await allSaid(deps, job.stream, state.seq);
  const result = await deps.archive(job.stream).catch(async (error: unknown) => {
    await archiveFailed(deps, job.stream, error);
    return null;
  });
  if (result === null) return;
  await transact(deps, { stream: job.stream, actor: HOUSECALL }, (now) => {
    const { incident } = now;
    if (incident === null || incident.state === 'closed') return null;
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
        { lane: `room:${incident.id}`, operation: { op: 'room.archive' } },
      ],
      releaseAll: true,
      open: false,
    };
  });
}

/** The transcript must hold everything: waits until the lane has said its closing line. */
async function allSaid(deps: CloseIncidentDeps, stream: string, seq: number): Promise<void> {
  const lane = `room:${stream}` as const;
  for (let n = seq; n > 0; n--) {
    if ((await deps.outbox.ref(lane, `${CLOSING}:${n}`)) !== null) return;
  }
  throw new HousecallError(
    'CHAT_UNAVAILABLE',
    `incident ${stream}: its last messages are not in Slack yet; the archive waits for them`,
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
