# Limits: control groups, descriptors, processes, accept queues, connection tracking; and the clock.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk over `file:value` of both versions of control groups: one line per group that has something to say.
AWK_GROUPS='
/^:[0-9]+$/ { if ($0 == ":124" || $0 == ":137" || $0 == ":143") late = 1; next }
{ at = 0; for (i = length($0); i > 0; i--) if (substr($0, i, 1) == ":") { at = i; break }
  path = substr($0, 1, at - 1); value = substr($0, at + 1)
  if (!match(path, /\/[a-z_.]+$/)) next
  file = substr(path, RSTART + 1); dir = substr(path, 1, RSTART - 1)
  if (!(dir in seen)) { seen[dir] = 1; order[++n] = dir }
  if (file == "memory.max" || file == "memory.limit_in_bytes") limit[dir] = value
  else if (file == "memory.current" || file == "memory.usage_in_bytes") usage[dir] = value
  else if (file == "pids.max") pmax[dir] = value
  else if (file == "pids.current") pids[dir] = value
  else if (file == "pids.events") { if (value ~ /^max [0-9]+$/) { split(value, w, " "); denied[dir] = w[2] } }
  else if (file == "memory.events.local") { if (value ~ /^oom_kill [0-9]+$/) { split(value, w, " "); own[dir] = w[2] } }
  else if (value ~ /^oom_kill [0-9]+$/) { split(value, w, " "); if (file == "memory.oom_control") own[dir] = w[2]; else sum[dir] = w[2] }
  else if (value ~ /^under_oom 1$/) under[dir] = 1 }
function number(v) { return v ~ /^[0-9]+$/ ? v : "-" }
END {
  print "walked", n + 0, late + 0
  # Before Linux 5.2 there are sums over the children only: what the children explain is taken off.
  for (i = 1; i <= n; i++) { d = order[i]; up = d; sub(/\/[^\/]*$/, "", up); if ((d in sum) && (up in sum)) below[up] += sum[d] }
  for (i = 1; i <= n; i++) { d = order[i]
    if (d in own) kills = own[d]; else { kills = sum[d] - below[d]; if (kills < 0) kills = 0 }
    near = (limit[d] ~ /^[0-9]+$/ && limit[d] + 0 < 9e18 && usage[d] >= limit[d] * 0.9)
    crowd = (pmax[d] ~ /^[0-9]+$/ && pids[d] >= pmax[d] * 0.8)
    if (!(kills > 0 || under[d] || near || crowd || denied[d] > 0) || shown++ >= 200) continue
    print "group", kills + 0, under[d] + 0, near ? limit[d] : "-", near ? usage[d] : "-", number(pmax[d]), number(pids[d]), denied[d] + 0, esc(d) }
}'

control_groups() {
  begin cgroups
  roots=$(awk '{ for (s = 7; s <= NF && $s != "-"; s++); o = "," $(s + 3) ","
    if ($(s + 1) == "cgroup2" || ($(s + 1) == "cgroup" && o ~ /,(memory|pids),/)) if (!seen[$3]++) print $5 }' /proc/self/mountinfo)
  groups=
  [ -z "$roots" ] || groups=$({
    within 5 find $roots -type f '(' -name memory.max -o -name memory.current -o -name memory.events -o -name memory.events.local \
      -o -name memory.limit_in_bytes -o -name memory.usage_in_bytes -o -name memory.oom_control \
      -o -name pids.max -o -name pids.current -o -name pids.events ')' \
      -exec grep -sHE '^([0-9]+|max|oom_kill [0-9]+|under_oom 1|max [0-9]+)$' '{}' +
    echo ":$?"
  } | awk "$AWK_ESC$AWK_GROUPS")
  [ -z "$groups" ] || printf '%s\n' "$groups"
  # What a group near its limit could give back: its page cache.
  printf '%s\n' "$groups" | awk '$1 == "group" && $4 != "-" && n++ < 20 { sub(/^([^ ]+ ){8}/, ""); $1 = $1; print $NF }' | while read -r dir; do
    raw=$(printf '%b' "$(printf '%s' "$dir" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')")
    cache=$(within 2 grep -hE '^(total_)?inactive_file ' "$raw/memory.stat" | awk '{ v = $2 } END { print v }')
    [ -z "$cache" ] || printf 'cache %s %s\n' "$cache" "$dir"
  done
  end cgroups
}

