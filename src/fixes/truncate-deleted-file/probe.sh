# NONCE PID FD INODE SAVE_DIRECTORY RUN_DIRECTORY
# Runs after the functions of core/approval/claim.ts and host-directory.ts. Read-only.
# shellcheck disable=SC2046 # words are split on purpose
section() {
  printf '@%s begin %s\n' "$nonce" "$1"
  "$@"
  status=$?
  printf '\n@%s end %s %s\n' "$nonce" "$1" "$status"
}
host() { printf '%s %s' "$(cat /proc/sys/kernel/random/boot_id)" "$(id -u)"; }
process() {
  [ -d "/proc/$pid" ] || return 1
  stat=$(cat "/proc/$pid/stat") || return 2
  set -- ${stat##*) }
  printf '%s' "${20}"
}
comm() { tr -cd ' -~' <"/proc/$pid/comm"; }
cgroup() { tr -cd ' -~\n' <"/proc/$pid/cgroup" | grep -Eo '[0-9a-f]{64}' | head -n 1; }
descriptor() {
  [ -L "$path" ] || { ls "/proc/$pid/fd" >/dev/null 2>&1 && return 1; return 2; }
  stat -Lc '%d %i %h %f %s %b' "$path" || return 2
}
flags() { sed -n 's/^flags:[^0-9]*//p' "/proc/$pid/fdinfo/$fd"; }
target() { readlink "$path"; }
filesystem() { stat -f -c '%t %S %b %f %c' "$path"; }
mapped() {
  # Any process: truncating a file that is mapped kills whoever touches it (SIGBUS).
  set +f
  grep -Els "^[^ ]+ [^ ]+ [^ ]+ [^ ]+ $inode .*\(deleted\)$" /proc/[0-9]*/maps | head -n 3
  set -f
}
sample() {
  # How well it packs: eight pieces of 256 KiB, spread over the file.
  size=$(stat -Lc %s "$path") || return 2
  blocks=$((size / 262144))
  step=$((blocks / 8)); [ "$step" -gt 0 ] || step=1
  at=0; read=0
  packed=$(
    while [ "$at" -le "$blocks" ] && [ "$at" -lt $((step * 8)) ]; do
      dd if="$path" bs=262144 skip="$at" count=1 2>/dev/null
      at=$((at + step))
    done | gzip -1 | wc -c
  )
  while [ "$at" -le "$blocks" ] && [ "$at" -lt $((step * 8)) ]; do
    part=$((size - at * 262144)); [ "$part" -le 262144 ] || part=262144
    read=$((read + part)); at=$((at + step))
  done
  printf '%s %s' "$read" "$((packed))"
}
save() { directory "$saving"; }
run() { directory "$running"; }
tools() { command -v gzip >/dev/null && printf gzip; }
main() {
  nonce=$1; pid=$2; fd=$3; inode=$4; saving=$5; running=$6; path=/proc/$pid/fd/$fd
  for name in host process comm cgroup descriptor flags target filesystem mapped save run tools sample; do
    section "$name" 2>/dev/null
  done
}
main "$@" </dev/null
