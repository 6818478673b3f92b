# BASE FIX ENTER PID START BOOT NAMESPACE OLD
# Runs after the functions of core/approval/claim.ts. ENTER is what enters a namespace, `-` for the host's own.
# shellcheck disable=SC2086,SC2154,SC2034 # words are split on purpose; result belongs to claim.ts
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
# This shell is in the namespace: nobody can replace that under it. It checks, and then it writes.
INSIDE='set -f
no() { printf "%s\n" "$2" >&2; exit "$1"; }
[ "$(cat /proc/sys/kernel/random/boot_id)" = "$5" ] || no 65 "the host was started again since"
stat=$(cat "/proc/$2/stat" 2>/dev/null) || no 65 "process $2 is gone"
now=$(set -- ${stat##*) }; echo "${20}")
[ "$now" = "$3" ] || no 65 "process $2 is another one now"
[ "$(stat -L -c %i /proc/self/net/tcp)" = "$1" ] || no 65 "the network namespace is another one now"
key=/proc/sys/net/ipv4/tcp_tw_reuse
value=$(cat "$key") || no 74 "tcp_tw_reuse cannot be read"
[ "$value" = "$4" ] || no 65 "tcp_tw_reuse is $value now and not $4: somebody else changed it"
[ "$(cat /proc/sys/net/ipv4/tcp_timestamps)" != 0 ] || no 65 "tcp_timestamps is 0 now: tcp_tw_reuse would have no effect"
echo 1 >"$key" || no 74 "tcp_tw_reuse cannot be written"
[ "$(cat "$key")" = 1 ] || no 74 "tcp_tw_reuse is still $(cat "$key")"'
main() {
  base=$1; fix=$2; enter=$3; pid=$4; start=$5; boot=$6; space=$7; old=$8
  begin "$base" "$fix" set
  set -- sh -c "$INSIDE" sh "$space" "$pid" "$start" "$old" "$boot"
  case $enter in
    -) "$@" ;;
    nsenter | 'busybox nsenter')
      [ -d "/proc/$pid" ] || stop 65 "process $pid is gone"
      $enter -t "$pid" -n "$@" ;;
    *) stop 78 "$enter: no such program" ;;
  esac || { rc=$?; case $rc in 65 | 74) exit "$rc" ;; *) stop 74 "the network namespace could not be entered ($rc): nothing was changed" ;; esac; }
  result=" $old 1"
  say "tcp_tw_reuse was $old and is 1"
}
main "$@" </dev/null
