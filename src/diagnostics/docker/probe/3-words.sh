# The last words of the daemon, and the kernel's about it.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# What tells how it started, ended or failed; of the rest only errors. At most 60 lines.
TELLING='level=(fatal|panic|error)|failed to start|[Ee]rror starting daemon|unable to configure|^panic:|^fatal error:|panic: |Starting up|API listen on|completed initialization|Processing signal|Daemon shutdown complete|no space left|[Rr]ead-only file system|out of memory|oom|docker\.service: |(Stopped|Stopping|Started|Starting|Failed to start) .*[Dd]ocker|unknown flag|^Status: |pid file found|address already in use|already in use'
telling() { grep -aE "$TELLING" | grep -avE 'containerd.*(loading plugin|skip loading)' | tail -n 60 | escaped | sed 's/^/line /'; }

# said SOURCE LINES: one section
said() {
  [ -n "$2" ] || return 1
  begin words
  echo "source $(escape "$1")"
  printf '%s\n' "$2"
  end words
}

from_journal() {
  command -v journalctl >/dev/null 2>&1 || return 1
  said 'journalctl -u docker' "$(limited 6 journalctl -q -u docker.service -u snap.docker.dockerd.service -n 400 --no-pager -o short-iso 2>/dev/null | telling)"
}

# from_file PATH [PATTERN]: its last 256 KB
from_file() {
  [ -f "$1" ] || return 1
  mount_of "$1"
  case $FS in hazard*) return 1 ;; esac
  if ! [ -r "$1" ]; then
    DENIED="$DENIED $1"
    return 1
  fi
  said "$1" "$(limited 5 tail -c 262144 "$1" | { if [ -n "${2:-}" ]; then grep -a "$2"; else cat; fi; } | telling)"
}

last_words() {
  DENIED=
  spoken=no
  # Where its standard output goes. It may be a deleted file or a pipe.
  if [ -n "$PID" ]; then
    for fd in 1 2; do
      out=$(readlink "/proc/$PID/fd/$fd" 2>/dev/null)
      case $out in /dev/*) ;; /*) from_file "$out" && spoken=yes && break ;; esac
    done
  fi
  [ "$spoken" = yes ] || { from_journal && spoken=yes; }
  if [ "$spoken" = no ]; then
    # The one that was written last; all these names are plain.
    # shellcheck disable=SC2045
    for file in $(ls -t /var/log/docker.log /var/log/upstart/docker.log /var/log/docker /var/log/docker/docker.log /var/log/docker/current 2>/dev/null); do
      from_file "$file" && spoken=yes && break
    done
  fi
  if [ "$spoken" = no ]; then
    for file in /var/log/syslog /var/log/messages /var/log/daemon.log; do
      from_file "$file" docker && break
    done
  fi
  begin kernel
  for file in $DENIED; do echo "denied $file"; done
  kernel=$(limited 3 dmesg 2>/dev/null)
  if [ -n "$kernel" ]; then echo seen; else echo unseen; fi
  printf '%s\n' "$kernel" | grep -aE '(Killed process|Out of memory).*\((dockerd|containerd|docker)' | tail -n 3 | escaped | sed 's/^/oom /'
  end kernel
}
