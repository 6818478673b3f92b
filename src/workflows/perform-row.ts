import type { ChatOperation, Lane } from '../core/chat-operation.ts';
import { HousecallError } from '../core/errors.ts';
import type { AlertApi } from '../ports/alert-api.ts';
import type { Chat } from '../ports/chat.ts';
import type { Mailer } from '../ports/mailer.ts';
import type { LeasedRow, MessageRef, Outbox } from '../ports/outbox.ts';
import { openRoom } from './open-room.ts';
import type { TransactDeps } from './transact.ts';

export interface PerformRowDeps extends TransactDeps {
  readonly outbox: Pick<Outbox, 'ref'>;
  readonly chat: Chat;
  readonly announceChannel: string;
  /** Absent: no e-mail is configured, and none is asked for. */
  readonly mailer?: Mailer;
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
  switch (operation.op) {
    case 'room.open':
      return openRoom(deps, row, operation);
    case 'room.topic':
      await chat.setTopic(await channelOf(deps, row.lane), operation.topic);
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
    case 'message.post':
      return post(deps, row, operation);
    case 'message.update':
      if (row.superseded) return undefined;
      await chat.update(await refOf(deps, row.lane, operation.key), operation.document);
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

async function post(
  deps: PerformRowDeps,
  row: LeasedRow,
  operation: Extract<LeasedRow['operation'], { op: 'message.post' }>,
): Promise<MessageRef> {
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
  return earlier ?? deps.chat.post(posting);
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

async function sendMail(
  deps: PerformRowDeps,
  row: LeasedRow,
  { to, users = [], subject, document }: Operation<'mail.send'>,
): Promise<void> {
  if (deps.mailer === undefined) {
    throw new HousecallError('MAIL_REFUSED', `e-mail "${subject}": email.smtpUrl is not set`);
  }
  const known = await Promise.all(users.map((user) => deps.chat.person(user)));
  const addresses = [...new Set([...to, ...known.flatMap(({ email }) => email ?? [])])];
  // Nobody of them has an address that Housecall may see: they are told in the chat.
  if (addresses.length === 0) return;
  await deps.mailer.send({ id: row.id, to: addresses, subject, document, thread: row.stream });
}

async function tellSource(
  deps: PerformRowDeps,
  row: LeasedRow,
  { what, fingerprint, note }: Operation<'source.tell'>,
): Promise<void> {
  const api = deps.alertApi?.(row.lane.slice('source:'.length));
  await api?.tell?.(what, { fingerprint, note });
}
