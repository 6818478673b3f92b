import type { ChatOperation, Lane } from '../../core/chat-operation.ts';
import { HousecallError } from '../../core/errors.ts';
import { isHeard } from '../../core/escalation/ladder.ts';
import type { AlertApi } from '../../ports/alert-api.ts';
import type { Chat } from '../../ports/chat.ts';
import type { LeasedRow, MessageRef, Outbox } from '../../ports/outbox.ts';
import { type SendMailDeps, sendMail } from '../paging/send-mail.ts';
import { readCase } from '../record/transact.ts';
import { fillCanvas } from '../room/fill-canvas.ts';
import { openRoom } from '../room/open-room.ts';

export interface PerformRowDeps extends SendMailDeps {
  readonly outbox: Pick<Outbox, 'ref'>;
  readonly chat: Chat;
  /** By source id; absent: nothing can be told there. */
  readonly alertApi?: (source: string) => AlertApi | undefined;
}

type Operation<Op extends ChatOperation['op']> = Extract<ChatOperation, { op: Op }>;

/** Does what one row says. @throws HousecallError of the port it goes to. */
export async function performRow(
  deps: PerformRowDeps,
  row: LeasedRow,
): Promise<MessageRef | undefined> {
  const { chat } = deps;
  const { operation } = row;
  if (operation.op !== 'message.post' && (await comesTooLate(deps, row))) return undefined;
  switch (operation.op) {
    case 'room.open':
      return openRoom(deps, row, operation);
    case 'room.topic':
      if (!(await isAdopted(deps, row))) {
        await chat.setTopic(await channelOf(deps, row.lane), operation.topic);
      }
      return undefined;
    case 'room.purpose':
      await chat.setPurpose(await channelOf(deps, row.lane), operation.purpose);
      return undefined;
    case 'room.invite':
      await chat.invite(await channelOf(deps, row.lane), operation.people);
      return undefined;
    case 'room.bookmark':
      await chat.bookmark(await channelOf(deps, row.lane), operation.title, operation.url);
      return undefined;
    case 'room.archive':
      await chat.archive(await channelOf(deps, row.lane));
      return undefined;
    case 'room.canvas':
      return fillCanvas(deps, row, operation);
    case 'message.post':
      return post(deps, row, operation);
    case 'message.update':
      await update(deps, row, operation);
      return undefined;
    case 'message.pin':
      await chat.pin(await refOf(deps, row.lane, operation.key));
      return undefined;
    case 'form.update':
      await chat.updateForm(row.lane.slice('form:'.length), operation.form);
      return undefined;
    case 'chart.post':
      return postChart(deps, row, operation);
    case 'mail.send':
      await sendMail(deps, row, operation);
      return undefined;
    case 'source.tell':
      await tellSource(deps, row, operation);
      return undefined;
  }
}

/** What stands over a channel that was there before is its people's. */
async function isAdopted({ journal }: PerformRowDeps, { stream }: LeasedRow): Promise<boolean> {
  return (await readCase(journal, stream)).incident?.room?.adopted === true;
}

async function post(
  deps: PerformRowDeps,
  row: LeasedRow,
  operation: Extract<LeasedRow['operation'], { op: 'message.post' }>,
): Promise<MessageRef | undefined> {
  const channel = await channelOf(deps, row.lane);
  const thread =
    operation.thread === undefined ? null : await refOf(deps, row.lane, operation.thread);
  const posting = {
    channel,
    ...(thread === null ? {} : { thread: thread.ts }),
    id: row.id,
    document: operation.document,
  };
  const earlier = row.uncertain ? await deps.chat.find(posting) : null;
  if (earlier === null && (await comesTooLate(deps, row))) return undefined;
  return earlier ?? deps.chat.post(posting);
}

async function update(
  deps: PerformRowDeps,
  { lane, superseded }: LeasedRow,
  { key, document, ifPosted = false }: Operation<'message.update'>,
): Promise<void> {
  if (superseded) return;
  if (ifPosted && (await deps.outbox.ref(lane, key)) === null) return;
  await deps.chat.update(await refOf(deps, lane, key), document);
}

/** It would call people although somebody has acknowledged since it was written. */
async function comesTooLate(deps: PerformRowDeps, { operation, stream }: LeasedRow) {
  if (!('untilHeard' in operation) || !operation.untilHeard) return false;
  const { incident } = await readCase(deps.journal, stream);
  return incident === null || isHeard(incident);
}

async function channelOf(deps: PerformRowDeps, lane: Lane): Promise<string> {
  if (lane.startsWith('channel:')) return deps.chat.resolveChannel(lane.slice('channel:'.length));
  return (await refOf(deps, lane, 'room')).channel;
}

async function refOf(deps: PerformRowDeps, lane: Lane, key: string): Promise<MessageRef> {
  const ref = await deps.outbox.ref(lane, key);
  if (ref !== null) return ref;
  if (key !== 'room' && lane.startsWith('room:')) await refOf(deps, lane, 'room');
  throw new HousecallError(
    'CHAT_REFUSED',
    `${lane}: ${key} was never posted, so what depends on it cannot be`,
    { context: { lane, key } },
  );
}

async function postChart(
  deps: PerformRowDeps,
  row: LeasedRow,
  operation: Operation<'chart.post'>,
): Promise<MessageRef> {
  const thread =
    operation.thread === undefined ? null : await refOf(deps, row.lane, operation.thread);
  const place = {
    channel: await channelOf(deps, row.lane),
    ...(thread === null ? {} : { thread: thread.ts }),
    id: row.id,
  };
  const document = { summary: operation.chart.title, blocks: [] };
  const earlier = row.uncertain ? await deps.chat.find({ ...place, document }) : null;
  return earlier ?? deps.chat.postChart({ ...place, chart: operation.chart });
}

async function tellSource(
  deps: PerformRowDeps,
  row: LeasedRow,
  { what, fingerprint, note }: Operation<'source.tell'>,
): Promise<void> {
  const api = deps.alertApi?.(row.lane.slice('source:'.length));
  await api?.tell?.(what, { fingerprint, note });
}
