import type { ArchiveRecord, ArchiveSink, Receipt } from '../../archives/contract.ts';
import { verifyArchive } from '../../core/audit/verify-archive.ts';
import { HousecallError } from '../../core/errors.ts';
import type { ArchiveInput } from '../../core/incident/archive/archive-input.ts';
import type { DrawnChart } from '../../core/incident/archive/html/telling.ts';
import { incidentJson } from '../../core/incident/archive/incident-json.ts';
import { MANIFEST_SCHEMA, manifestJson } from '../../core/incident/archive/manifest.ts';
import { postmortemMd } from '../../core/incident/archive/postmortem-md.ts';
import { transcriptHtml } from '../../core/incident/archive/transcript-html.ts';
import { transcriptMd } from '../../core/incident/archive/transcript-md.ts';
import { type CaseState, emptyCase, reduceCase } from '../../core/incident/case.ts';
import type { EventRecord } from '../../core/incident/event.ts';
import type { KeptFile } from '../../core/incident/room-event.ts';
import type { Chat } from '../../ports/chat.ts';
import type { KeptFiles } from '../../ports/kept-files.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { readCase } from '../record/transact.ts';
import { rangeOf } from '../room/backfill-room.ts';
import { type DrawChartsDeps, drawCharts } from '../room/draw-charts.ts';
import { type ReadRoomDeps, readRoom, type WholeRoom } from '../room/read-room.ts';
import { archiveKey } from './archive-key.ts';
import type { ArchiveResult } from './close-incident.ts';

export interface ArchiveIncidentDeps extends ReadRoomDeps, DrawChartsDeps {
  readonly chat: Pick<Chat, 'history' | 'person' | 'download'>;
  readonly kept: Pick<KeptFiles, 'all'>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** At least one; the first is the one whose location people are told. */
  readonly sinks: readonly ArchiveSink[];
}

/**
 * Writes what was said and done to every sink, reads everything back and verifies it. Safe to run
 * again: the same keys are written anew.
 * @throws HousecallError ARCHIVE_INVALID whatever fails; the room must then stay open.
 */
export async function archiveIncident(
  deps: ArchiveIncidentDeps,
  stream: string,
): Promise<ArchiveResult> {
  try {
    const result = await archive(deps, stream);
    deps.metrics.count('housecall_archive_total', { outcome: 'written' });
    return result;
  } catch (error) {
    deps.metrics.count('housecall_archive_total', { outcome: 'failed' });
    deps.log.error({ incident: stream, error }, 'archive not written');
    if (error instanceof HousecallError && error.code === 'ARCHIVE_INVALID') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new HousecallError('ARCHIVE_INVALID', `archive of incident ${stream}: ${reason}`, {
      cause: error,
      context: { incident: stream },
    });
  }
}

async function archive(deps: ArchiveIncidentDeps, stream: string): Promise<ArchiveResult> {
  if (deps.sinks.length === 0) throw invalid(stream, 'no archive is configured');
  // First the room: marks that nobody heard of become part of the record.
  const room = await wholeRoom(deps, stream);
  const records = await deps.journal.read(stream);
  const state = records.reduce(reduceCase, emptyCase(stream));
  if (state.incident === null) throw invalid(stream, 'there is no such incident');
  const input = await gather(deps, { records, room }, state);
  const charts = await drawCharts(deps, state);
  const files = buildFiles(input, { ...state.incident, shared: room.kept, charts });
  let location = '';
  for (const sink of deps.sinks) {
    const receipts = await store(sink, files);
    await readBack(deps, { sink, files, shared: room.kept, head: state.head, stream });
    if (location === '') location = folderOf(receipts);
  }
  const manifest = files.find((file) => file.key.endsWith('/manifest.json'));
  return {
    location,
    manifestSha256: manifest === undefined ? '' : deps.sha256(manifest.body),
    files: files.length + room.kept.length,
    head: state.head,
  };
}

/** A room that never opened has nothing to say; a room that cannot be read is an error. */
async function wholeRoom(deps: ArchiveIncidentDeps, stream: string): Promise<WholeRoom> {
  const { incident } = await readCase(deps.journal, stream);
  if (incident === null) throw invalid(stream, 'there is no such incident');
  const range = rangeOf(stream, incident);
  if (range === null) return { messages: [], kept: [], gaps: [] };
  return readRoom(deps, { ...range, openedAt: incident.openedAt });
}

