# shellcheck shell=sh disable=SC2034,SC2154,SC2013,SC3045
# Runs once per SSH channel, as a reader that waits: it takes the configured rights, becomes the leader
# of a process group, says so, reads one request from standard input and turns into that command.
# The rest of standard input is the command's own. Runs in dash, bash and busybox ash.
#
# Set by the line before (request.ts): n the nonce, c this text.
# $1 how this was started (to start it again under sudo), $2 the stage, then what earlier stages found.
cd / || exit 0
PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL

# Fields of /proc/PID/stat behind the name, which may hold anything: parent, group, start time.
facts() {
  state=
  { IFS= read -r state <"/proc/$1/stat"; } 2>/dev/null
  # shellcheck disable=SC2086
  set -- ${state##*) }
  parent=${2:-} group=${3:-} started=${20:-0}
}

first=$$ refused=
case $2 in
ranked) rights=$3 first=$4 n=$5 refused=$6 ;;
granted) rights=sudo first=$3 ;;
*)
  rights=none
  [ "$(id -u)" = 0 ] && rights=root
  if [ "$2" = sudo ]; then
    # The very same command as a trial, so that a refusal is known before anything is started.
    if [ "$rights" = root ]; then
      read -r again
    elif refused=$(sudo -n -- /bin/sh -c "eval \"\$1\"" housecall "$1" granted "$$" </dev/null 2>&1); then
      exec sudo -n -- /bin/sh -c "eval \"\$1\"" housecall "$1" granted "$$"
    else
      read -r again
      refused=${refused##*"
"}
    fi
  fi
  ;;
esac

facts "$$"
if [ "$group" != "$$" ] && [ "$2" != ranked ] && command -v setsid >/dev/null 2>&1; then
  exec setsid /bin/sh -c "$c" housecall "$1" ranked "$rights" "$first" "$n" "$refused"
fi
# Without a group of its own only the command itself can be killed.
target=$$
[ "$group" = "$$" ] && target=-$$

polite=
command -v nice >/dev/null 2>&1 && polite='nice -n 10'
ionice -c 3 true 2>/dev/null && polite="$polite ionice -c 3"
printf '\n@%s ready %s %s %s %s %s\n' "$n" "$rights" "$$" "$target" "$started" "$refused"

request=
while :; do
  IFS= read -r line || exit 0
  [ "$line" = "@$n go" ] && break
  request="$request$line
"
done
# Sets mode (read or change), limit (whole seconds) and the command as positional parameters.
eval "$request"
HOUSECALL_RUN=$n
export HOUSECALL_RUN

alive() { kill -0 "$$" 2>/dev/null || [ -d "/proc/$$" ]; }

# What left the group carries the nonce in its environment. Only for reads: what a change starts
# may be a daemon that has to stay.
stray() {
  [ "$mode" = read ] || return 0
  for found in $(grep -lF "HOUSECALL_RUN=$n" /proc/[0-9]*/environ 2>/dev/null); do
    found=${found#/proc/}
    kill -KILL "${found%/environ}"
  done
}

# Stays in the command's group, so that the number of the group cannot be given to others.
watch() {
  trap '' TERM HUP INT PIPE
  facts "$first"
  server=$parent
  waited=0
  while [ "$waited" -lt "$limit" ]; do
    sleep 1
    waited=$((waited + 1))
    if ! alive; then
      [ "$mode" = read ] && [ "$target" != "$$" ] && kill -KILL "$target"
      exit 0
    fi
    # Handed to another parent: the SSH connection is gone. A change is left to end by itself.
    facts "$first"
    [ "$mode" = change ] || [ "$parent" = "$server" ] || break
  done
  kill -TERM "$target"
  waited=0
  while [ "$waited" -lt 20 ] && alive; do
    sleep 0.1 || { sleep 1 && waited=$((waited + 9)); }
    waited=$((waited + 1))
  done
  stray
  [ "$target" = "$$" ] && ! alive && exit 0
  kill -KILL "$target"
}
# exec, not a redirection of the call: dash would keep the channel open in a saved descriptor.
{
  exec </dev/null >/dev/null 2>&1
  watch
} &

if [ "$mode" = read ]; then
  # Out of memory, the probe goes before the patient.
  { echo 800 >"/proc/$$/oom_score_adj"; } 2>/dev/null
  ulimit -c 0 2>/dev/null
  # shellcheck disable=SC2086
  exec $polite "$@"
fi
exec "$@"
