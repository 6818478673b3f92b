# The daemon: its process, its unit, its socket, and whether it answers.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

facts_of_host() {
  begin host
  echo "uid $(id -u)"
  now
  echo "uptime $NOW"
  echo "epoch $(date +%s)"
  echo "tick $(getconf CLK_TCK 2>/dev/null || echo 100)"
  for tool in stat find awk grep sed timeout sha256sum tail xargs; do
    command -v "$tool" >/dev/null 2>&1 || echo "missing $tool"
  done
  # Whoever may use the docker socket can become root: worth saying; we only ask it how the daemon is.
  case " $(id -Gn 2>/dev/null) " in *' docker '*) [ "$(id -u)" = 0 ] || echo 'power docker' ;; esac
  [ -r /proc/1/stat ] && echo 'pid1 visible' || echo 'pid1 hidden'
  for program in dockerd docker-daemon dockerd-current; do
    found=$(command -v "$program" 2>/dev/null) && echo "program $found" && break
  done
  [ -n "$found" ] || found=$(command -v docker 2>/dev/null)
  [ -n "$found" ] && echo "version $(limited 5 "$found" --version 2>/dev/null | head -n 1 | escaped)"
  end host
}

# PID: the daemon of this host; those inside containers are left out. ARGS: its arguments, one per line.
find_daemon() {
  PID='' ARGS=''
  begin processes
  table=$(printf '%s\n' /proc/[0-9]*/stat | xargs grep -s '' /dev/null | awk '
    { split($1, w, "/"); s = $0; sub(/^.*\) /, "", s); split(s, f, " ")
      c = $0; sub(/^[^(]*\(/, "", c); sub(/\) [A-Za-z] [-0-9 ]*$/, "", c); total++
      if (c ~ /^(dockerd|dockerd-current|docker-daemon|docker)$/) print "p", w[3], c, f[1], f[20] }
    END { print "t", total + 0 }')
  while read -r word pid comm state start; do
    case $word in
      t) echo "total $pid"; continue ;;
      p) ;;
      *) continue ;;
    esac
    # Anybody may call a process so: it is root's, or (rootless) the program that is installed here.
    owner=$(sed -n 's/^Uid:	[0-9]*	\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null)
    if [ "$owner" != 0 ]; then
      exe=$(readlink "/proc/$pid/exe" 2>/dev/null)
      [ -n "$exe" ] && [ "$exe" = "$(readlink -f "$(command -v "$comm" || echo /)")" ] || continue
    fi
    line=$({ tr '\0' '\n' <"/proc/$pid/cmdline"; } 2>/dev/null)
    # Somebody who asks the program what it is, as we do ourselves (`dockerd --version`), is no daemon.
    case $line in *'
--version'* | *'
-v' | *'
--help'* | *'
--validate'*) continue ;; esac
    # Before 1.12 the daemon was `docker daemon` or `docker -d`.
    if [ "$comm" = docker ]; then case $line in *'
daemon'* | *'
-d'*) ;; *) continue ;; esac; fi
    inside=-
    grep -qsE '(docker|libpod|cri-containerd|kubepods)[-/].*[0-9a-f]{64}' "/proc/$pid/cgroup" && inside=container
    echo "process $pid $state $start $inside $comm"
    [ "$inside" = - ] && [ "$state" != Z ] && [ -n "$line" ] && [ -z "$PID" ] || continue
    PID=$pid ARGS=$line
    cat "/proc/$pid/task/"[0-9]*/stat 2>/dev/null | awk '{ sub(/^.*\) /, ""); n[$1]++ } END { for (s in n) print "threads", s, n[s] }'
  done <<EOF
$table
EOF
  if [ -n "$PID" ]; then
    echo "chosen $PID"
    printf '%s\n' "$ARGS" | tail -n +2 | escaped | sed 's/^/argument /'
  fi
  end processes
}

# flag NAME...: the last value of a flag on the command line of the daemon.
flag() {
  printf '%s\n' "$ARGS" | NAMES="$*" awk '
    BEGIN { n = split(ENVIRON["NAMES"], name, " ") }
    take { value = $0; take = 0; next }
    { for (i = 1; i <= n; i++) {
        if ($0 == name[i]) take = 1
        else if (index($0, name[i] "=") == 1) value = substr($0, length(name[i]) + 2)
      } }
    END { print value }'
}

# setting NAME: a string of daemon.json.
setting() { sed -n 's/.*"'"$1"'"[ 	]*:[ 	]*"\([^"]*\)".*/\1/p' "$CONFIG" 2>/dev/null | head -n 1; }

