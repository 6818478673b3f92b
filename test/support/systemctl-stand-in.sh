#!/bin/bash
# Stands in for systemctl(1), which needs systemd as process 1: `show` and `restart` of units with real processes.
# A unit is the directory /run/units/NAME: `command` (what it runs), `properties` (systemctl's names and values; more may
# be added by a test), `pid`, `invocation`. Forms of output as in systemctl(1): KEY=VALUE, units parted by an empty line.
set -u
units=/run/units
verb=$1; shift
wanted=() names=()
while [ $# -gt 0 ]; do
  case $1 in
    -p) wanted+=("$2"); shift 2 ;;
    --no-pager) shift ;;
    --) shift; names+=("$@"); break ;;
    *) names+=("$1"); shift ;;
  esac
done
alive() { [ -s "$units/$1/pid" ] && [ -d "/proc/$(cat "$units/$1/pid")" ]; }
value() {
  local unit=$1 key=$2 own
  if [ ! -d "$units/$unit" ]; then
    case $key in
      Id) echo "$unit" ;;
      LoadState) echo not-found ;;
      ActiveState) echo inactive ;;
      SubState) echo dead ;;
      MainPID) echo 0 ;;
    esac
    return
  fi
  own=$(sed -n "s/^$key=//p" "$units/$unit/properties" 2>/dev/null)
  if [ -n "$own" ]; then echo "$own"; return; fi
  case $key in
    Id) echo "$unit" ;;
    LoadState) echo loaded ;;
    ActiveState) if alive "$unit"; then echo active; elif [ -e "$units/$unit/pid" ]; then echo failed; else echo inactive; fi ;;
    SubState) if alive "$unit"; then echo running; else echo dead; fi ;;
    MainPID) if alive "$unit"; then cat "$units/$unit/pid"; else echo 0; fi ;;
    InvocationID) cat "$units/$unit/invocation" 2>/dev/null ;;
    Job) ;;
    RefuseManualStart | RefuseManualStop | NeedDaemonReload) echo no ;;
    Result) if alive "$unit"; then echo success; else echo exit-code; fi ;;
  esac
}
show() {
  local first=1 unit key found
  for unit in "$@"; do
    [ $first = 1 ] || echo
    first=0
    for key in "${wanted[@]}"; do
      found=$(value "$unit" "$key")
      # Properties that are lists or strings are printed when empty, too; Job is left out when there is none.
      [ "$key" = Job ] && [ -z "$found" ] || echo "$key=$found"
    done
  done
}
start() {
  tr -d - </proc/sys/kernel/random/uuid >"$units/$1/invocation"
  setsid sh -c "exec $(cat "$units/$1/command")" >/dev/null 2>&1 </dev/null &
  echo $! >"$units/$1/pid"
  sleep 0.2
}
restart() {
  [ -d "$units/$1" ] || { echo "Failed to restart $1: Unit $1 not found." >&2; exit 5; }
  if alive "$1"; then
    kill "$(cat "$units/$1/pid")"
    while alive "$1"; do sleep 0.02; done
  fi
  start "$1"
  alive "$1" || { echo "Job for $1 failed because the control process exited with error code." >&2; exit 1; }
}
case $verb in
  show) show "${names[@]}" ;;
  start | restart) for name in "${names[@]}"; do restart "$name"; done ;;
  *) echo "Unknown command verb $verb." >&2; exit 1 ;;
esac
