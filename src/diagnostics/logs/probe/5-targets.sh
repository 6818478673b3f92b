# Which logs to read, and reading them.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk: `MARK device inode links size blocks unit mtime name` lines of stat, names over several lines, as `found` lines.
AWK_FOUND='
function take() { if (line != "") { split(line, w, " "); path = line; for (i = 1; i <= 7; i++) sub(/^[^ ]* /, "", path)
  if (istext(path)) printf "found %s %s %s %s %.0f %s %s\n", w[1], w[2], w[3], w[4], w[5] * w[6], w[7], name(path) } line = "" }
index($0, MARK " ") == 1 { take(); line = substr($0, length(MARK) + 2); next }
{ line = line "\n" $0 }
END { take() }'

STAT='%d %i %h %s %b %B %Y %n'

# FOUND: the largest text files below /var/log, and the logs of containers.
find_logs() {
  FOUND=
  begin directories
  kind_of /var/log
  if [ "$KIND" != local ] || [ "$BELOW" = below ]; then echo 'skipped /var/log'
  else
    listed=$(timeout 20 find /var/log -xdev -type f -size +0 -exec stat -c "$N $STAT" '{}' + 2>&1)
    FOUND=$(printf '%s\n' "$listed" | grep -v ': Permission denied$' | awk -v MARK="$N" "$AWK_ESC$AWK_LOGS$AWK_FOUND")
    echo "denied $(printf '%s\n' "$listed" | grep -c ': Permission denied$')"
  fi
  case $DOCKER_SEEN in
    readable)
      FOUND="$FOUND
$(stat -c "$N $STAT" "$DOCKER"/containers/*/*-json.log 2>/dev/null | awk -v MARK="$N" "$AWK_ESC$AWK_LOGS$AWK_FOUND")"
      ;;
    unreadable) echo 'containers unreadable' ;;
  esac
  FOUND=$(printf '%s\n' "$FOUND" | grep '^found' | sort -k5,5nr | head -n 200)
  [ "$(id -u)" = 0 ] || [ -z "$FOUND" ] || keep_readable
  end directories
}

keep_readable() {
  closed=0 readable=
  while read -r line; do
    decode "${line##* }"
    if [ -r "$RAW" ]; then
      readable="$readable$line
"
    else closed=$((closed + 1)); fi
  done <<EOF
$FOUND
EOF
  FOUND=$(printf '%s' "$readable")
  echo "unreadable $closed"
}

# awk: the most important logs. A log that grows counts as large as it will be in an hour.
AWK_PICK='
$1 == "now" { at = $2; next }
$1 == "s" { later[$2 " " $3] = $4; next }
$1 == "file" { key = $2 " " $3; open[key] = "/proc/" $8 "/fd/" $9 }
$1 == "found" { key = $2 " " $3; if (!(key in open)) { p = $0; for (i = 1; i <= 7; i++) sub(/^[^ ]* /, "", p); open[key] = p } }
$1 == "file" || $1 == "found" { if (!(key in size)) order[++n] = key; size[key] = $5; bytes[key] = $6; if ($1 == "file") held[key] = 1 }
END {
  seconds = (at - since) / 100; if (seconds < 0.2) seconds = 0.2
  for (i = 1; i <= n; i++) { k = order[i]; grown = (k in later) ? later[k] - size[k] : 0; if (grown < 0) grown = 0
    if (size[k] > 0 || grown > 0) printf "%.0f %s %s %s\n", bytes[k] + grown / seconds * 3600, k, size[k], open[k] }
}'

sizes_of_all() {
  now
  echo "now $NOW"
  { [ -z "$FILES" ] || printf '%s\n' "$FILES" | awk '{ print "/proc/" $8 "/fd/" $9 }' | xargs stat -L -c 's %d %i %s' 2>/dev/null; }
}

# PICKED: `inode-device inode size-then how-to-open`, most important first; the name to open in escapes.
pick_logs() {
  rest=$((100 - (NOW - SCANNED)))
  [ "$rest" -le 0 ] || sleep "0.$(printf %02d "$((rest % 100))")" 2>/dev/null || sleep 1
  PICKED=$({
    sizes_of_all
    [ -z "$FILES" ] || while read -r line; do printf '%s\n' "$line"; done <<EOF
$FILES
EOF
    [ -z "$FOUND" ] || printf '%s\n' "$FOUND"
  } | awk -v since="$SCANNED" "$AWK_PICK" | sort -k1,1nr)
  CANDIDATES=$(printf '%s\n' "$PICKED" | grep -c .)
  PICKED=$(printf '%s\n' "$PICKED" | head -n 4 | cut -d ' ' -f 2- | measure)
  now
  SCANNED=$NOW
}

# Lines of PICKED with the sizes of now: those below /var/log were measured one after the other.
measure() {
  while read -r device inode size open; do
    [ -n "$open" ] || continue
    decode "$open"
    printf '%s %s %s %s\n' "$device" "$inode" "$(stat -L -c '%s' "$RAW" 2>/dev/null || echo "$size")" "$open"
  done
}

# container_log NAME -> REAL or PROBLEM
container_log() {
  REAL='' PROBLEM=no-container
  case $DOCKER_SEEN in unreadable) PROBLEM=no-containers && return ;; esac
  dir=
  for config in "$DOCKER"/containers/*/config.v2.json; do
    grep -q -s -F "\"Name\":\"/$1\"" "$config" && dir=${config%/*} && break
  done
  if [ -z "$dir" ] && [ "${#1}" -ge 4 ]; then
    for one in "$DOCKER"/containers/"$1"*; do [ -d "$one" ] && dir=$one; done
  fi
  [ -n "$dir" ] || return
  REAL=$dir/${dir##*/}-json.log
  if [ -f "$REAL" ]; then
    PROBLEM=
    [ -r "$REAL" ] || PROBLEM=unreadable
    return
  fi
  driver=$(grep -s -o -E '"LogConfig":\{"Type":"[a-z0-9-]*"' "$dir/hostconfig.json" | sed 's/.*"Type":"//; s/"//')
  PROBLEM="driver-${driver:-none}"
}

