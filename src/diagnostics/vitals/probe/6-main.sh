# The round trip: what is counted twice lies around what is looked at once.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# P/T of the tasks that still sleep the same sleep.
stuck_tasks() {
  printf '%s\n%s\n' "$1" "$2" | awk '
    $1 == "slept" { k = $2 "/" $3 " " $4 " " $6; if ((k in seen) && $6 != "?" && n++ < 20) print $2 "/" $3; seen[k] = 1 }'
}

# Inodes of the sockets whose connections waited in both samples.
full_queues() {
  printf '%s\n%s\n' "$1" "$2" | awk '$1 == "queue" { if (($4 in seen) && n++ < 8) print $4; seen[$4] = 1 }'
}

main() {
  N=$1
  case $N in '' | *[!A-Za-z0-9]*) echo 'vitals probe: the nonce must be letters and digits' >&2; exit 64 ;; esac
  LC_ALL=C
  export LC_ALL
  PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
  TIMEOUT='' BLOCKED=''
  renice -n 10 -p $$ >/dev/null 2>&1
  now
  STARTED=$NOW
  facts_of_host
  namespaces
  list_processes
  now
  sampled=$NOW
  sample
  slept=$SLEPT queued=$QUEUED
  memory
  pressure
  kernel_log
  control_groups
  descriptors
  process_limits
  conntrack
  clock
  now
  rest=$((300 - (NOW - sampled)))
  if [ "$rest" -gt 0 ]; then
    sleep "$((rest / 100)).$((rest / 10 % 10))" 2>/dev/null || sleep $((rest / 100 + 1))
  fi
  sample
  top_processes
  explain $(stuck_tasks "$slept" "$SLEPT")
  queue_owners $(full_queues "$queued" "$QUEUED")
  begin finish
  now
  echo "elapsed $((NOW - STARTED))"
  end finish
}

# One function, called in the last line: a script cut off on its way does nothing, and no command eats the rest of it.
main "$@" </dev/null
