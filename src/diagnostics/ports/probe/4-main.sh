# The round trip.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# Whether the namespace may be short of ports: SOCKETS SETTINGS.
worth_reading() {
  ports=$(printf '%s\n' "$2" | awk "$AWK_RANGE")
  if [ -z "$ports" ]; then
    [ "$1" -ge 50 ]
    return
  fi
  set -- "$1" $ports
  [ $(($1 * 100)) -ge $((WARN * ($4 - $3 + 1 - $5))) ] && [ "$1" -gt 0 ]
}

look_at() {
  begin settings
  echo "ns $1"
  settings=$(settings_of "$1" "$2")
  # Reserved ports may be a list of thousands.
  printf '%s\n' "$settings" | cut -c 1-400
  printf '%s\n' "$settings" | awk "$AWK_RANGE"
  end settings
  [ "$1" = "$OWN" ] && OWN_PORTS=$(printf '%s\n' "$settings" | awk "$AWK_RANGE" | sed 's/^ports \(.*\) .*/\1/')
  case $4 in *[!0-9]* | '') return ;; esac
  worth_reading $(($4 + $5)) "$settings" || return
  TABLES=$((TABLES + 1))
  if [ "$TABLES" -le "$MOST_TABLES" ] && in_time; then sockets_of "$1" "$2" "$settings"; else UNREAD=$((UNREAD + 1)); fi
}

main() {
  N=$1 WARN=$2
  case $N in '' | *[!A-Za-z0-9]*) echo 'ports probe: the nonce must be letters and digits' >&2; exit 64 ;; esac
  LC_ALL=C
  export LC_ALL
  PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
  renice -n 10 -p $$ >/dev/null 2>&1
  now
  STARTED=$NOW
  facts_of_host
  # ::ffff:0:0/96, four bytes at a time.
  case $(printf '\001\000' | od -d) in *' 256'*) MAPPED=00000000000000000000FFFF ;; *) MAPPED=0000000000000000FFFF0000 ;; esac
  list_namespaces
  print_namespaces
  print_containers
  TABLES=0 UNREAD=0 OWN_PORTS='32768 60999'
  while read -r inode pid count tw open; do
    [ -n "$inode" ] || continue
    if in_time; then look_at "$inode" "$pid" "$count" "$tw" "$open"; else UNREAD=$((UNREAD + 1)); fi
  done <<END_OF_SPACES
$SPACES
END_OF_SPACES
  begin finish
  now
  echo "elapsed $((NOW - STARTED))"
  echo "unread $UNREAD"
  end finish
}

# One function, called in the last line: a script cut off on its way does nothing, and no command eats the rest of it.
main "$@" </dev/null
