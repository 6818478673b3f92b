# The round trip.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# One log that was asked for, in $REAL, or why not in $PROBLEM.
read_asked() {
  begin asked
  [ -z "$PROBLEM" ] || printf 'problem %s %s %s\n' "$PROBLEM" "$TYPE" "$POINT"
  [ -z "$REAL" ] || printf 'real %s\0' "$REAL" | escape_stream
  end asked
  [ -z "$PROBLEM" ] || return
  set -- $(stat -L -c '%d %i %s' "$REAL" 2>/dev/null)
  now
  SCANNED=$NOW
  PICKED="$1 $2 $3 $(printf '%s\0' "$REAL" | escape_stream | sed 's/ /\\040/g')"
  read_picked 1500
}

# read_picked KEEP: the logs share what may be read; what a small one leaves goes to the others.
read_picked() {
  left=$(printf '%s\n' "$PICKED" | grep -c .)
  keep=$1
  while read -r device inode size open; do
    [ -n "$open" ] || continue
    share=$((BUDGET / left))
    read_target "$device" "$inode" "$size" "$open" "$share" "$keep" 4<&-
    left=$((left - 1))
    [ "$size" -lt "$share" ] && share=$size
    BUDGET=$((BUDGET - share))
  done 4<&0 <<EOF
$PICKED
EOF
}

# How large the logs are by now: at least a second after they were first measured.
measure_again() {
  now
  rest=$((100 - (NOW - SCANNED)))
  [ "$rest" -le 0 ] || sleep "0.$(printf %02d "$((rest % 100))")" 2>/dev/null || sleep 1
  begin sizes
  now
  echo "at $NOW"
  while read -r _ _ _ open; do
    [ -n "$open" ] || continue
    decode "$open"
    stat -L -c 'size %d %i %s' "$RAW" 2>/dev/null
  done <<EOF
$PICKED
EOF
  end sizes
}

main() {
  N=$1
  case $N in '' | *[!A-Za-z0-9]*) echo 'logs probe: the nonce must be letters and digits' >&2; exit 64 ;; esac
  LC_ALL=C
  export LC_ALL
  PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
  renice -n 10 -p $$ >/dev/null 2>&1
  ionice -c 3 -p $$ >/dev/null 2>&1
  now
  STARTED=$NOW
  # What finding out what they are costs is part of what may be read.
  BUDGET=$(($5 * 1048576 - 524288)) PICKED='' PROBLEM='' REAL='' TYPE='?' POINT='?' FOUND='' CANDIDATES=0
  facts_of_host
  list_processes
  find_docker_root
  if [ -n "$2" ]; then resolve "$2"; fi
  if [ -n "$3" ]; then container_log "$3"; fi
  scan_descriptors "${REAL##*/}"
  read_rotation
  if [ -n "$2$3" ]; then read_asked
  elif [ -n "$4" ]; then
    read_unit "$4" "$BUDGET" 1500
    begin asked
    [ -z "$PROBLEM" ] || echo "problem $PROBLEM ? ?"
    end asked
  else
    find_logs
    pick_logs
    begin chosen
    echo "candidates $CANDIDATES"
    end chosen
    read_picked 500
  fi
  [ -z "$PICKED" ] || measure_again
  begin finish
  now
  echo "elapsed $((NOW - STARTED))"
  end finish
}

# One function, called in the last line: a script cut off on its way does nothing, and no command eats the rest of it.
main "$@" </dev/null
