import type { ChatOperation } from '../../core/chat-operation.ts';
import { mentionedIn, namedDocument } from '../../core/document/named-document.ts';
import { HousecallError } from '../../core/errors.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { ChatPerson } from '../../ports/chat.ts';
import type { Mailer, MailReceipt } from '../../ports/mailer.ts';
import type { LeasedRow } from '../../ports/outbox.ts';
import { failureRows } from '../outbox/failure-rows.ts';
import { type TransactDeps, transact } from '../record/transact.ts';
import type { AddressBook } from './address-book.ts';

export interface SendMailDeps extends TransactDeps {
  readonly book: Pick<AddressBook, 'person'>;
  readonly announceChannel: string;
  /** Absent: no e-mail is configured, and none is asked for. */
  readonly mailer?: Mailer;
}

/** More people than a sentence names. */
const MAX_NAMED = 20;

/** Sends one mail; addresses that the server does not take are named in the room. */
export async function sendMail(
  deps: SendMailDeps,
  row: LeasedRow,
  operation: Extract<ChatOperation, { op: 'mail.send' }>,
): Promise<void> {
  const { to, users = [], subject, document } = operation;
  if (deps.mailer === undefined) {
    throw new HousecallError('MAIL_REFUSED', `e-mail "${subject}": email.smtpUrl is not set`);
  }
  const people = await Promise.all(users.map((user) => lookUp(deps, row, user)));
  const addresses = [...new Set([...to, ...people.flatMap((person) => person?.email ?? [])])];
  // Nobody of them has an address that Housecall may see: they are told in the chat.
  if (addresses.length === 0) return;
  const names = new Map<string, string>();
  for (const user of mentionedIn(document).slice(0, MAX_NAMED)) {
    names.set(user, (await lookUp(deps, row, user))?.name ?? user);
  }
  const receipt = await deps.mailer.send({
    id: row.id,
    to: addresses,
    subject,
    document: namedDocument(document, (user) => names.get(user) ?? user),
    thread: row.stream,
  });
  if (receipt.refused.length > 0) await tellRefused(deps, row, { subject, receipt });
}

/** So often the chat is asked again for somebody's address before the others get the mail without them. */
const TRIES = 3;

/** Null: the chat knows nobody of that id, or does not say. */
async function lookUp(
  { book }: SendMailDeps,
  { attempts }: LeasedRow,
  user: string,
): Promise<ChatPerson | null> {
  try {
    return await book.person(user);
  } catch (error) {
    const passes = error instanceof HousecallError && error.retryable;
    if (passes && attempts + 1 < TRIES) throw error;
    return null;
  }
}

async function tellRefused(
  deps: SendMailDeps,
  row: LeasedRow,
  { subject, receipt }: { readonly subject: string; readonly receipt: MailReceipt },
): Promise<void> {
  const refused = receipt.refused.map(({ address, reason }) => `${address} (${reason})`);
  const shown = refused.slice(0, 5).join(', ');
  const more = refused.length > 5 ? ` and ${refused.length - 5} more` : '';
  const reason = `e-mail "${subject}": not taken for ${shown}${more}; the others have it`;
  await transact(deps, { stream: row.stream, actor: HOUSECALL }, (state) => ({
    events: [{ type: 'chat.failed', operation: row.operation.op, reason }],
    chat: failureRows(deps.announceChannel, state, { row, reason }),
  }));
}
