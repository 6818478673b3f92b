# systemd|sysv|docker BASE FIX UNIT ID BOOT PID START TOKEN ROOT
# Runs after the functions of core/approval/claim.ts. PID and START of the main process, or `-` when there was none;
# TOKEN changes with every start, or `-`; ROOT is docker's data root, or `-`.
# shellcheck disable=SC2046,SC2154 # words are split on purpose
PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
now_started() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || stop 65 "process $1 of $unit is gone"
  set -- ${stat##*) }; echo "${20}"
}
property() { timeout 15 systemctl show --no-pager -p "$1" -- "$unit" | sed -n "s/^$1=//p"; }
inspected() { timeout 15 docker inspect --type container --format "$1" -- "$id"; }
# What was approved must still be what runs.
same() {
  [ "$(cat /proc/sys/kernel/random/boot_id)" = "$boot" ] || stop 65 "the host was started again since"
  case $manager in
    systemd)
      [ "$(property Id)" = "$id" ] || stop 65 "$unit is another unit now, or systemd does not answer"
      main=$(property MainPID); token_now=$(property InvocationID) ;;
    docker)
      main=$(inspected '{{.State.Pid}}') || stop 65 "the container is gone, or docker does not answer"
      token_now=$(inspected '{{.State.StartedAt}}') ;;
    sysv) main=$pid; token_now=- ;;
    *) stop 78 "$manager: no such manager" ;;
  esac
  [ "${main:-0}" != 0 ] || main=-
  [ "$main" = "$pid" ] || stop 65 "the main process of $unit is another one now ($main)"
  [ "${token_now:--}" = "$token" ] || stop 65 "$unit was started again since"
  [ "$pid" = - ] || [ "$(now_started "$pid")" = "$start" ] || stop 65 "process $pid is another one now"
}
# docker restart stops a container first: on a full disk it could not start it again.
room() {
  [ "$root" != - ] || return 0
  facts=$(timeout 15 stat -f -c '%S %f %c %d' "$root") || stop 74 "$root cannot be looked at: nothing was restarted"
  (
    set -- $facts
    [ $(($1 * $2)) -ge 16777216 ] || stop 74 "$root is full by now: nothing was restarted"
    [ "$3" = 0 ] || [ "$4" -ge 64 ] || stop 74 "$root has no inodes left by now: nothing was restarted"
  ) || exit $?
}
# Into a file: a daemon that keeps its starter's output open would hold a pipe up for ever.
run() {
  "$@" >"$mark/output" 2>&1 </dev/null; rc=$?
  tail -n 20 "$mark/output" | tail -c 2000 | tr -cd ' -~\n'; return $rc
}
restart() {
  case $manager in
    systemd)
      run systemctl restart -- "$unit" || stop 1 "systemctl restart ended with $?; $unit is now $(property ActiveState) ($(property Result))" ;;
    docker) run docker restart -- "$id" || stop 1 "docker restart ended with $?; the container is now $(inspected '{{.State.Status}}')" ;;
    # A clean environment, as service(8) gives.
    sysv) run env -i PATH="$PATH" TERM=dumb "/etc/init.d/$unit" restart || stop 1 "$unit restart ended with $?" ;;
  esac
}
# An init script comes back before the daemon has read its containers.
answers() {
  command -v docker >/dev/null || return 0
  left=60
  until timeout 10 docker version >/dev/null 2>&1 </dev/null; do
    left=$((left - 1)); [ "$left" -gt 0 ] || return 1
    sleep 1
  done
}
main() {
  manager=$1; base=$2; fix=$3; unit=$4; id=$5; boot=$6; pid=$7; start=$8; token=$9; shift 9; root=$1
  begin "$base" "$fix" restart
  same
  room
  restart
  case $manager/${unit%.service} in docker/*) ;; */docker) answers || stop 1 "docker was started and does not answer" ;; esac
  # Whoever starts and falls at once is seen by the look that follows.
  sleep 1
}
main "$@" </dev/null
