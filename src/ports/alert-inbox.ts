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
}
