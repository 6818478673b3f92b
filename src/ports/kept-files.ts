/** Small copies that fixes took from hosts before they changed something: they belong to the incident. */
export interface KeptFiles {
  /** Durable when it resolves. A name that is there already keeps its first content: a copy is never replaced. */
  put(stream: string, name: string, content: string): Promise<void>;
  /** By name, in alphabetical order. */
  all(stream: string): Promise<ReadonlyMap<string, string>>;
}