configuration() {
  CONFIG=$(flag --config-file)
  case $CONFIG in /*) ;; *) CONFIG=/etc/docker/daemon.json ;; esac
  begin config
  echo "path $(escape "$CONFIG")"
  if [ -f "$CONFIG" ] && [ -r "$CONFIG" ]; then
    echo state read
    head -c 65536 "$CONFIG" | escaped | sed 's/^/text /'
  elif [ -e "$CONFIG" ]; then echo state denied
  elif [ -x "${CONFIG%/*}" ] || ! [ -e "${CONFIG%/*}" ]; then echo state missing
  else echo state denied
  fi
  end config
}

unit() {
  begin unit
  if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then
    limited 5 systemctl show docker.service -p LoadState -p ActiveState -p SubState -p Result -p UnitFileState -p ExecMainCode -p ExecMainStatus -p NRestarts 2>/dev/null |
      escaped | sed 's/^/systemd /'
  fi
  end unit
}

# SOCKET: where it listens.
socket() {
  hosts=$(printf '%s\n' "$ARGS" | awk '
    take { print; take = 0; next } $0 == "-H" || $0 == "--host" { take = 1; next }
    /^--host=/ { print substr($0, 8); next } /^-H./ { s = substr($0, 3); sub(/^=/, "", s); print s }')
  [ -n "$hosts" ] || hosts=$({ tr -d '\n' <"$CONFIG"; } 2>/dev/null | sed -n 's/.*"hosts"[^[]*\[\([^]]*\)\].*/\1/p' | tr ',' '\n' | sed 's/^[ "	]*//; s/[ "	]*$//')
  SOCKET=$(printf '%s\n' "$hosts" | sed -n 's/^unix:\/\/\(\/.*\)/\1/p' | head -n 1)
  begin socket
  if [ -z "$SOCKET" ]; then
    case $hosts in
      '' | *fd://* | *unix://*) SOCKET=/var/run/docker.sock; [ -e "$SOCKET" ] || [ ! -e /run/docker.sock ] || SOCKET=/run/docker.sock ;;
      *) echo elsewhere ;;
    esac
  fi
  if [ -n "$SOCKET" ]; then
    echo "path $(escape "$SOCKET")"
    if [ -S "$SOCKET" ]; then echo file socket
    elif [ -e "$SOCKET" ]; then echo file other
    elif ( cd "${SOCKET%/*}" ) 2>/dev/null; then echo file missing
    else echo file hidden
    fi
    [ -w "$SOCKET" ] && echo writable
    table=/proc/net/unix
    [ -n "$PID" ] && [ -r "/proc/$PID/net/unix" ] && table=/proc/$PID/net/unix
    # 00010000: it accepts connections.
    [ -r "$table" ] && HC_PATH=$SOCKET awk '
      function plain(s) { sub(/^\/var\/run\//, "/run/", s); return s }
      BEGIN { want = plain(ENVIRON["HC_PATH"]) }
      $4 == "00010000" { s = $0; sub(/^([^ ]+ +)+/, "", s); if (plain($8) == want || plain(s) == want) n++ }
      END { print "listening", n + 0 }' "$table"
  fi
  pidfile=$(flag -p --pidfile)
  case $pidfile in /*) ;; *) pidfile=$(setting pidfile) ;; esac
  case $pidfile in /*) ;; *) pidfile=/var/run/docker.pid ;; esac
  if [ -r "$pidfile" ] && [ -f "$pidfile" ]; then
    named=$(head -c 20 "$pidfile" | tr -cd 0-9)
    comm=-
    [ -n "$named" ] && [ -r "/proc/$named/comm" ] && comm=$(head -c 64 "/proc/$named/comm" | escaped)
    echo "pidfile ${named:--} ${comm:--}"
    echo "pidpath $(escape "$pidfile")"
  fi
  end socket
}

# ask WHAT SECONDS CURL-PATH DOCKER-ARGUMENTS...: prints what of the answer matters; ANSWERED: its status.
ask() {
  what=$1 seconds=$2 path=$3
  shift 3
  begin ask
  echo "what $what"
  echo "tool $TOOL"
  echo "limit $seconds"
  now
  asked=$NOW
  # Ids of containers and images, and a few facts of /info; the client prints bare ids.
  wanted='"(Id|ServerVersion|Driver|DockerRootDir|LoggingDriver)":"[^"]*"|"(LiveRestoreEnabled|Containers|ContainersRunning|Images)":[a-z0-9]+|^(sha256:)?[0-9a-f]{64}$'
  {
    if [ "$TOOL" = curl ]; then
      limited "$((seconds + 2))" curl -sf --noproxy '*' -m "$seconds" --unix-socket "$SOCKET" "http://localhost$path" 2>/dev/null
    else
      DOCKER_HOST=unix://$SOCKET limited "$seconds" docker --config /nonexistent "$@" 2>/dev/null
    fi
    printf '\n%s rc %s\n' "$N" "$?"
  } | grep -aoE "$wanted|^$N rc [0-9]+" | awk -v MARK="$N" "$AWK_ESC"'
      $1 == MARK { print "rc", $3; next }
      NF == 1 && /^(sha256:)?[0-9a-f]+$/ { sub(/^sha256:/, ""); if (n++ < 4000) print "id", $0; next }
      /^"Id":/ { gsub(/"Id":|"|sha256:/, ""); if (n++ < 4000) print "id", esc($0); next }
      { if (!seen[substr($0, 1, index($0, ":"))]++) print "info", esc(substr($0, 1, 500)) }'
  now
  echo "elapsed $((NOW - asked))"
  end ask
}

# What a stuck daemon leaves open is not asked again: the first that is late is the last.
ask_daemon() {
  TOOL=none
  # systemd may listen for a daemon that is down, and asking would start it: asked is only one that is there.
  if [ -z "$PID" ]; then
    [ -r /proc/1/stat ] && return
    [ ! -d /run/systemd/system ] || [ "$(limited 5 systemctl is-active docker.service 2>/dev/null)" = active ] || return
  fi
  if [ -z "$SOCKET" ] || [ "$LIMITS" != yes ] || ! [ -S "$SOCKET" ] || ! [ -w "$SOCKET" ]; then return; fi
  if curl --version 2>/dev/null | grep -q -i unixsocket; then TOOL=curl
  elif command -v docker >/dev/null 2>&1; then TOOL=docker
  else
    begin ask
    printf 'what ping\ntool none\nlimit 0\nelapsed 0\n'
    end ask
    return
  fi
  for question in \
    'ping 4 /_ping version -f ok' \
    'info 8 /info info -f {{.|json}}' \
    'containers 8 /containers/json?all=1 ps -aq --no-trunc' \
    'images 8 /images/json?all=1 images -aq --no-trunc'; do
    set -f
    answer=$(ask $question)
    set +f
    printf '%s\n' "$answer"
    case $answer in *'
rc 0
'*) ;; *) break ;; esac
  done
}
