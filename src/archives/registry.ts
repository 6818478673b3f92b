import type { ArchiveSinkModule } from './contract.ts';

/** Every archive sink, by configuration key. */
export const archiveSinks: readonly ArchiveSinkModule[] = [];
