const LOG =
  /(^|[^a-z])(log|logs|logfile|syslog|messages|stdout|stderr|nohup|catalina|trace|audit|access|journal)([^a-z]|$)|\.(out|err)([.-]|$)|log([.-]|$)/i;

/** Named like a log, but data: redo and write-ahead logs, segments of databases and brokers. */
const DATA =
  /ib_?log|binlog|[a-z]+-bin\.|relay|redo|undo|(^|\/)pg_|wal(\/|\.|-|$)|xlog|commitlog|changelog|oplog|translog|raft|journal\/j\._|(^|\/)\d{6,}\.log|\d{20}\.(log|index)|\.deleted$|(^|\/)#sql|\.(db|sqlite3?|ldb|sst|mdb|ibd|frm|myd|myi|rdb|aof|journal|lock)([.-]|$)/i;

/** Whether a file is a text log by its name: one that nothing reads back, so that it may be emptied. */
export function looksLikeLog(path: string): boolean {
  return LOG.test(path) && !DATA.test(path);
}

/** Whether its name is one of data that only sounds like a log. */
export function looksLikeData(path: string): boolean {
  return DATA.test(path);
}
