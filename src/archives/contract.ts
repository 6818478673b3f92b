import type { z } from 'zod';

export interface ArchiveRecord {
  /** Relative path with `/`: `2026/11/20261120-7/incident.json`. */
  readonly key: string;
  readonly mediaType: string;
  readonly body: Uint8Array;
}

export interface Receipt {
  /** Where a person finds it: a path or URL. */
  readonly location: string;
  /** Lower-case hex, of the stored bytes. */
  readonly sha256: string;
}

/** A place archives are kept. Jobs run at least once, so `put` is idempotent per key. */
export interface ArchiveSink {
  /** Resolves when the sink could be written to now; else throws with a reason. */
  probe(): Promise<void>;
  put(record: ArchiveRecord): Promise<Receipt>;
  /** Reads back; null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

export interface ArchiveSinkModule {
  readonly id: string;
  readonly title: string;
  readonly options: z.ZodType;
  open(options: unknown): Promise<ArchiveSink>;
}

export function defineArchiveSink<Schema extends z.ZodType>(spec: {
  id: string;
  title: string;
  options: Schema;
  open(options: z.output<Schema>): Promise<ArchiveSink>;
}): ArchiveSinkModule {
  return {
    id: spec.id,
    title: spec.title,
    options: spec.options,
    open: (options) => spec.open(spec.options.parse(options)),
  };
}
