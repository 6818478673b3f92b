# About one log, for the probe and for the change: they run after the functions of core/approval/claim.ts and
# MOUNTED_SCRIPT of core/approval/host-directory.ts. Read-only.
# shellcheck disable=SC2034,SC2046,SC2086,SC2154 # words are split on purpose; what is set here is used in the other parts

# Into the directory of PATH, which must be what it says: no symbolic link on the way. Sets name; or why not, in $why.
reach() {
  why=''; name=${1##*/}; directory=${1%/*}; directory=${directory:-/}; up=''; rest=${1#/}
  set -- $(mounted "$1"); type=${1:-unknown}; access=${2:-rw}
  case $type in
    ext[234] | xfs | btrfs | f2fs | jfs | reiserfs | nilfs2 | zfs | bcachefs | vfat | exfat | ntfs3 | ubifs | overlay | tmpfs) ;;
    *) why="foreign $type"; return ;;
  esac
  while [ -n "$rest" ]; do
    up=$up/${rest%%/*}
    [ ! -L "$up" ] || { why="link $up"; return; }
    case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
  done
  [ -d "$directory" ] || { why=missing; return; }
  cd -P "$directory" 2>/dev/null || { why=denied; return; }
  [ "$(pwd -P; echo .)" = "$directory
." ] || { why="link $directory"; return; }
  if [ -e "./$name" ]; then return; elif [ -x . ]; then why=missing; else why=denied; fi
}
# The log as descriptor 8. It is pinned so: what is checked is what is read and emptied.
pin() {
  facts=$(stat -c '%d %i %h %f %u' "./$name" 2>/dev/null) || return 1
  # Whoever opens a pipe waits for its writer.
  [ -f "./$name" ] && [ ! -L "./$name" ] && [ -r "./$name" ] || return 2
  command exec 8<"./$name" || return 2
  [ "$(stat -Lc '%d %i %h %f %u' /proc/self/fd/8)" = "$facts" ] || return 1
}
# OFFSET BYTES of the log.
piece() {
  dd if=/proc/self/fd/8 bs=4096 skip=$(($1 / 4096)) count=$((($2 + 8191) / 4096)) 2>/dev/null |
    tail -c +$(($1 % 4096 + 1)) | head -c "$2"
}
dark() { [ "$(dd if=/proc/self/fd/8 bs=65536 skip="$1" count=1 2>/dev/null | tr -d '\000' | wc -c)" -eq 0 ]; }
# Offset of the first byte that is no NUL. A writer without O_APPEND leaves a hole in front when its file was emptied.
first_byte() {
  low=0; high=$(($1 / 65536))
  if dark 0; then
    while [ $((high - low)) -gt 1 ]; do
      middle=$(((low + high) / 2))
      if dark "$middle"; then low=$middle; else high=$middle; fi
    done
    low=$high
  fi
  first=$(dd if=/proc/self/fd/8 bs=65536 skip="$low" count=1 2>/dev/null | od -An -v -tu1 |
    awk '{ for (i = 1; i <= NF; i++) if ($i) { print n + i - 1; exit } n += NF }')
  if [ -n "$first" ]; then first=$((low * 65536 + first)); else first=$1; fi
}
# OFFSET, then the checksum of the 4 KiB there: appending leaves it as it is, and emptying or rewriting does not.
head_sum() {
  sum=$(dd if=/proc/self/fd/8 bs=4096 skip=$(($1 / 4096)) count=1 2>/dev/null | sha256sum) || sum=none
  printf '%s:%s' "$1" "${sum%% *}"
}
# Processes that have mapped a file of device $1 (major:minor in hexadecimal) and inode $2: they would die of SIGBUS.
mapped_by() {
  # These file systems show another device to stat than in maps.
  case $type in btrfs | overlay | zfs | bcachefs) set -- '[^ ]+' "$2" ;; esac
  set +f
  timeout 20 grep -Els "^[^ ]+ [^ ]+ [^ ]+ $1 $2 " /proc/[0-9]*/maps | sed 's,/proc/,,;s,/maps,,' | head -n 3
  set -f
}
hexadecimal() { printf '%02x:%02x' $((($1 >> 8 & 0xfff) | ($1 >> 32 & ~0xfff))) $((($1 & 0xff) | ($1 >> 12 & ~0xff))); }
# DEVICE (as stat prints it) INODE: `writer PID FLAGS` per process and way, how many processes could not be looked at,
# then the way they write in one word.
# In a container's overlay the inode is the same and the device another one.
writers_of() {
  set +f
  found=$({
    { timeout 20 find -L /proc/[0-9]*/fd -maxdepth 1 -inum "$2" 2>&1 >&3 3>&-; echo "rc $?"; } | awk '
      /ermission denied/ && match($0, /\/proc\/[0-9]+/) { pid = substr($0, RSTART, RLENGTH); if (!(pid in no)) { no[pid]; denied++ } }
      $1 == "rc" { rc = $2 }
      END { print "seen", denied + 0, rc }'
  } 3>&1)
  set -f
  fds=$(printf '%s\n' "$found" | grep '^/proc/' | head -n 500)
  {
    awk '{ for (s = 7; s <= NF && $s != "-"; s++); if ($(s + 1) == "overlay") print "overlay", $3 }' /proc/self/mountinfo
    printf '%s\n' "$found" | grep '^seen'
    printf '%s\n' "$fds" | xargs stat -Lc 'fd %d %n'
    printf '%s\n' "$fds" | sed 's,/fd/,/fdinfo/,' | xargs grep -s '^flags:' /dev/null
  } 2>/dev/null | awk -v device="$1" '
    function decimal(d) { return (int(d / 256) % 4096) ":" (d % 256 + int(d / 1048576) * 256) }
    $1 == "overlay" { overlay[$2] = 1 }
    $1 == "seen" { denied = $2; dark = $3 > 1 }
    $1 == "fd" && ($2 == device || (decimal($2) in overlay)) { split($3, w, "/"); mine[++n] = w[3] "/" w[5] }
    $1 ~ /fdinfo/ { split($1, w, "/"); split(w[5], f, ":"); flags[w[3] "/" f[1]] = $2 }
    END {
      for (i = 1; i <= n; i++) {
        k = mine[i]
        # Gone meanwhile.
        if (!(k in flags)) continue
        l = length(flags[k]); if (substr(flags[k], l) % 4 == 0) continue
        # O_APPEND is octal 02000 (open(2)).
        way = substr(flags[k], l - 3, 1) % 4 > 1 ? "appends" : "offset"
        ways[way] = 1; split(k, w, "/")
        if (!((w[1], way) in told)) { told[w[1], way] = 1; print "writer", w[1], flags[k] }
      }
      print "denied", denied
      print dark ? "unseen" : ("appends" in ways) ? (("offset" in ways) ? "both" : "appends") : ("offset" in ways) ? "offset" : "nobody"
    }'
}
