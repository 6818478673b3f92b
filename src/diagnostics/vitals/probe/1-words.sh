# The first minute on a host. Read-only, no temporary files, no root; POSIX sh with busybox tools. Argument: nonce
# Never reads cmdline, environ or maps of processes: with one stuck process in memory management they hang (ps does).
# Text of a host is printed with every byte but printable ASCII, and the backslash, as \ooo.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

AWK_ESC='
BEGIN { for (i = 1; i < 256; i++) if (i < 32 || i > 126 || i == 92) OCT[sprintf("%c", i)] = sprintf("\\%03o", i) }
function esc(s,  i, c, o) {
  if (s !~ /[^ -~]/ && s !~ /\\/) return s
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); o = o ((c in OCT) ? OCT[c] : c) }
  return o
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

# A command that may block gets its seconds; without `timeout` it is not run at all.
within() { [ -n "$TIMEOUT" ] && timeout "$@" 2>/dev/null; }

# Lines of standard input behind a word, escaped.
told() { awk -v word="$1" "$AWK_ESC"'{ print word " " esc($0) }'; }
