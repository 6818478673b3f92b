# The host, its memory, its pressure, and what is counted twice.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

facts_of_host() {
  begin host
  now
  # busybox date knows no %N: whole seconds then.
  stamp=$(date +%s.%N)
  case $stamp in *N*) stamp=$(date +%s) ;; esac
  echo "time $NOW $stamp"
  echo "uid $(id -u)"
  echo "tick $(getconf CLK_TCK 2>/dev/null || echo 100)"
  echo "page $(getconf PAGESIZE 2>/dev/null || echo 4096)"
  # The init process of a container says so to root only; the others are files.
  kind=
  [ -e /.dockerenv ] && kind=docker
  [ -e /run/.containerenv ] && kind=podman
  [ -r /run/systemd/container ] && read -r kind </run/systemd/container
  grep -q '^lxcfs /proc/' /proc/mounts 2>/dev/null && kind=lxc
  [ -z "$kind" ] || printf '%s\n' "$kind" | told container
  for tool in awk grep sed find stat xargs timeout readlink dmesg; do
    command -v "$tool" >/dev/null 2>&1 || echo "missing $tool"
  done
  command -v timeout >/dev/null 2>&1 && TIMEOUT=1
  if [ -r /proc/1/stat ]; then echo 'pid1 visible'; else echo 'pid1 hidden'; fi
  end host
}

# Counters: the second sample tells what goes on now from what once was.
sample() {
  begin sample
  now
  echo "at $NOW"
  sed 's/^/load /' /proc/loadavg
  grep -E '^(cpu|procs_running|procs_blocked)' /proc/stat
  grep -sE '^(pswpin|pswpout|oom_kill) ' /proc/vmstat
  # One line per processor, hexadecimal; its first line names the columns.
  [ ! -r /proc/net/stat/nf_conntrack ] || sed 's/^/track /' /proc/net/stat/nf_conntrack
  blocked_tasks
  listeners
  end sample
}

memory() {
  begin memory
  grep -E '^(MemTotal|MemFree|MemAvailable|Buffers|Cached|SwapTotal|SwapFree|Shmem|SReclaimable|SUnreclaim|CommitLimit|Committed_AS|HugePages_Total|HugePages_Free|Hugepagesize|AnonPages):' /proc/meminfo
  status=$?
  # cat: a shell reads byte by byte, which a sysctl does not allow.
  sed 's/^/Overcommit: /' /proc/sys/vm/overcommit_memory
  end memory "$status"
}

# PSI: missing before Linux 4.20, and "not supported" where it is turned off (psi=0).
pressure() {
  begin pressure
  for kind in cpu io memory; do
    if [ ! -e /proc/pressure/$kind ]; then
      echo "$kind absent"
    elif ! sed "s/^/$kind /" /proc/pressure/$kind 2>/dev/null; then
      echo "$kind off"
    fi
  done
  end pressure
}
