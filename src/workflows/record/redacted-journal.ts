import type { ChatRow } from '../../core/chat-operation.ts';
import type { Block, Document } from '../../core/document/document.ts';
import type { CaseEvent } from '../../core/incident/event.ts';
import { type Redact, redactDeep } from '../../core/redaction/redactor.ts';
import type { Journal } from '../../ports/journal.ts';

/**
 * A journal that keeps no secret: what a commit records and says is redacted before it is hashed,
 * stored and sent, whoever wrote it. Left as it is: what is acted upon later and was approved by its
 * digest (plans, parameters), and ids, which are looked up again.
 */
export function redactedJournal(journal: Journal, redact: Redact): Journal {
  return {
    ...journal,
    commit: (commit) =>
      journal.commit({
        ...commit,
        events: commit.events.map((event) => redactEvent(event, redact)),
        ...(commit.chat === undefined
          ? {}
          : { chat: commit.chat.map((row) => redactRow(row, redact)) }),
      }),
  };
}

/** Acted upon later: parameters that run, and what people approve by its digest. */
const VERBATIM: ReadonlySet<CaseEvent['type']> = new Set([
  'run.started',
  'fix.reviewed',
  'fix.planned',
  'fix.requested',
  'fix.approved',
]);

function redactEvent(event: CaseEvent, redact: Redact): CaseEvent {
  if (VERBATIM.has(event.type)) return event;
  if (event.type !== 'alert.received') return redactDeep(event, redact);
  const { fingerprint } = event.alert;
  return { ...event, alert: { ...redactDeep(event.alert, redact), fingerprint } };
}

function redactRow(row: ChatRow, redact: Redact): ChatRow {
  const { operation } = row;
  switch (operation.op) {
    case 'message.post':
    case 'message.update':
    case 'room.canvas':
      return {
        ...row,
        operation: { ...operation, document: redactDocument(operation.document, redact) },
      };
    case 'mail.send':
      return {
        ...row,
        operation: {
          ...operation,
          subject: redact(operation.subject),
          document: redactDocument(operation.document, redact),
        },
      };
    case 'source.tell':
      return { ...row, operation: { ...operation, note: redact(operation.note) } };
    case 'chart.post':
    case 'room.topic':
    case 'room.purpose':
    case 'room.bookmark':
      return { ...row, operation: redactDeep(operation, redact) };
    case 'room.open':
    case 'room.invite':
    case 'room.archive':
    case 'message.pin':
    case 'form.update':
      return row;
  }
}

function redactDocument(document: Document, redact: Redact): Document {
  return {
    ...document,
    summary: redact(document.summary),
    // What a click sends is ids and digests: changed, it would be refused.
    blocks: document.blocks.map(
      (block): Block => (block.kind === 'actions' ? block : redactDeep(block, redact)),
    ),
  };
}
