# NONCE PATH SAVE_DIRECTORY RUN_DIRECTORY
# Runs after the functions of core/approval/claim.ts, host-directory.ts and look.sh. Read-only.
# shellcheck disable=SC2046,SC2086,SC2154 # words are split on purpose; some are set in look.sh
section() {
  printf '@%s begin %s\n' "$nonce" "$1"
  "$@"
  status=$?
  printf '\n@%s end %s %s\n' "$nonce" "$1" "$status"
}
host() { printf '%s %s' "$(cat /proc/sys/kernel/random/boot_id)" "$(id -u)"; }
place() {
  reach "$path"
  if [ -n "$why" ]; then printf '%s' "$why"; return; fi
  pin; pinned=$?
  if [ -z "$facts" ]; then printf denied; else printf 'here %s' "$access"; fi
}
file() { [ -n "$facts" ] && stat -c '%d %i %h %f %u %s %b' "./$name" && stat -c '%u %a' .; }
filesystem() { [ "$pinned" = 0 ] && stat -f -c '%t %S %b %f %c' .; }
start() {
  [ "$pinned" = 0 ] || return 1
  size=$(stat -Lc %s /proc/self/fd/8); first_byte "$size"
  head_sum "$first"
  printf ' %s' $(piece "$first" 32 | od -An -v -tx1)
}
# Whether it is text: 16 pieces of 64 KiB; how many bytes, NULs and other control characters are in them.
pieces() {
  from=$((first / 65536)); blocks=$((size / 65536 + 1 - from)); step=$(((blocks + 15) / 16))
  piece "$first" $((65536 - first % 65536))
  at=$((from + 1))
  while [ "$at" -lt $((from + blocks)) ]; do
    dd if=/proc/self/fd/8 bs=65536 skip="$at" count=1 2>/dev/null
    at=$((at + step))
  done
}
text() {
  [ "$pinned" = 0 ] || return 1
  printf '%s %s %s' $(pieces | wc -c) $(pieces | tr -dc '\000' | wc -c) $(pieces | tr -dc '\001-\006\016-\032\034-\037\177' | wc -c)
}
# `writer PID FLAGS CONTAINER NAME` for the first eight, `denied COUNT`, then the way they write.
writers() {
  set -- $facts; [ $# = 5 ] || return 1
  writers_of "$1" "$2" | while read -r word pid flags; do
    [ "$word" = writer ] || { echo "$word $pid"; continue; }
    [ $((told = ${told:-0} + 1)) -le 8 ] || continue
    container=$(tr -cd ' -~\n' <"/proc/$pid/cgroup" | grep -Eo '[0-9a-f]{64}' | head -n 1)
    printf 'writer %s %s %s %s\n' "$pid" "$flags" "${container:--}" "$(tr -cd ' -~' <"/proc/$pid/comm")"
  done
}
mapped() { set -- $facts; [ $# = 5 ] && mapped_by "$(hexadecimal "$1")" "$2"; }
save() { directory "$saving"; }
run() { directory "$running"; }
main() {
  nonce=$1; path=$2; saving=$3; running=$4; facts=''; pinned=1
  for part in host place file filesystem start text writers mapped save run; do
    section "$part" 2>/dev/null
  done
}
main "$@" </dev/null
