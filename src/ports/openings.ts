/** How many incidents alerts have opened lately, counted over all processes. */
export interface Openings {
  /** Counts this opening; answers how many there were within the window before `at`, itself included. The same id counts once. */
  note(id: string, at: Date, windowSeconds: number): Promise<number>;
}
