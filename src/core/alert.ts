/** Prometheus words, since every other vendor's alert maps onto them. */
export interface Alert {
  /** Source id: `opsgenie`, `alertmanager` … */
  readonly source: string;
  /** Identity of the alert at its source; the same alert again has the same one. */
  readonly fingerprint: string;
  /** What the delivery says happened. `note` touches nothing but the timeline. */
  readonly action: 'firing' | 'resolved' | 'acknowledged' | 'unacknowledged' | 'note';
  readonly title: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Names that may be hosts, best hint first: matched against the inventory, never connected to. */
  readonly hostHints: readonly string[];
  /** ISO 8601. */
  readonly startsAt: string;
  /**
   * Of `firing`: its source ends one beginning once and for all. After the end, word of that beginning is late,
   * whenever it comes.
   */
  readonly endsOnce?: true;
  /** Who did it at the source, for ack and close. */
  readonly actor?: string;
  /** How Housecall came to know it, when no webhook said it: `found by asking opsgenie`. */
  readonly found?: string;
  /** Link back to the alert at its source. */
  readonly url?: string;
}
