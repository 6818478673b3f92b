import type { ArchiveSinkModule } from './contract.ts';
import { filesystem } from './filesystem/index.ts';
import { s3 } from './s3/index.ts';

/** Every archive sink, by configuration key. */
export const archiveSinks: readonly ArchiveSinkModule[] = [filesystem, s3];
