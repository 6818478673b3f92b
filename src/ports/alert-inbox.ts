import type { Alert } from '../core/alert.ts';

/** One webhook delivery, as received. */
export interface Delivery {
  readonly id: string;
  readonly source: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** The raw body; it was authentic and decodable when it was stored. */
  readonly body: string;
  /** Nobody sent it: Housecall asked the source, and `body` is JSON of the alerts as they are decoded. */
  readonly asked?: true;
}

/** Word of an acknowledgement that came before any word of its alert. */
export interface EarlyAck {
  readonly alert: Alert;
  /** Id of the delivery that said it. */
  readonly delivery: string;
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** Deliveries on disk before the sender hears 2xx. */
export interface AlertInbox {
  /**
   * Stores the delivery and queues its routing, atomically. The same `key` again within the retention
   * time, or within `copiesWithinSeconds` after the first, changes nothing: `duplicate`. Throws
   * STORE_UNAVAILABLE.
   */
  receive(
    delivery: Delivery,
    key: string,
    copiesWithinSeconds?: number,
  ): Promise<'stored' | 'duplicate'>;
  read(id: string): Promise<Delivery | null>;
  /** Remembers for a quarter of an hour that this episode of an alert is over, although nobody had heard of its beginning. */
  markOver(episode: string): Promise<void>;
  isOver(episode: string): Promise<boolean>;
  /** Keeps it for a quarter of an hour for this episode of an alert, instead of one kept before; null: none any more. */
  keepAck(episode: string, ack: EarlyAck | null): Promise<void>;
  earlyAck(episode: string): Promise<EarlyAck | null>;
  /** Remembers for 90 days that this list of a source held an alert of ours. */
  markListed(list: string): Promise<void>;
  hasListed(list: string): Promise<boolean>;
}