# How many descriptors each process holds, against its limit. Since Linux 6.2 the size of the directory is the number,
# for everybody; before, who may list it counts.
descriptors() {
  begin descriptors
  sed 's/^/system /' /proc/sys/fs/file-nr
  how=size
  case $(stat -c %s /proc/self/fd 2>/dev/null) in '' | 0) how=list ;; esac
  echo "how $how"
  pids=$(printf '%s\n' "$PROCESSES" | awk '$1 == "p" { print $2 }')
  tops=$({
    printf '%s\n' "$PROCESSES" | awk '$1 == "p"'
    printf '/proc/%s/limits\n' $pids | xargs grep -s '^Max open files' /dev/null | awk '{ split($1, w, "/"); print "l", w[3], $4 }'
    if [ "$how" = size ]; then
      printf '/proc/%s/fd\n' $pids | xargs stat -c '%s %n' 2>/dev/null | awk '{ split($2, w, "/"); print "f", w[3], $1 }'
    else
      printf '/proc/%s/fd\n' $pids | xargs ls /dev/null 2>&1 | awk '
        /ermission denied/ { no++ } END { print "x", no + 0 }
        /^\/proc\/[0-9]+\/fd:$/ { split($0, w, "/"); pid = w[3]; n[pid] = 0; next } /^[0-9]+$/ { n[pid]++ } END { for (p in n) print "f", p, n[p] }'
    fi
  } | awk '
    $1 == "p" { start[$2] = $5; s = $0; sub(/^p [0-9]+ [0-9]+ [0-9]+ [0-9]+ /, "", s); name[$2] = s; total++ }
    $1 == "l" { limit[$2] = $3 } $1 == "f" { n[$2] = $3 } $1 == "x" { denied = $2 }
    END { print "seen", total - denied, total + 0
      for (p in n) if (limit[p] ~ /^[0-9]+$/ && limit[p] >= 32 && n[p] >= limit[p] * 0.8) print n[p] / limit[p], "process", p, start[p], n[p], limit[p], name[p] }')
  printf '%s\n' "$tops" | grep '^seen'
  printf '%s\n' "$tops" | grep -v '^seen' | sort -rn | head -n 10 | sed 's/^[^ ]* //'
  for pid in $(printf '%s\n' "$tops" | grep -v '^seen' | sort -rn | awk 'NR <= 3 { print $3 }'); do
    owner "$pid" | sed "s/^/in $pid /"
    ls -l "/proc/$pid/fd" 2>/dev/null | awk -v p="$pid" "$AWK_ESC"'
      { at = index($0, " -> "); if (!at) next; t = substr($0, at + 4)
        if (t ~ /^socket:/) t = "socket"; else if (t ~ /^pipe:/) t = "pipe"; else if (t ~ /^anon_inode:/) t = substr(t, 12)
        else sub(/\/[^\/]*$/, "/", t); n[t]++ }
      END { for (t in n) print n[t], "kind", p, n[t], esc(t) }' | sort -rn | head -n 4 | sed 's/^[^ ]* //'
  done
  end descriptors
}

process_limits() {
  begin limits
  for name in kernel/pid_max kernel/threads-max net/core/somaxconn; do
    sed "s,^,$name ," "/proc/sys/$name" 2>/dev/null
  done
  end limits
}

# SPACES: one process of every network namespace. The inode of a file below /proc/P/net tells them apart without rights.
namespaces() {
  SPACES=$(printf '%s\n' /proc/[0-9]*/net/netstat | xargs stat -L -c '%i %n' 2>/dev/null | awk '!s[$1]++ && n++ < 64 { split($2, w, "/"); print w[3] }')
}

