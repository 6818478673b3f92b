# save|truncate BASE FIX PID FD START BOOT DEVICE INODE COPY
# Runs after the functions of core/approval/claim.ts. COPY is a file name within BASE; empty: nothing is saved.
# shellcheck disable=SC2046,SC2154,SC2034 # words are split on purpose; mark and result belong to claim.ts
# The approved process must still be the one at this pid.
same_process() {
  [ "$(cat /proc/sys/kernel/random/boot_id)" = "$boot" ] || stop 65 "the host was started again since"
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || stop 65 "process $pid is gone"
  # The command name is in parentheses and may hold blanks and parentheses itself: fields count from its end.
  now=$(set -- ${stat##*) }; echo "${20}")
  [ "$now" = "$start" ] || stop 65 "process $pid is another one now"
}
# What is behind PATH must still be the approved file, deleted and on its own.
same_file() {
  facts=$(stat -Lc '%d %i %h %f' "$1" 2>/dev/null) || stop 65 "descriptor $fd of process $pid cannot be looked at"
  (
    set -- $facts
    major=$((($1 >> 8 & 0xfff) | ($1 >> 32 & ~0xfff))); minor=$((($1 & 0xff) | ($1 >> 12 & ~0xff)))
    [ "$major:$minor $2" = "$device $inode" ] || stop 65 "descriptor $fd is another file now ($major:$minor inode $2)"
    [ "$3" = 0 ] || stop 65 "the file has a name again ($3 links): this is living data"
    [ $((0x$4 & 0xf000)) = $((0x8000)) ] || stop 65 "descriptor $fd is no regular file"
  ) || exit $?
  ! grep -Eqs "^[^ ]+ [^ ]+ [^ ]+ [^ ]+ $inode .*\(deleted\)$" "/proc/$pid/maps" ||
    stop 65 "process $pid has mapped a deleted file of this inode: truncating would kill it"
}
number() { case $1 in '' | *[!0-9]*) stop 74 "$2 is no number: $1" ;; esac; }
# Bytes that may be written here, with a margin kept free for everybody else.
room() {
  (
    set -- $(stat -f -c '%S %b %a' .)
    margin=$(($1 * $2 / 20))
    [ "$margin" -le 1073741824 ] || margin=1073741824
    [ "$margin" -ge 16777216 ] || margin=16777216
    echo $(($1 * $3 - margin))
  )
}
# Not every busybox has nice.
gently() { if command -v nice >/dev/null; then nice "$@"; else "$@"; fi; }
# SOURCE SKIP BYTES TARGET: compressed copy of BYTES after SKIP, never over another file, proved by reading it back.
copy_part() {
  limit=$(room)
  [ "$limit" -gt 0 ] || stop 74 "no room left in $(pwd)"
  set -C
  {
    dd if="$1" bs=65536 skip=$(($2 / 65536)) 2>/dev/null | tail -c +$(($2 % 65536 + 1)) | head -c "$3" |
      gently gzip -1 | head -c "$limit" | dd bs=65536 conv=fsync 2>/dev/null
  } >"$4" || stop 74 "the copy could not be written: nothing was truncated"
  set +C
  copied=$(gzip -dc <"$4" 2>/dev/null | wc -c)
  [ "$((copied))" -eq "$3" ] ||
    stop 74 "the copy is not whole ($((copied)) of $3 bytes): no room, or the file shrank. Nothing was truncated"
}
save() {
  same_file "/proc/$pid/fd/$fd"
  exec 8<"/proc/$pid/fd/$fd"
  same_file /proc/self/fd/8
  [ "$(stat -c %d .)" != "${facts%% *}" ] || stop 74 "the copy would be on the file system that is full"
  [ ! -e "$copy" ] && [ ! -L "$copy" ] || stop 74 "$copy exists already"
  size=$(stat -Lc %s /proc/self/fd/8); number "$size" size
  copy_part /proc/self/fd/8 0 "$size" "$copy.partial"
  echo "$size" >"$mark/saved" && mv "$copy.partial" "$copy" || stop 74 "the copy could not be kept"
  packed=$(stat -c %s "$copy"); result=" $size $packed"
  say "saved $size bytes as $packed in $(pwd)/$copy"
}
# What was written since the copy was made goes behind it, as one more member of the gzip file.
save_rest() {
  size=$(stat -Lc %s /proc/self/fd/9); saved=$(cat "$mark/saved"); number "$size" size; number "$saved" saved
  [ "$size" -ge "$saved" ] || stop 65 "the file became smaller since it was copied: somebody else truncated it"
  [ "$size" -gt "$saved" ] || return 0
  copy_part /proc/self/fd/9 "$saved" $((size - saved)) "$copy.rest.partial"
  cat "$copy.rest.partial" >>"$copy" && rm -f "$copy.rest.partial" || stop 74 "the rest could not be added to the copy"
  say "saved $((size - saved)) more bytes written meanwhile"
}
truncate_file() {
  if [ -n "$copy" ]; then
    [ -f "$mark/saved" ] && [ -f "$copy" ] || stop 74 "there is no copy: nothing was truncated"
  fi
  # A descriptor of our own pins the file: what is checked is what is truncated.
  same_file "/proc/$pid/fd/$fd"
  exec 9>>"/proc/$pid/fd/$fd"
  same_file /proc/self/fd/9
  before=$(stat -Lc '%s %b' /proc/self/fd/9)
  [ -z "$copy" ] || save_rest
  same_process
  : >|/proc/self/fd/9 || stop 74 "the file could not be truncated"
  after=$(stat -Lc '%s %b' /proc/self/fd/9); result=" $before $after"
  say "size and blocks before: $before, after: $after"
}
undone() { if [ -n "$copy" ]; then rm -f "$copy.partial" "$copy.rest.partial"; fi; }
main() {
  verb=$1; base=$2; fix=$3; pid=$4; fd=$5; start=$6; boot=$7; device=$8; inode=$9; shift 9; copy=$1
  begin "$base" "$fix" "$verb"
  same_process
  case $verb in
    save) save ;;
    truncate) truncate_file ;;
    *) stop 78 "$verb: no such step" ;;
  esac
}
main "$@" </dev/null