async function gather(
  deps: ArchiveIncidentDeps,
  read: { readonly records: readonly EventRecord[]; readonly room: WholeRoom },
  state: CaseState,
): Promise<ArchiveInput> {
  const { records } = read;
  const { messages, gaps } = read.room;
  const users = new Set(
    records.flatMap(({ actor }) => (actor.kind === 'person' ? [actor.user] : [])),
  );
  for (const user of Object.values(state.incident?.roles ?? {})) users.add(user);
  for (const { reactions } of messages)
    for (const r of reactions) r.users.forEach((u) => users.add(u));
  const names = new Map(messages.map(({ author, authorName }) => [author, authorName]));
  const unnamed = [...users].filter((user) => !names.has(user));
  for (const user of unnamed.slice(0, MOST_NAMES)) names.set(user, await nameOf(deps, user));
  const { redact, sha256 } = deps;
  const archivedAt = deps.clock.now().toISOString();
  const kept = await deps.kept.all(state.stream);
  return { records, messages, gaps, kept, names, archivedAt, redact, sha256 };
}

/** Each is a call to Slack; of thousands who only reacted the others stay ids. Who acted comes first. */
const MOST_NAMES = 300;

/** Names are a comfort: somebody who left the workspace must not keep an incident open. */
async function nameOf({ chat, log }: ArchiveIncidentDeps, user: string): Promise<string> {
  try {
    return (await chat.person(user)).name;
  } catch (error) {
    log.warn({ user, error }, 'archive: name not found, the id stands for it');
    return user;
  }
}

function buildFiles(
  input: ArchiveInput,
  incident: {
    readonly id: string;
    readonly openedAt: string;
    /** They lie in the archive already. */
    readonly shared: readonly KeptFile[];
    readonly charts: readonly DrawnChart[];
  },
): readonly ArchiveRecord[] {
  const { records, archivedAt, sha256 } = input;
  const file = (name: string, mediaType: string, text: string): ArchiveRecord => ({
    key: archiveKey(incident.openedAt, incident.id, name),
    mediaType,
    body: new TextEncoder().encode(text),
  });
  const contents = [
    file('incident.json', 'application/json', incidentJson(input)),
    file('transcript.md', 'text/markdown; charset=utf-8', transcriptMd(input)),
    file('transcript.html', 'text/html; charset=utf-8', transcriptHtml(input, incident.charts)),
    file('postmortem.md', 'text/markdown; charset=utf-8', postmortemMd(input)),
    ...[...(input.kept ?? [])].map(([name, text]) =>
      file(`files/${name}`, 'text/plain; charset=utf-8', text),
    ),
  ];
  const manifest = {
    schema: MANIFEST_SCHEMA,
    incident: incident.id,
    createdAt: archivedAt,
    audit: { records: records.length, head: records.at(-1)?.hash ?? '' },
    files: [
      ...contents.map(({ key, body }) => ({
        path: nameIn(key),
        bytes: body.length,
        sha256: sha256(body),
      })),
      ...incident.shared.map((one) => ({ path: one.path, bytes: one.bytes, sha256: one.sha256 })),
    ],
  } as const;
  // The manifest last: an archive that was cut off in the middle has none.
  return [...contents, file('manifest.json', 'application/json', manifestJson(manifest, sha256))];
}

async function store(
  sink: ArchiveSink,
  files: readonly ArchiveRecord[],
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (const file of files) receipts.push(await sink.put(file));
  return receipts;
}

/** Believes nothing that the sink said: what a reader will find is what counts. */
async function readBack(
  deps: ArchiveIncidentDeps,
  written: {
    readonly sink: ArchiveSink;
    readonly files: readonly ArchiveRecord[];
    /** Read back one by one before, as they may be large. */
    readonly shared: readonly KeptFile[];
    readonly head: string;
    readonly stream: string;
  },
): Promise<void> {
  const { sink, files, shared, head, stream } = written;
  const stored = new Map<string, Uint8Array>();
  for (const { key, body } of files) {
    const found = await sink.get(key);
    if (found === null) throw invalid(stream, `${key} is not there after it was written`);
    if (deps.sha256(found) !== deps.sha256(body)) {
      throw invalid(stream, `${key} was read back other than it was written`);
    }
    stored.set(nameIn(key), found);
  }
  const { good, anchored, checks } = verifyArchive(
    {
      names: [...stored.keys(), ...shared.map(({ path }) => path)],
      read: (name) => stored.get(name) ?? null,
      measure: (name) => shared.find(({ path }) => path === name) ?? null,
    },
    { sha256: deps.sha256, head },
  );
  if (good && anchored) return;
  const wrong = checks.filter((check) => check.result === 'bad').map((check) => check.text);
  throw invalid(stream, `it does not verify: ${wrong.join('; ')}`);
}

function nameIn(key: string): string {
  return key.split('/').slice(3).join('/');
}

/** Where the files lie together. */
function folderOf(receipts: readonly Receipt[]): string {
  const { location } = receipts[0] ?? { location: '' };
  return location.replace(/[/\\]incident\.json$/, '');
}

function invalid(stream: string, reason: string): HousecallError {
  return new HousecallError('ARCHIVE_INVALID', `archive of incident ${stream}: ${reason}`, {
    context: { incident: stream },
  });
}
