import type { Alert } from '../core/alert.ts';

export interface WebhookRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Exactly the bytes received: signatures are over these. */
  readonly rawBody: string;
  /** For signatures with a time stamp. */
  readonly now: Date;
}

/** Turns one vendor's webhook into alerts. Everything here is pure. */
export interface AlertSource {
  /** Path segment: `POST /alerts/<id>`. */
  readonly id: string;
  readonly title: string;
  /** `WWW-Authenticate` of a 401 (RFC 9110 section 11.6.1): how this sender proves who it is. */
  readonly challenge: string;
  /** Constant time; any of the secrets will do (rotation). */
  authentic(request: WebhookRequest, secrets: readonly string[]): boolean;
  /**
   * Throws DELIVERY_INVALID with a plain reason. Unknown actions become notes, never errors. No alert
   * is twice in the answer. `receivedAt` is for senders that may say no time.
   */
  decode(rawBody: string, receivedAt?: Date): readonly Alert[];
  /**
   * The same for two deliveries of the same thing; from the raw text, so that big numbers keep their
   * digits. `receivedAt` parts equal bodies of a sender that says no time: they may be two events.
   */
  deliveryKey(rawBody: string, receivedAt?: Date): string;
  /**
   * A delivery of the same key is a copy only so soon after the first: for senders whose bodies do not
   * tell a copy from an alert that came back unchanged. Absent: always.
   */
  readonly copiesWithinSeconds?: number;
}
