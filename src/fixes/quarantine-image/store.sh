# What both the look and the change say about the store. Runs after the functions of core/approval/claim.ts.
# shellcheck disable=SC2034,SC2046,SC2154 # variables of whoever comes after; words are split on purpose
PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
# Whatever hangs must not hang us.
ask() { seconds=$1; shift; timeout "$seconds" "$@" </dev/null; }
start_time() {
  case $1 in '' | 0 | *[!0-9]*) return 1 ;; esac
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The command name is in parentheses and may hold blanks and parentheses itself: fields count from its end.
  set -- ${stat##*) }; printf '%s' "${20}"
}
# Daemons of this host: process ids. Left out are those inside containers, and those of other accounts: anybody may
# call a program dockerd, and what it says about its socket would be believed.
daemons() {
  set +f
  for comm in /proc/[0-9]*/comm; do
    read -r word <"$comm" || continue
    case $word in dockerd | dockerd-current | docker-daemon) ;; *) continue ;; esac
    pid=${comm#/proc/}; pid=${pid%/comm}
    grep -qsE '^Uid:[[:space:]]+0[[:space:]]+0[[:space:]]' "/proc/$pid/status" || continue
    grep -qsE '(docker|libpod|cri-containerd|kubepods)[-/].*[0-9a-f]{64}' "/proc/$pid/cgroup" || printf '%s\n' "$pid"
  done 2>/dev/null
  set -f
}
joined() { tr '\n' ',' | tr -cd ' -~'; }
# The state of a layer's entry: its files by size, inode, time and mode, and what the driver finds its data by.
# Run in image/DRIVER/layerdb/sha256, with the data of the driver in $data.
layer_state() {
  printf '%s' "$(stat -c '%n:%s:%i:%Y:%f' "./$1" "./$1/diff" "./$1/cache-id" "./$1/parent" "./$1/size" "./$1/tar-split.json.gz" 2>/dev/null | sed 's/^\.\/[0-9a-f]*//' | joined)"
  cache=''; [ ! -f "./$1/cache-id" ] || [ -L "./$1/cache-id" ] || read -r cache <"./$1/cache-id" || :
  case $cache in '' | *[!A-Za-z0-9_-]*) printf '|none' ;; *)
    case $driver in
      overlay2) printf '|%s' "$(cd "$data" && stat -c '%n:%s:%i:%f' "./$cache/diff" "./$cache/link" "./$cache/lower" 2>/dev/null | sed 's/^\.\/[^/]*//' | joined)" ;;
      *) printf '|%s' "$(stat -c '%i:%f' "$data/$cache" 2>/dev/null | joined)" ;;
    esac ;;
  esac
}
# The state of an image's configuration. Run in image/DRIVER/imagedb/content/sha256.
image_state() { stat -c '%s:%i:%Y:%f' "./$1" 2>/dev/null | joined; }
# Bytes of a layer as docker counts them: every inode once, without directories. overlay2 only.
layer_bytes() {
  [ -d "$1" ] || return 1
  timeout 60 find "$1" ! -type d -exec stat -c '%i %s' '{}' + 2>/dev/null | awk '!seen[$1]++ { total += $2 } END { printf "%.0f", total }'
}
