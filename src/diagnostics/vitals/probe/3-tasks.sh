# Processes and threads: who runs, who waits and for what.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk: lines of /proc/P/stat put together to R, because a name may hold line breaks; F: the fields behind it, state
# first. No name (15 bytes) can hold a whole line, so no process can speak for another.
AWK_STAT='
function whole(line,  s) {
  R = (R == "") ? line : R "\n" line; parts++
  s = R; sub(/^.*\) /, "", s)
  if (split(s, F, " ") >= 40) { parts = 0; return 1 }
  if (parts > 16) { R = ""; parts = 0 }
  return 0
}
function named(  s) { s = substr(R, index(R, "(") + 1); sub(/\) [A-Za-z] -?[0-9]+ [^)]*$/, "", s); R = ""; return esc(s) }'

# awk over `pid (name) state …`: ticks, pages, start and name of each process.
AWK_PROCESSES='
whole($0) { pid = R + 0; name = named(); if (int(F[7] / 2097152) % 2) next
  print "p", pid, F[12] + F[13], F[22], F[20], name }'

# awk over `/proc/P/task/T/stat:T (name) state …`: those in uninterruptible sleep, name last.
AWK_BLOCKED='
match($0, /^\/proc\/[0-9]+\/task\/[0-9]+\/stat:/) {
  split($0, w, "/"); if (!whole(substr($0, RLENGTH + 1))) next
  name = named(); if (F[1] == "D") print w[3], w[5], F[20], (int(F[7] / 2097152) % 2), name }'

# PROCESSES: one line each. PIDS: the processes that are no kernel threads.
list_processes() {
  PROCESSES=$(printf '%s\n' /proc/[0-9]*/stat | xargs cat 2>/dev/null | awk "$AWK_ESC$AWK_STAT$AWK_PROCESSES")
}

stats_of_threads() {
  # Very many threads: the leaders alone.
  read -r _ _ _ running _ </proc/loadavg
  if [ "${running#*/}" -gt 20000 ]; then
    printf '%s\n' "$PROCESSES" | awk '$1 == "p" { print "/proc/" $2 "/task/" $2 "/stat" }'
  else
    printf '%s\n' /proc/[0-9]*/task/[0-9]*/stat
  fi | xargs grep -s '' /dev/null
}

