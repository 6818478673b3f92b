import type { Document } from '../core/document/document.ts';

export interface Mail {
  /** Stable name of this mail: becomes its Message-ID, so that a copy sent twice is shown once. */
  readonly id: string;
  /** Addresses; every one gets the mail without seeing the others. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly document: Document;
  /** Mails of one incident form a thread. */
  readonly thread: string;
}

export interface MailReceipt {
  /** Who does not get it, with the server's reason; the others do. */
  readonly refused: readonly { readonly address: string; readonly reason: string }[];
}

/**
 * E-mail. Errors: MAIL_REFUSED (the server said no for good: not sent), MAIL_UNAVAILABLE (it may have
 * been sent).
 */
export interface Mailer {
  /** @throws HousecallError MAIL_REFUSED when nobody's address was taken; naming those that were not. */
  send(mail: Mail): Promise<MailReceipt>;
  /** Resolves when the server takes our login; else throws with a reason. */
  check(): Promise<void>;
  close(): Promise<void>;
}
