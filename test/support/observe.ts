import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import { textOf } from '../../src/app/demo/read-message.ts';
import { verifyChain } from '../../src/core/audit/chain.ts';
import { emptyCase, reduceCase } from '../../src/core/incident/case.ts';
import type { CaseEvent, EventRecord } from '../../src/core/incident/event.ts';
import { evidenceDocuments } from '../../src/core/run/evidence-document.ts';
import { verdictLine } from '../../src/core/run/run-document.ts';
import type { SeenChannel, SeenMessage } from '../../src/workspace/control/look.ts';
import type { Installation } from './installation.ts';

export const WAIT = { timeout: 60_000, interval: 50 };

type Of<T extends CaseEvent['type']> = Extract<CaseEvent, { type: T }>;

/** The events of one kind, in order. */
export function eventsOf<T extends CaseEvent['type']>(
  records: readonly EventRecord[],
  type: T,
): Of<T>[] {
  return records.map(({ event }) => event).filter((event): event is Of<T> => event.type === type);
}

/** Waits for an event on record; returns the whole record, whose chain holds. */
export async function untilRecorded(
  site: Installation,
  stream: string,
  type: CaseEvent['type'],
): Promise<readonly EventRecord[]> {
  await vi.waitFor(async () => {
    const records = await site.store.journal.read(stream);
    expect(eventsOf(records, type), `${type} in ${stream}`).not.toEqual([]);
  }, WAIT);
  return await recordOf(site, stream);
}

/** A case's record; its chain holds. */
export async function recordOf(
  site: Installation,
  stream: string,
): Promise<readonly EventRecord[]> {
  const records = await site.store.journal.read(stream);
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  expect(verifyChain(records, sha256)).toMatchObject({ ok: true });
  return records;
}

/** Waits until everything that was committed has been said, and nothing was given up. */
export async function untilAllSaid(site: Installation): Promise<void> {
  await vi.waitFor(async () => {
    expect(await site.store.outbox.depth()).toMatchObject({ rows: 0, rejected: 0 });
  }, WAIT);
}

/** Rooms of incidents, whatever their number. */
export function rooms(site: Installation): readonly SeenChannel[] {
  return site.workspace.control.channels().filter(({ name }) => name.startsWith('inc-'));
}

/** The incident of a room. */
export function streamOf(room: SeenChannel): string {
  return /^inc-(\d+-\d+)-/.exec(room.name)?.[1] ?? '';
}

/** Ids that Housecall's messages of a channel carry, oldest first. */
export function messageIds(site: Installation, channel: string): readonly string[] {
  return ours(site, channel).map(idOf);
}

function ours(site: Installation, channel: string): readonly SeenMessage[] {
  const bot = site.workspace.botUserId;
  // Slack's own lines (joined, topic) are by the bot, too, and carry no id.
  return site.workspace.control
    .messages(channel)
    .filter((message) => message.user === bot && message.metadata !== undefined);
}

function idOf(message: SeenMessage): string {
  const payload = message.metadata?.['event_payload'];
  if (typeof payload !== 'object' || payload === null || !('id' in payload)) {
    throw new Error(`a message without an id: ${textOf(message)}`);
  }
  return String(payload.id);
}

/** No message was said twice, and each after those committed before it. */
export function expectOnceInOrder(site: Installation, channel: string): void {
  const ids = messageIds(site, channel);
  expect(new Set(ids).size, `ids in ${channel}: ${ids.join(' ')}`).toBe(ids.length);
  // `<case>/<sequence number>/<row of the case>`, and parts of long messages.
  const rows = ids.filter((id) => !id.startsWith('part:')).map((id) => id.split('/'));
  for (const stream of new Set(rows.map(([name]) => name))) {
    const own = rows.filter(([name]) => name === stream).map((parts) => Number(parts[2]));
    expect(own).toEqual(own.toSorted((a, b) => a - b));
  }
}

/** The run is finished once on record, its verdict is said once, and each host's evidence once. */
export async function expectReportedOnce(
  site: Installation,
  about: { readonly stream: string; readonly run: string; readonly channel: string },
): Promise<void> {
  const { stream, run: id, channel } = about;
  const records = await recordOf(site, stream);
  expect(eventsOf(records, 'run.finished').filter(({ run }) => run === id)).toHaveLength(1);
  const run = records.reduce(reduceCase, emptyCase(stream)).runs.get(id);
  if (run?.finished === null || run?.finished === undefined) throw new Error(`${id}: not finished`);
  const { reports, status } = run.finished;
  expect(reports.map(({ host }) => host).toSorted()).toEqual(run.hosts.toSorted());
  const said = ours(site, channel).map(({ text }) => text);
  const answers = [
    verdictLine(run, reports, status),
    ...evidenceDocuments(reports).map(({ summary }) => summary),
  ];
  for (const answer of answers) {
    const times = said.filter((text) => text.includes(answer)).length;
    expect(times, `"${answer}" among\n${said.join('\n')}`).toBe(1);
  }
  expect(said.filter((text) => text.includes('looking…'))).toEqual([]);
  expectOnceInOrder(site, channel);
}

/** Command lines of this machine, which is also the host. */
export function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      } catch {
        return '';
      }
    });
}
