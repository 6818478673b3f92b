/** What is remembered of a closed incident. */
export interface PastIncident {
  readonly id: string;
  readonly title: string;
  readonly openedAt: string;
  readonly closedAt: string;
  /** Canonical JSON of its route's `match`, or null. */
  readonly route: string | null;
  /** Values of the label `alertname`. */
  readonly alertNames: readonly string[];
  /** Names of its alerts and their groups: what fires again soon goes on where it was. */
  readonly claims: readonly string[];
  readonly hosts: readonly string[];
  /** Groups of its hosts. */
  readonly groups: readonly string[];
  /** Codes of its findings that were warnings or worse. */
  readonly codes: readonly string[];
  /** Fixes that were verified. */
  readonly fixes: readonly string[];
  readonly reason: string;
  /** Where its archive lies. */
  readonly archive: string;
  readonly channel: string | null;
}
