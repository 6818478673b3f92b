# The round trip.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

main() {
  N=$1 WARN=$3 BUDGET=$5 SAMPLE=$6
  case $N in '' | *[!A-Za-z0-9]*) echo 'disk probe: the nonce must be letters and digits' >&2; exit 64 ;; esac
  LC_ALL=C
  export LC_ALL
  PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
  renice -n 10 -p $$ >/dev/null 2>&1
  now
  STARTED=$NOW
  asked=$2
  facts_of_host
  list_processes
  find_docker_root
  select_mounts "$asked"
  set --
  while read -r _ _ _ _ _ _ _ _ _ _ _ point; do
    [ -n "$point" ] || continue
    decode "$point"
    set -- "$@" "$RAW"
  done <<EOF
$MOUNTS
EOF
  now
  sampled=$NOW
  sample "$@"
  container_logs names
  scan_deleted
  full=$(full_ones)
  if [ -n "$full" ]; then
    scan_mapped
    walk_full $full
  fi
  if [ "$SAMPLE" -gt 0 ]; then
    now
    rest=$((SAMPLE * 100 - (NOW - sampled)))
    if [ "$rest" -gt 0 ]; then
      sleep "$((rest / 100)).$((rest / 10 % 10))" 2>/dev/null || sleep $((rest / 100 + 1))
    fi
    sample "$@"
    container_logs sizes
  fi
  begin finish
  now
  echo "elapsed $((NOW - STARTED))"
  end finish
}

# One function, called in the last line: a script cut off on its way does nothing, and no command eats the rest of it.
main "$@" </dev/null