# `space P overflows drops`, then QUEUED: `queue P address inode waiting` of sockets with connections that nobody
# accepted yet. Listening sockets come first in the table: the others are not read.
listeners() {
  counted=$(for pid in $SPACES; do
    awk -v p="$pid" '/^TcpExt:/ { if (!n) { n = split($0, h, " "); next } split($0, v, " "); for (i = 2; i <= n; i++) if (h[i] == "ListenOverflows") o = v[i]; else if (h[i] == "ListenDrops") d = v[i] }
      END { if (n) print "space", p, o + 0, d + 0 }' "/proc/$pid/net/netstat"
    for table in tcp tcp6; do
      awk -v p="$pid" 'NR > 1 { if ($4 != "0A") exit; split($5, q, ":"); if (q[2] !~ /^0+$/) print "queue", p, $2, $10, q[2] }' "/proc/$pid/net/$table"
    done
  done 2>/dev/null)
  QUEUED=$(printf '%s\n' "$counted" | grep '^queue')
  [ -z "$counted" ] || printf '%s\n' "$counted"
}

# Whose queue it is (given as inodes) and how long it may be, where `ss` is there to say so.
queue_owners() {
  begin queues
  if [ $# -gt 0 ]; then
    for pid in $SPACES; do
      reader=
      [ "$(stat -L -c %i "/proc/$pid/net/netstat" 2>/dev/null)" = "$(stat -L -c %i /proc/self/net/netstat)" ] || reader="nsenter -t $pid -n --"
      within 2 $reader ss -ltne | awk -v p="$pid" -v wanted=" $* " '{ for (i = 6; i <= NF; i++) if ($i ~ /^ino:/) { ino = substr($i, 5); if (index(wanted, " " ino " ")) print "limit", p, ino, $3 } }'
    done
    # The oldest of those that share it; stopped only when all of them are.
    ls -l /proc/[0-9]*/fd 2>/dev/null | awk -v wanted=" $* " '
      /^\/proc\/[0-9]+\/fd:$/ { split($0, w, "/"); pid = w[3]; next }
      / -> socket:\[[0-9]+\]$/ { i = $NF; gsub(/[^0-9]/, "", i); if (!index(wanted, " " i " ") || ((i, pid) in s)) next
        s[i, pid] = 1; if (!(i in who) || pid + 0 < who[i] + 0) who[i] = pid; n[i]++; if (n[i] <= 64) all[i] = all[i] " " pid }
      END { for (i in who) print i, who[i], all[i] }' | while read -r inode pid holders; do
      printf '%s\n' "$PROCESSES" | awk -v p="$pid" -v i="$inode" '$1 == "p" && $2 == p { sub(/^p [0-9]+ [0-9]+ [0-9]+ [0-9]+ /, ""); print "owner", i, p, $0 }'
      owner "$pid" | sed "s/^/in $pid /"
      printf '/proc/%s/stat\n' $holders | xargs cat 2>/dev/null | awk -v p="$pid" "$AWK_ESC$AWK_STAT"'whole($0) { s = s F[1]; R = "" } END { if (s != "") print "state", p, s }'
    done
  fi
  end queues
}

conntrack() {
  begin conntrack
  for name in nf_conntrack_count nf_conntrack_max; do
    [ ! -e "/proc/sys/net/netfilter/$name" ] || sed "s/^/$name /" "/proc/sys/net/netfilter/$name" 2>/dev/null || echo "$name denied"
  done
  end conntrack
}

# Whoever knows whether the clock is right. None of them may block us.
clock() {
  begin clock
  if within 2 chronyc -n tracking >/dev/null; then within 2 chronyc -n tracking | told chronyc; fi
  within 2 timedatectl show -p NTP -p NTPSynchronized | told timedatectl
  if within 2 ntpq -c rv >/dev/null; then within 2 ntpq -c rv | told ntpq; fi
  # busybox: the kernel's own word; bit 6 is STA_UNSYNC (adjtimex(2)).
  { within 2 adjtimex || within 2 busybox adjtimex; } | grep -E '^ *(-[a-z] )? *(status|offset|maxerror):' | told adjtimex
  [ -e /run/systemd/timesync/synchronized ] && echo 'timesyncd synchronized'
  end clock
}
