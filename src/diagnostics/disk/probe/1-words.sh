# Looks at the file systems of a host. Read-only, no temporary files (the disk may be full), no root,
# no lsof; POSIX sh with busybox tools. Arguments: nonce mount warn critical budget sample
# Names are printed with every byte but printable ASCII, and the backslash, as \ooo.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk: s with its odd bytes as \ooo. esc() for raw text, esc2() for text whose backslashes are escapes already.
AWK_ESC='
BEGIN { for (i = 1; i < 256; i++) if (i < 32 || i > 126) OCT[sprintf("%c", i)] = sprintf("\\%03o", i) }
function esc2(s,  i, c, o) {
  if (s !~ /[^ -~]/) return s
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); o = o ((c in OCT) ? OCT[c] : c) }
  return o
}
function esc(s,  i, c, o) {
  if (s ~ /\\/) { for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); o = o ((c == "\\") ? "\\134" : c) } s = o }
  return esc2(s)
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

# mountinfo escapes -> RAW
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
