// One line per fix, in alphabetical order: a new one is its folder and its line here.
export { logrotateCopytruncate } from './logrotate-copytruncate/index.ts';
export { quarantineImage } from './quarantine-image/index.ts';
export { restartUnit } from './restart-unit/index.ts';
export { reuseTimeWait } from './reuse-time-wait/index.ts';
export { setAsideDirectory } from './set-aside-directory/index.ts';
export { truncateDeletedFile } from './truncate-deleted-file/index.ts';
export { truncateLog } from './truncate-log/index.ts';
