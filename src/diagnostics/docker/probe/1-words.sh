# Looks at a docker daemon and its image store, daemon up or down. Read-only, no temporary files; POSIX sh with
# busybox tools. Arguments: nonce root budget. Names are printed with every byte but printable ASCII, and the
# backslash, as \ooo.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

AWK_ESC='
BEGIN { for (i = 1; i < 256; i++) if (i < 32 || i > 126) OCT[sprintf("%c", i)] = sprintf("\\%03o", i); OCT["\\"] = "\\134" }
function esc(s,  i, c, o) {
  if (s !~ /[^ -~]/ && s !~ /\\/) return s
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); o = o ((c in OCT) ? OCT[c] : c) }
  return o
}'

begin() { printf '@%s begin %s\n' "$N" "$1"; }
end() { printf '@%s end %s %s\n' "$N" "$1" "${2:-0}"; }

# Lines of standard input, each cut to 1,000 bytes and escaped.
escaped() { awk "$AWK_ESC"'{ print esc(substr($0, 1, 1000)) }'; }

# One value, its newlines too.
escape() { printf '%s' "$1" | awk "$AWK_ESC"'{ s = (NR > 1) ? s "\\012" esc($0) : esc($0) } END { print s }'; }

# Hundredths of a second since boot, without a fork.
now() {
  read -r NOW _ </proc/uptime
  NOW=${NOW%.*}${NOW#*.}
  NOW=${NOW#0}
  NOW=${NOW#0}
}

# limited SECONDS COMMAND...: never longer; without a time limit it is not run at all (status 125).
limited() {
  [ "$LIMITS" = yes ] || return 125
  timeout "$@"
}

# Where a path lies, from the table alone: touching a network file system whose server is gone hangs for ever.
# FS: `local|hazard type ro|rw mount-point`, all escaped as the kernel does.
AWK_MOUNT='
function enc(s) { gsub(/\\/, "\\134", s); gsub(/ /, "\\040", s); gsub(/\t/, "\\011", s); return blanks(s) }
# The kernel leaves these as they are, and busybox would end a field there.
function blanks(s) { gsub(/\r/, "\\015", s); gsub(/\v/, "\\013", s); gsub(/\f/, "\\014", s); return s }
function has(list, word) { return index(" " list " ", " " word " ") > 0 }
BEGIN {
  LOCAL = "ext2 ext3 ext4 xfs btrfs f2fs jfs reiserfs reiser4 nilfs2 zfs bcachefs vfat exfat ntfs3 ubifs tmpfs ramfs rootfs overlay aufs squashfs erofs"
  path = enc(ENVIRON["HC_PATH"])
}
{ $0 = blanks($0)
  for (s = 7; s <= NF && $s != "-"; s++);
  if ($5 == path || $5 == "/" || index(path, $5 "/") == 1) if (length($5) >= best) {
    best = length($5); o = "," $6 "," $(s + 3) ","
    line = (has(LOCAL, $(s + 1)) ? "local" : "hazard") " " $(s + 1) " " (o ~ /,(ro|emergency_ro|shutdown),/ ? "ro" : "rw") " " $5 } }
END { print line }'
mount_of() { FS=$(HC_PATH=$1 awk "$AWK_MOUNT" /proc/self/mountinfo); }