# The name of the container whose json log this is.
container_name() {
  case $1 in */containers/*/*-json.log*) ;; *) return ;; esac
  grep -s -o -E '"Name":"/[^"]*"' "${1%/*}/config.v2.json" | head -n 1
}

# read_target DEVICE INODE SIZE OPEN(escaped) BUDGET KEEP
read_target() {
  decode "$4"
  open=$RAW
  begin log
  echo "first $SCANNED $3"
  path=$open
  case $open in /proc/[0-9]*/fd/*) path=$(readlink -n "$open" 2>/dev/null && printf x) && path=${path%x} ;; esac
  printf 'path %s\0' "$path" | escape_stream
  printf 'container %s\0' "$(container_name "$path")" | escape_stream
  # shellcheck disable=SC2094 # both only read
  if { exec 3<"$open"; } 2>/dev/null; then
    set -- "$1" "$2" "$5" "$6" $(stat -L -c '%d %i %h %s %b %B %Y %f' /proc/self/fd/3 2>/dev/null)
    # Another file by now, or no file at all: not what was chosen.
    case $5\ $6\ ${12} in "$1 $2 8"*)
      echo "stat $5 $6 $7 $8 $((${9} * ${10})) ${11}"
      if [ -w "$open" ]; then echo 'writable yes'; else echo 'writable no'; fi
      echo "fs $(stat -f -c '%S %b %f %a' /proc/self/fd/3 2>/dev/null)"
      awk -v dev="$5" -v name_of="$path" 'BEGIN { d = (int(dev / 256) % 4096) ":" (dev % 256 + int(dev / 1048576) * 256) }
        $3 == d && (name_of ~ /^\// && ($5 == "/" || index(name_of, $5 "/") == 1)) && length($5) > length(at) { for (s = 7; s <= NF && $s != "-"; s++); at = $5; type = $(s + 1) }
        END { if (at != "") print "place", type, at }' /proc/self/mountinfo
      magic=$(dd if=/proc/self/fd/3 bs=8 count=1 2>/dev/null | od -An -tx1 | tr -d ' ')
      older_of "$path"
      base=0
      # A hole in front is what a truncation leaves when the writer does not append.
      if [ "$8" -gt 1048576 ] && [ $((${9} * ${10})) -lt $(($8 / 10 * 9)) ] &&
        [ "$(dd if=/proc/self/fd/3 bs=65536 count=1 2>/dev/null | tr -d '\000' | head -c 1 | od -An -tx1 | tr -d ' ')" = '' ]; then
        base=$(($8 - ${9} * ${10} - 65536))
        [ "$base" -ge 0 ] || base=0
        echo "hole $base"
      fi
      # gzip, zstd, xz, bzip2, and a journal: there are no lines in them.
      case $magic in 1f8b* | 28b52ffd* | fd377a585a* | 425a68* | 4c504b534848*) echo "packed $magic" ;; *) read_log "$base" "$8" "$3" "$4" ;; esac
      ;;
      *) echo changed ;;
    esac
    exec 3<&-
  else
    echo unreadable
  fi
  end log
}

# Compressed rotations beside it: named, not read.
older_of() {
  case $1 in /*) ;; *) return ;; esac
  set -- "$1" "${1%/*}/"
  [ -r "$2" ] || return
  log=$1
  set --
  for one in "$log"[.-]*; do
    case $one in *.gz | *.xz | *.bz2 | *.zst | *.lz4 | *.Z) [ -f "$one" ] && [ $# -lt 500 ] && set -- "$@" "$one" ;; esac
  done
  [ $# -gt 0 ] || return
  printf 'older %s %s %s\0' "$#" "$(stat -c '%s' "$@" 2>/dev/null | awk '{ b += $1 } END { printf "%.0f", b }')" "$1" | escape_stream
}

# read_unit UNIT BUDGET KEEP: the newest lines of its journal, newest first.
read_unit() {
  if ! command -v journalctl >/dev/null 2>&1; then
    PROBLEM=no-journal
    return
  fi
  begin log
  printf 'unit %s\0' "$1" | escape_stream
  printf 'plan\t%s\t1\tjournal\n' "$2"
  {
    printf '\n@%s# 0 start\n' "$N"
    timeout 30 journalctl --no-pager -q -r -o short-unix -n 200000 --unit="$1" 2>/dev/null | head -c "$2"
  } | fold_log "$2" 1 "$3"
  end log
}
