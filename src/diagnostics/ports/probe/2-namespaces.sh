# The host, its network namespaces, the containers in them, and their settings.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

facts_of_host() {
  UID_HERE=$(id -u)
  OWN=$(stat -L -c %i /proc/self/net/tcp 2>/dev/null)
  TIMEOUT=
  timeout 5 true 2>/dev/null && TIMEOUT=yes
  ENTER=
  if [ "$UID_HERE" = 0 ]; then
    if command -v nsenter >/dev/null 2>&1; then ENTER=nsenter
    elif busybox nsenter --help >/dev/null 2>&1; then ENTER='busybox nsenter'; fi
  fi
  begin host
  echo "uid $UID_HERE"
  read -r line </proc/sys/kernel/osrelease && echo "kernel $line"
  # /proc/net/tcp has addresses in the byte order of the host.
  case $(printf '\001\000' | od -d) in *' 256'* | *'	256'*) echo 'order big' ;; *) echo 'order little' ;; esac
  echo "own ${OWN:-0}"
  echo "enter ${ENTER:-none}"
  # Whoever may use the docker socket can become root: worth saying, never worth using.
  case " $(id -Gn 2>/dev/null) " in *' docker '*) [ "$UID_HERE" = 0 ] || echo 'power docker' ;; esac
  [ -r /proc/1/stat ] && echo 'pid1 visible' || echo 'pid1 hidden'
  for tool in stat awk grep sed tr od xargs; do command -v "$tool" >/dev/null 2>&1 || echo "missing $tool"; done
  end host
}

