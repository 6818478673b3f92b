// One line per fix, in alphabetical order: a new one is its folder and its line here.
export { truncateDeletedFile } from './truncate-deleted-file/index.ts';
export { truncateLog } from './truncate-log/index.ts';
