# Looks at the local ports of every network namespace of a host, from /proc. Read-only, no temporary files, no root,
# no ss or lsof; POSIX sh with busybox tools. Arguments: nonce warn
# Nothing is printed as a host has it: names keep plain letters only, the rest becomes "?".
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# What decides which local ports may be chosen, and for how long they stay taken.
KEYS='ip_local_port_range ip_local_reserved_ports tcp_tw_reuse tcp_tw_reuse_delay tcp_timestamps tcp_max_tw_buckets tcp_tw_recycle'
# At most so many: namespaces whose sysctls are read, and whose tables of sockets are.
MOST_NAMESPACES=200
MOST_TABLES=40
# No new look begins after so many hundredths of a second.
BUDGET=2000

begin() { printf '@%s begin %s\n' "$N" "$1"; }
end() { printf '@%s end %s %s\n' "$N" "$1" "${2:-0}"; }

# Hundredths of a second since boot, without a fork.
now() {
  read -r NOW _ </proc/uptime
  NOW=${NOW%.*}${NOW#*.}
  NOW=${NOW#0}
  NOW=${NOW#0}
}

in_time() {
  now
  [ $((NOW - STARTED)) -lt "$BUDGET" ]
}

# Not every host has it.
limited() {
  if [ -n "$TIMEOUT" ]; then timeout "$@"; else shift; "$@"; fi
}

# The name of a process: 15 bytes of anything (prctl(2)).
name_of() {
  tr -c 'A-Za-z0-9._:/@+-' '?' 2>/dev/null <"/proc/$1/comm" | sed 's/?$//'
}