# PROCESSES: `inode pid`. The inode of /proc/PID/net/tcp is that of its namespace, and everybody may see it; the link
# ns/net needs rights. SPACES: `inode pid count tw open`, most sockets first, pid the lowest one.
list_namespaces() {
  PROCESSES=$(printf '%s\n' /proc/[0-9]*/net/tcp | xargs stat -L -c '%i %n' 2>&1 | awk '
    /^[0-9]+ \/proc\/[0-9]+\/net\/tcp$/ { split($2, w, "/"); print $1, w[3]; next }
    /ermitted|ermission denied/ { denied++ }
    END { print "denied", denied + 0 }')
  DENIED=${PROCESSES##*denied }
  PROCESSES=$(printf '%s\n' "$PROCESSES" | grep '^[0-9]')
  first=$(printf '%s\n' "$PROCESSES" | awk '
    NF == 2 { n[$1]++; if (!($1 in pid) || $2 < pid[$1]) pid[$1] = $2 + 0 }
    END { for (i in n) print i, pid[i], n[i] }')
  # sockstat costs nothing, the table of sockets does: it is read only where there are enough.
  SPACES=$(
    {
      printf '%s\n' "$first"
      printf '%s\n' "$first" | awk 'NF == 3 { print "/proc/" $2 "/net/sockstat"; print "/proc/" $2 "/net/sockstat6" }' |
        xargs grep -s '^TCP6*:' /dev/null
    } | awk -v own="$OWN" '
      NF == 3 && $1 ~ /^[0-9]+$/ { space[$2] = $1; count[$2] = $3; next }
      match($1, /^\/proc\/[0-9]+\/net\/sockstat6*:TCP6*:$/) {
        split($1, w, "/"); p = w[3]; seen[p] = 1
        for (i = 2; i < NF; i++) { if ($i == "inuse") open[p] += $(i + 1); if ($i == "tw") tw[p] = $(i + 1) }
      }
      END { for (p in space) print (space[p] == own) ? 1 : 0, tw[p] + open[p], space[p], p, count[p], (p in seen) ? tw[p] + 0 : "-", (p in seen) ? open[p] + 0 : "-" }' |
      sort -k1,1nr -k2,2nr -k3,3n | awk '{ print $3, $4, $5, $6, $7 }'
  )
  ALL=$(printf '%s\n' "$SPACES" | grep -c '^[0-9]')
  SPACES=$(printf '%s\n' "$SPACES" | awk -v most="$MOST_NAMESPACES" 'NF == 5 && NR <= most')
}

print_namespaces() {
  begin namespaces
  printf '%s\n' "$PROCESSES" | awk 'NF == 2 { n++ } END { print "total", n + 0 }'
  echo "denied $DENIED"
  echo "found $ALL"
  printf '%s\n' "$SPACES" | while read -r inode pid count tw open; do
    [ -n "$inode" ] && echo "ns $inode $pid $count $tw $open $(name_of "$pid")"
  done
  end namespaces
}

# `inode id` of each container: the last 64 hex digits of the cgroup are the innermost one's id.
list_containers() {
  printf '%s\n' "$PROCESSES" | awk 'NF == 2 { print "/proc/" $2 "/cgroup" }' |
    xargs grep -s -o -E '[0-9a-f]{64}' /dev/null | {
    printf '%s\n' "$PROCESSES"
    cat
  } | awk '
      NF == 2 { space[$2] = $1; next }
      { at = index($0, ":"); split($0, w, "/"); id[w[3]] = substr($0, at + 1) }
      END { for (p in id) if (p in space && !((space[p], id[p]) in seen)) { seen[space[p], id[p]] = 1; print space[p], id[p] } }' |
    sort | awk 'n[$1]++ < 20'
}

# DOCKER: where dockerd keeps its containers, if that is on no network file system: a hung server hangs whoever asks.
find_docker_root() {
  DOCKER=
  # It is root's: anybody may call a process so, and give it any words.
  daemon=$(printf '%s\n' /proc/[0-9]*/comm | xargs grep -l -s -x 'dockerd' /dev/null | sed 's/comm$/status/' |
    xargs grep -l -s '^Uid:	0	0	' /dev/null | sed -n '1s/[^0-9]//gp')
  [ -n "$daemon" ] && DOCKER=$(tr '\0' '\n' <"/proc/$daemon/cmdline" 2>/dev/null | awk '
    take { print; exit } /^--(data-root|graph)=/ { sub(/^[^=]*=/, ""); print; exit }
    $0 == "--data-root" || $0 == "--graph" || $0 == "-g" { take = 1 }')
  [ -n "$DOCKER" ] || DOCKER=$(sed -n 's/.*"data-root"[ ]*:[ ]*"\([^"]*\)".*/\1/p' /etc/docker/daemon.json 2>/dev/null)
  case $DOCKER in /*) ;; *) DOCKER=/var/lib/docker ;; esac
  type=$(HC_DOCKER=$DOCKER awk '
    { path = ENVIRON["HC_DOCKER"]; for (s = 7; s <= NF && $s != "-"; s++);
      if (($5 == "/" || path == $5 || index(path, $5 "/") == 1) && length($5) >= best) { best = length($5); type = $(s + 1) } }
    END { print type }' /proc/self/mountinfo)
  case $type in ext[234] | xfs | btrfs | zfs | f2fs | tmpfs | overlay) ;; *) DOCKER= ;; esac
}

# `id name image` from docker's own files, else from the daemon, which may be stuck. Docker writes one line of JSON, in
# which a quote within a text is \", so that a text cannot pass for a key.
container_names() {
  known=
  files=
  [ -z "$DOCKER" ] || for id in $(printf '%s\n' "$CONTAINERS" | awk '{ print $2 }' | sort -u); do
    [ -r "$DOCKER/containers/$id/config.v2.json" ] && files="$files $id"
  done
  [ -z "$files" ] || (
    cd "$DOCKER/containers" && printf '%s/config.v2.json\n' $files | xargs awk '
      FNR == 1 {
        image = "-"; name = "-"
        if (match($0, /"Config":\{/)) {
          rest = substr($0, RSTART + RLENGTH)
          if (match(rest, /"Image":"[A-Za-z0-9_.\/:@-]+"/)) image = substr(rest, RSTART + 9, RLENGTH - 10)
        }
        if (match($0, /"Name":"\/[A-Za-z0-9_.-]+"/)) name = substr($0, RSTART + 9, RLENGTH - 10)
        print substr(FILENAME, 1, 64), name, image
      }' /dev/null
  )
  [ -z "$files" ] && [ -n "$CONTAINERS" ] && [ -n "$TIMEOUT" ] && [ -w /var/run/docker.sock ] &&
    timeout 5 docker -H unix:///var/run/docker.sock ps --no-trunc --format '{{.ID}} {{.Names}} {{.Image}}' 2>/dev/null |
    awk '/^[0-9a-f]+ [A-Za-z0-9_.,\/-]+ [A-Za-z0-9_.\/:@-]+$/ && length($1) == 64 && n++ < 200'
  :
}

print_containers() {
  begin containers
  CONTAINERS=$(list_containers)
  if [ -n "$CONTAINERS" ]; then
    find_docker_root
    names=$(container_names)
    printf '%s\n' "$CONTAINERS" | sed 's/^/container /'
    [ -z "$names" ] || printf '%s\n' "$names" | sed 's/^/name /'
  fi
  end containers
}

# Runs inside the namespace: the inode proves which one it is.
LOOK_INSIDE='stat -L -c "inode:%i" /proc/self/net/tcp; cd /proc/sys/net/ipv4 && grep -s "" "$@" /dev/null; :'

# INODE PID -> `how …` and `key value` lines.
settings_of() {
  if [ "$1" = "$OWN" ]; then
    how=own
    text=$(sh -c "$LOOK_INSIDE" sh $KEYS 2>/dev/null)
  elif [ -z "$ENTER" ]; then
    echo 'how denied'
    return
  else
    how=entered
    text=$(limited 5 $ENTER -t "$2" -n sh -c "$LOOK_INSIDE" sh $KEYS 2>/dev/null)
  fi
  case $text in "inode:$1"*) ;; *) echo 'how failed'; return ;; esac
  echo "how $how"
  printf '%s\n' "$text" | sed -n 's/^\([a-z_]*\):/\1 /p' | tr '\t' ' ' | grep -v '^inode '
}

# awk: the ports of a range and how many of them are reserved, from settings_of.
AWK_RANGE='
$1 == "ip_local_port_range" { lo = $2 + 0; hi = $3 + 0 }
$1 == "ip_local_reserved_ports" { list = $2 }
END {
  if (!hi) exit
  n = split(list, part, ",")
  for (i = 1; i <= n; i++) {
    split(part[i], e, "-"); a = e[1] + 0; b = (e[2] == "") ? a : e[2] + 0
    if (a < lo) a = lo; if (b > hi) b = hi
    if (b >= a) reserved += b - a + 1
  }
  print "ports", lo, hi, reserved + 0
}'
