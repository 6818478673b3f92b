import type { Fix } from './contract.ts';
import { truncateDeletedFile } from './truncate-deleted-file/index.ts';

/** Every fix, by name. Adding one is this line and its folder. */
export const fixes: readonly Fix[] = [truncateDeletedFile];