# SLEPT: `slept P T start kernel switches name`, with the number of times the task went to sleep. The same number in
# both samples: one and the same sleep. A task that is D for a moment only is none of ours.
blocked_tasks() {
  if [ -z "$BLOCKED" ]; then
    found=$(stats_of_threads | awk "$AWK_ESC$AWK_STAT$AWK_BLOCKED")
    printf '%s\n' "$found" | awk 'NF { n++ } END { print "blocked", n + 0 }'
    still=$(printf '%s\n' "$found" | awk 'NF && NR <= 400')
    BLOCKED=${still:-none}
  elif [ "$BLOCKED" = none ]; then
    still=
  else
    still=$(printf '%s\n' "$BLOCKED" | awk '{ print "/proc/" $1 "/task/" $2 "/stat" }' | xargs grep -s '' /dev/null | awk "$AWK_ESC$AWK_STAT$AWK_BLOCKED")
  fi
  SLEPT=
  [ -n "$still" ] || return 0
  SLEPT=$({
    printf '%s\n' "$still" | awk '{ print "/proc/" $1 "/task/" $2 "/status" }' |
      xargs grep -s '^voluntary_ctxt_switches:' /dev/null | awk '{ split($1, w, "/"); print "s", w[3], w[5], $2 }'
    printf '%s\n' "$still" | sed 's/^/d /'
  } | awk '$1 == "s" { n[$2 "/" $3] = $4; next }
    { k = $2 "/" $3; name = $0; sub(/^d [0-9]+ [0-9]+ [0-9]+ [0-9]+ /, "", name)
      print "slept", $2, $3, $4, $5, (k in n) ? n[k] : "?", name }')
  printf '%s\n' "$SLEPT"
}

# What the tasks wait for that slept in both samples (given as P/T): function, stack, file of the call, directory.
explain() {
  begin waits
  for task in "$@"; do
    dir=/proc/${task%/*}/task/${task#*/}
    printf 'wait %s %s\n' "$task" "$(cat "$dir/wchan" 2>/dev/null | tr -c 'A-Za-z0-9_.' '?')"
    awk -v t="$task" '{ sub(/^.*\] /, ""); sub(/\+.*/, ""); if ($0 ~ /^[A-Za-z0-9_.]+$/ && n++ < 12) line = line " " $0 }
      END { if (line != "") print "stack", t line }' "$dir/stack" 2>/dev/null
    # The first argument of read, write, fsync and their kin is a descriptor. Reading a link touches no disk.
    first=
    { read -r _ first _ <"$dir/syscall"; } 2>/dev/null
    if [ -n "$first" ]; then
      case $first in 0x[0-9a-f] | 0x[0-9a-f][0-9a-f] | 0x[0-9a-f][0-9a-f][0-9a-f])
        readlink "/proc/${task%/*}/fd/$((first))" 2>/dev/null | told "file $task"
        ;;
      esac
    fi
    readlink "/proc/${task%/*}/cwd" 2>/dev/null | told "cwd $task"
    frozen "${task%/*}" && echo "frozen $task"
    owner "${task%/*}" | sed "s,^,in $task ,"
  done
  [ $# = 0 ] || awk "$AWK_ESC"'{ for (s = 7; s <= NF && $s != "-"; s++); if ($(s + 1) !~ /^(proc|sysfs|cgroup2?|devpts|mqueue|debugfs|tracefs|securityfs|pstore|bpf|configfs|fusectl|nsfs)$/ && n++ < 200) print "mount", $(s + 1), esc($(s + 2)), esc($5) }' /proc/self/mountinfo
  end waits
}

# Whether the process was frozen (docker pause). It shows as D since Linux 6.1, and waits wherever it was.
frozen() {
  awk '
    FILENAME ~ /mountinfo$/ { for (s = 7; s <= NF && $s != "-"; s++); o = "," $(s + 3) ","
      if ($(s + 1) == "cgroup2" && two == "") { two = $5; rtwo = $4 } else if ($(s + 1) == "cgroup" && o ~ /,freezer,/ && one == "") { one = $5; rone = $4 }
      next }
    { path = $0; sub(/^[0-9]+:[^:]*:/, "", path); split($0, f, ":") }
    f[2] ~ /(^|,)freezer(,|$)/ && one != "" { print one below(path, rone) "/freezer.state" }
    f[2] == "" && two != "" { print two below(path, rtwo) "/cgroup.events" }
    function below(path, root) { if (root != "/" && index(path, root) == 1) path = substr(path, length(root) + 1); return path == "/" ? "" : path }
  ' /proc/self/mountinfo "/proc/$1/cgroup" 2>/dev/null | { while read -r state; do grep -sqE '^(FROZEN|FREEZING|frozen 1)$' "$state" && exit 0; done; exit 1; }
}

# The control group of a process: which container or unit it belongs to.
owner() {
  awk -F: "$AWK_ESC"'{ p = $0; sub(/^[0-9]+:[^:]*:/, "", p); rank = ($2 == "") ? 1 : ($2 ~ /(^|,)(memory|pids)(,|$)/) ? 2 : ($2 == "name=systemd") ? 3 : 0
    if (rank && p != "/" && (rank > best)) { best = rank; path = p } } END { if (best) print esc(path) }' "/proc/$1/cgroup" 2>/dev/null
}

# Largest by memory, busiest between then and now.
top_processes() {
  begin top
  before=$PROCESSES
  list_processes
  tops=$({ printf '%s\n' "$before" | sed 's/^/b /'; printf '%s\n' "$PROCESSES"; } | awk '
    $1 == "b" { if ($2 == "p") { cpu[$3] = $4; was[$3] = $6 } next }
    $1 == "p" { d = ($2 in cpu && was[$2] == $5) ? $3 - cpu[$2] : 0; name = $0; sub(/^p [0-9]+ [0-9]+ [0-9]+ [0-9]+ /, "", name); print $4, d, $2, name }')
  printf '%s\n' "$tops" | sort -rn | head -n 5 | sed 's/^/rss /'
  printf '%s\n' "$tops" | sort -k2,2rn | head -n 5 | awk '$2 > 0 { print "cpu " $0 }'
  for pid in $(printf '%s\n' "$tops" | sort -rn | head -n 3 | awk '{ print $3 }'); do
    owner "$pid" | sed "s/^/in $pid /"
  done
  end top
}
