# Looks at what fills the logs of a host. Read-only, no temporary files, no root, no lsof; POSIX sh with
# busybox tools. Arguments: nonce path container unit maxReadMiB
# Names are printed with every byte but printable ASCII, and the backslash, as \ooo; lines of logs likewise, but
# bytes above 127 as they are.
# shellcheck disable=SC2086,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk: esc() for lines of text, name() for names.
AWK_ESC='
BEGIN {
  for (i = 1; i < 256; i++) { c = sprintf("%c", i); if (i < 33 || i > 126 || i == 92) ODD[c] = sprintf("\\%03o", i)
    if (i < 32 || i == 127 || i == 92) OCT[c] = sprintf("\\%03o", i) }
}
function esc(s,  i, c, o) {
  if (s !~ /[\001-\037\177\\]/) return s
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); o = o ((c in OCT) ? OCT[c] : c) }
  return o
}
function name(s,  i, c, o) {
  if (s !~ /[^!-~]|\\/) return s
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); o = o ((c in ODD) ? ODD[c] : c) }
  return o
}'

# awk: which names are logs, and which of those are data that something reads back, or cannot be read as text.
AWK_LOGS='
function islog(path,  p) {
  p = tolower(path)
  if (p !~ /(^|[^a-z])(log|logs|logfile|syslog|messages|stdout|stderr|nohup|catalina|trace|audit|access)([^a-z]|$)|\.(out|err)([.-]|$)|log([.-]|$)/) return 0
  if (p ~ /ib_?log|binlog|[a-z]+-bin\.|relay|redo|undo|(^|\/)pg_|wal(\/|\.|-|$)|xlog|commitlog|changelog|oplog|translog|raft|(^|\/)[0-9][0-9][0-9][0-9][0-9][0-9]+\.log|\.deleted$|(^|\/)#sql/) return 0
  return p !~ /\.(db|sqlite3?|ldb|sst|mdb|ibd|frm|myd|myi|rdb|aof|journal|lock|pos|pid|index)([.~-]|$)/
}
function istext(path) {
  return path !~ /\.(gz|xz|bz2|zst|lz4|lzma|Z|zip|tgz|journal)(~|$|\.)/ && path !~ /\/(wtmp|btmp|lastlog|faillog|tallylog)([.-]|$)/
}'

begin() { printf '@%s begin %s\n' "$N" "$1"; }
end() { printf '@%s end %s %s\n' "$N" "$1" "${2:-0}"; }

# Hundredths of a second since boot, without a fork.
now() {
  read -r NOW _ </proc/uptime
  NOW=${NOW%.*}${NOW#*.}
  NOW=${NOW#0}
  NOW=${NOW#0}
}

# \ooo -> RAW
decode() {
  RAW=$1
  case $1 in *\\*)
    RAW=$(printf '%s' "$1" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')
    RAW=$(printf '%bx' "$RAW")
    RAW=${RAW%x}
    ;;
  esac
}

# NUL-separated raw bytes on standard input -> escaped lines
escape_stream() {
  od -b -v | awk 'BEGIN { for (i = 32; i < 127; i++) if (i != 92) CH[sprintf("%03o", i)] = sprintf("%c", i) }
    { for (i = 2; i <= NF; i++) if ($i == "000") printf "\n"; else printf "%s", ($i in CH) ? CH[$i] : "\\" $i }'
}
