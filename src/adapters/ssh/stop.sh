# shellcheck shell=sh disable=SC2013
# Kills what another channel runs. $1 its pid, $2 what to kill (-group or pid), $3 its start time,
# $4 the nonce in its environment, $5 read or change.
same() {
  { IFS= read -r state <"/proc/$pid/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086
  set -- ${state##*) }
  [ "${20:-}" = "$started" ]
}
pid=$1 target=$2 started=$3 nonce=$4 mode=$5
same || exit 0
kill -TERM "$target" 2>/dev/null
waited=0
while [ "$waited" -lt 20 ] && same; do
  sleep 0.1 2>/dev/null || { sleep 1 && waited=$((waited + 9)); }
  waited=$((waited + 1))
done
if [ "$mode" = read ]; then
  for found in $(grep -lF "HOUSECALL_RUN=$nonce" /proc/[0-9]*/environ 2>/dev/null); do
    found=${found#/proc/}
    kill -KILL "${found%/environ}" 2>/dev/null
  done
fi
[ "$target" = "$pid" ] && ! same && exit 0
kill -KILL "$target" 2>/dev/null
exit 0
