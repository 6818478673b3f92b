# NONCE pid|container VALUE SAVE_DIRECTORY RUN_DIRECTORY
# Runs after the functions of core/approval/claim.ts and host-directory.ts. Read-only.
# shellcheck disable=SC2046,SC2086,SC2154 # words are split on purpose
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
section() {
  printf '@%s begin %s\n' "$nonce" "$1"
  "$@"
  status=$?
  printf '\n@%s end %s %s\n' "$nonce" "$1" "$status"
}
# The inode tells namespaces apart without any right; the link ns/net would need some.
space_of() { stat -L -c %i "/proc/$1/net/tcp" 2>/dev/null; }
host() { printf '%s %s' "$(cat /proc/sys/kernel/random/boot_id)" "$(id -u)"; }
enter() { printf '%s' "$enter"; }
find_enter() {
  enter=none
  if command -v nsenter >/dev/null; then enter=nsenter
  elif busybox nsenter --help >/dev/null 2>&1; then enter='busybox nsenter'; fi
}
# `pid id` of each process in a container: the last 64 hex digits of its cgroup are the innermost one's id.
in_containers() {
  set +f
  printf '%s\n' /proc/[0-9]*/cgroup | xargs grep -s -o -E '[0-9a-f]{64}' /dev/null |
    awk '{ at = index($0, ":"); split($0, w, "/"); id[w[3]] = substr($0, at + 1) } END { for (p in id) print p, id[p] }'
  set -f
}
# Where dockerd keeps its containers. Anybody may call a program dockerd: only root's is believed.
docker_root() {
  set +f
  daemon=$(printf '%s\n' /proc/[0-9]*/comm | xargs grep -l -s -x dockerd /dev/null | sed 's/[^0-9]//g' |
    while read -r one; do grep -qsE '^Uid:[[:space:]]+0[[:space:]]+0[[:space:]]' "/proc/$one/status" && echo "$one"; done | head -n 1)
  set -f
  [ -z "$daemon" ] || tr '\0' '\n' <"/proc/$daemon/cmdline" | awk '
    take { print; exit } /^--(data-root|graph)=/ { sub(/^[^=]*=/, ""); print; exit }
    $0 == "--data-root" || $0 == "--graph" || $0 == "-g" { take = 1 }'
}
# Ids of containers of this name, from docker's own files, else from the daemon, which may be stuck.
ids_by_name() {
  root=$(docker_root); root=${root:-/var/lib/docker}
  set +f
  found=$(cd "$root/containers" 2>/dev/null && grep -l -s -F "\"Name\":\"/$value\"" */config.v2.json | sed 's:/.*::')
  set -f
  [ -n "$found" ] || found=$(timeout 5 docker inspect --type container --format '{{.Id}}' "$value" 2>/dev/null </dev/null)
  printf '%s\n' "$found" | grep -E '^[0-9a-f]{64}$'
}
start_of() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The command name is in parentheses and may hold blanks and parentheses itself: fields count from its end.
  set -- ${stat##*) }; printf '%s' "${20}"
}
comm_of() { tr -c 'A-Za-z0-9._:/@+-' '?' <"/proc/$1/comm" | sed 's/?$//'; }
# PID and ID of what was asked for, or a reason.
resolve() {
  processes=$(in_containers)
  if [ "$kind" = pid ]; then
    pid=$value; id=$(printf '%s\n' "$processes" | awk -v p="$pid" '$1 == p { print $2 }')
    [ -d "/proc/$pid" ] || reason="process $pid is gone, or hidden from uid $(id -u)"
    return
  fi
  # What is no id, or the id of nothing that runs, may be a name.
  ids=$(case $value in
    *[!0-9a-f]*) ;;
    *) [ ${#value} -lt 12 ] || printf '%s\n' "$processes" | awk -v v="$value" 'index($2, v) == 1 { print $2 }' | sort -u ;;
  esac)
  [ -n "$ids" ] || [ ${#value} = 64 ] || ids=$(ids_by_name | sort -u)
  case $(printf '%s\n' "$ids" | grep -c .) in
    1) id=$ids ;;
    0) reason='no container of this id or name is running here, or its processes are hidden'; return ;;
    *) reason='several containers have this name, or an id that begins so'; return ;;
  esac
  # Its first process: the one that started first.
  first=$(printf '%s\n' "$processes" | awk -v id="$id" '$2 == id { print $1 }' | while read -r one; do
    start=$(start_of "$one") && printf '%s %s %s\n' "$start" "$one" "$(space_of "$one")"
  done | sort -k1,1n -k2,2n)
  pid=$(printf '%s\n' "$first" | awk 'NR == 1 { print $2 }')
  if [ -z "$pid" ]; then reason='the container is not running'; return; fi
  [ "$(printf '%s\n' "$first" | awk 'NF == 3 { print $3 }' | sort -u | grep -c .)" -le 1 ] ||
    reason='its processes are in several network namespaces: which one is meant cannot be told'
}
target() {
  if [ -n "$reason" ]; then printf 'none %s' "$reason"; return; fi
  start=$(start_of "$pid") && space=$(space_of "$pid") && [ -n "$space" ] || { printf 'none process %s is gone, or its network namespace cannot be looked at' "$pid"; return; }
  printf 'process %s %s %s %s\n' "$pid" "$start" "$space" "$(comm_of "$pid")"
  [ -z "$id" ] || printf 'container %s\n' "$id"
  case $space in "$(space_of self)" | "$(space_of 1)") echo host ;; esac
  [ "$space" != "$(space_of self)" ] || echo own
  printf 'shared %s\n' "$(printf '%s\n' "$processes" | awk -v id="$id" '$2 != "" && $2 != id && !s[$2]++ { print $1 }' | while read -r one; do
    [ "$(space_of "$one")" = "$space" ] && echo "$one"
  done | grep -c .)"
  sed -n 's/^TCP: .* tw \([0-9]*\) .*/time-wait \1/p' "/proc/$pid/net/sockstat"
  awk '$1 != "TcpExt:" { next } !n { n = split($0, name, " "); next }
    { for (i = 2; i <= n; i++) if (name[i] == "TWRecycled") print "recycled", $i }' "/proc/$pid/net/netstat"
}
# Runs inside the namespace: the inode proves which one it is.
LOOK_INSIDE='printf "space %s\n" "$(stat -L -c %i /proc/self/net/tcp)"; cd /proc/sys/net/ipv4 || exit 1
for key in tcp_tw_reuse tcp_timestamps; do [ -r "$key" ] && printf "%s %s\n" "$key" "$(cat "$key")"; done
# Opened for writing, and nothing written: as root, not every test -w knows of a read-only mount.
(: >>tcp_tw_reuse) && echo writable; :'
settings() {
  [ -n "$pid" ] && [ -z "$reason" ] || return 1
  if [ "$(space_of "$pid")" = "$(space_of self)" ]; then sh -c "$LOOK_INSIDE"; return; fi
  [ "$enter" != none ] && [ "$(id -u)" = 0 ] || return 1
  $enter -t "$pid" -n sh -c "$LOOK_INSIDE"
}
save() { directory "$saving"; }
run() { directory "$running"; }
main() {
  nonce=$1; kind=$2; value=$3; saving=$4; running=$5
  pid='' id='' reason=''
  find_enter
  resolve 2>/dev/null
  for name in host enter target settings save run; do section "$name" 2>/dev/null; done
}
main "$@" </dev/null
