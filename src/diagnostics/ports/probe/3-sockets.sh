# The sockets of a namespace: how many local ports each destination takes, and who holds them.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk over the reserved ports, then /proc/PID/net/tcp and tcp6. What is limited is the local port per local address,
# remote address and remote port. A port that somebody listens on is passed over by connect(), and what was accepted
# on it took none. Numbers stay hexadecimal: of one length, they compare as texts.
AWK_SOCKETS='
BEGIN { LO = sprintf("%04X", lo); HI = sprintf("%04X", hi); YOUNG = sprintf("%08X", 6000 - delay / 10) }
$1 == "reserved" {
  n = split($2, part, ",")
  for (i = 1; i <= n; i++) {
    split(part[i], e, "-"); b = (e[2] == "") ? e[1] : e[2]
    for (p = e[1] + 0; p <= b + 0; p++) reserved[sprintf("%04X", p)] = 1
  }
  next
}
$1 == "sl" { tables++; next }
NF < 10 { next }
{
  lines++
  at = index($2, ":"); la = substr($2, 1, at - 1); lp = substr($2, at + 1); ra = $3
  if ($4 == "0A") { listening[lp] = 1; next }
  if (lp in listening) next
  if (length(la) == 32 && substr(la, 1, 24) == mapped) { la = substr(la, 25); ra = substr(ra, 25) }
  k = la " " ra
  # Read while it changes, a socket may be seen twice.
  if ((k, lp) in seen) next
  if (++kept > 500000) { cut = 1; next }
  seen[k, lp] = 1
  if ((lp in reserved) || lp "" < LO || lp "" > HI) { outside[k]++; if (known) next }
  if (!c[k]++) { mn[k] = lp; mx[k] = lp }
  if (lp "" < mn[k] "") mn[k] = lp
  if (lp "" > mx[k] "") mx[k] = lp
  if ($4 == "06") { tw[k]++; if (substr($6, 4) "" > YOUNG) young[k]++ }
  else {
    if ($4 == "01") est[k]++; else if ($4 == "08") wait[k]++; else if ($4 == "02") syn[k]++; else other[k]++
    uid[k] = $8
  }
}
END {
  for (p in listening) if (!(p in reserved) && p "" >= LO && p "" <= HI) taken++
  room = hi - lo + 1 - held - taken
  gate = known ? room * warn / 100 : 50
  print "read", tables + 0, lines + 0, taken + 0, cut + 0
  for (k in c) if (c[k] >= gate && c[k] > 0) {
    m++
    print "dest", k, c[k], outside[k] + 0, mn[k], mx[k], tw[k] + 0, young[k] + 0, est[k] + 0, wait[k] + 0, syn[k] + 0, other[k] + 0, (k in uid) ? uid[k] : "-"
  }
  print "hot", m + 0
}'

# awk: sockets of the destinations on the first lines, joined with the descriptors of processes.
AWK_OWNERS='
$1 == "want" { want[$2 " " $3] = 1; next }
$1 == "sl" { table = 1; next }
/^\/proc\/[0-9]+\/fd:$/ { table = 0; split($0, w, "/"); pid = w[3]; next }
table && NF >= 10 && $4 != "06" && $4 != "0A" && $10 != "0" {
  at = index($2, ":"); la = substr($2, 1, at - 1); ra = $3
  if (length(la) == 32 && substr(la, 1, 24) == mapped) { la = substr(la, 25); ra = substr(ra, 25) }
  if ((la " " ra) in want) of[$10] = la " " ra
  next
}
!table && match($0, / -> socket:\[[0-9]+\]$/) {
  inode = substr($0, RSTART + 12, RLENGTH - 13)
  if (!(inode in of)) next
  k = of[inode]; sub(/ -> .*/, ""); fd = $NF
  n[k, pid]++; proof[k, pid] = fd " " inode; keys[k, pid] = k " " pid
}
END { for (x in keys) print keys[x], n[x], proof[x] }'

tables_of() { cat "/proc/$1/net/tcp" "/proc/$1/net/tcp6" 2>/dev/null; }

# INODE PID: who holds the sockets of the destinations of $hot. What ls prints is checked against the link itself.
owners_of() {
  pids=$(printf '%s\n' "$PROCESSES" | awk -v i="$1" '$1 == i && n++ < 20000 { print "/proc/" $2 "/fd" }')
  {
    printf '%s\n' "$hot" | awk '{ print "want", $2, $3 }'
    tables_of "$2"
    printf '%s\n' "$pids" | limited 10 xargs ls -ln /dev/null 2>/dev/null
  } | awk -v mapped="$MAPPED" "$AWK_OWNERS" | sort -k4,4nr | awk 'n[$1 " " $2]++ < 3' |
    while read -r la ra pid count fd inode; do
      [ "$(readlink "/proc/$pid/fd/$fd" 2>/dev/null)" = "socket:[$inode]" ] || continue
      echo "owner $la $ra $pid $count $(name_of "$pid")"
    done
}

counters_of() {
  awk '$1 != "TcpExt:" { next }
    !names { names = split($0, name, " "); next }
    { for (i = 2; i <= names; i++) if (name[i] ~ /^(TW|TWRecycled|TCPTimeWaitOverflow)$/ && $i ~ /^[0-9]+$/) print "counter", name[i], $i }' \
    "/proc/$1/net/netstat" 2>/dev/null
}

# INODE PID SETTINGS: settings unknown: counted against the range of the host, all ports of a destination are.
sockets_of() {
  begin sockets
  echo "ns $1"
  set -- "$1" "$2" "$3" $(printf '%s\n' "$3" | awk "$AWK_RANGE")
  known=1
  if [ $# -lt 7 ]; then
    known=0
    set -- "$1" "$2" '' ports $OWN_PORTS 0
  fi
  delay=$(printf '%s\n' "$3" | awk '$1 == "tcp_tw_reuse_delay" { print $2 }')
  found=$({
    printf '%s\n' "$3" | sed -n 's/^ip_local_reserved_ports /reserved /p'
    tables_of "$2"
  } | awk -v lo="$5" -v hi="$6" -v held="$7" -v known="$known" -v delay="${delay:-1000}" -v warn="$WARN" -v mapped="$MAPPED" "$AWK_SOCKETS")
  hot=$(printf '%s\n' "$found" | grep '^dest ' | sort -k4,4nr -k2,3 | awk 'NR <= 20')
  printf '%s\n' "$found" | grep -v '^dest '
  if [ -n "$hot" ]; then
    printf '%s\n' "$hot"
    counters_of "$2"
    owners_of "$1" "$2"
  fi
  # Somebody else may have the pid by now.
  case $(stat -L -c %i "/proc/$2/net/tcp" 2>/dev/null) in "$1") echo same ;; *) echo changed ;; esac
  end sockets
}
