/** Time and names, handed in so that decisions stay repeatable. */
export interface Clock {
  now(): Date;
  /** A fresh unguessable id, `[a-z0-9]{16}`. */
  id(): string;
}
