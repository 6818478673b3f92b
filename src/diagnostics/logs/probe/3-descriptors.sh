# Logs that processes hold open for writing: also those that were renamed or deleted.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk over `ls -ln /proc/*/fd`: descriptors open for writing with a log's name, or the name that was asked for. A name may span lines.
AWK_CANDIDATES='
function take(  path, base) {
  if (who == "") return
  path = target; sub(/ \(deleted\)$/, "", path)
  base = path; sub(/^.*\//, "", base)
  if (substr(path, 1, 1) == "/" && n < 3000 && (islog(path) || base == ENVIRON["HC_BASE"])) { n++; print "c " who }
  who = ""
}
/^\/proc\/[0-9]+\/fd:$/ { take(); split($0, w, "/"); pid = w[3]; next }
/^l[-r][-w][-x]/ {
  take(); at = index($0, " -> "); if (!at || substr($0, 3, 1) != "w") next
  c = split(substr($0, 1, at - 1), w, " "); who = pid " " w[c]; target = substr($0, at + 4); next
}
who != "" { target = target "\n" $0 }
END { take() }'

# awk: descriptor -> flags and file system type; what lies on a network file system is left alone, as a hung server answers no stat.
AWK_PLACE='
$1 == "m" { for (s = 8; s <= NF && $s != "-"; s++); type[$2] = $(s + 1); next }
$1 ~ /^\/proc\/[0-9]+\/fdinfo\// {
  split($1, w, "/"); key = w[3] " " w[5]; sub(/:.*/, "", key)
  if ($1 ~ /:flags:$/) flags[key] = $2
  if ($1 ~ /:mnt_id:$/) mnt[key] = $2
  next
}
$1 == "c" {
  key = $2 " " $3; id = mnt[key]; t = (id in type) ? type[id] : "?"
  if (t ~ /^(nfs|cifs|smb|fuse|9p|ceph|afs|lustre|gluster|autofs|ocfs|gfs|davfs|virtiofs|proc|sysfs|dev)/) next
  print key, (key in flags) ? flags[key] : "?", t
}'

# awk: descriptors joined with stat, each inode once. Prefers the lowest process id.
AWK_FILES='
$1 == "j" { flags[$2 "/" $3] = $4; type[$2 "/" $3] = $5; next }
$8 ~ /^8...$/ {
  split($9, w, "/"); who = w[3] "/" w[5]; if (!(who in flags)) next
  key = $1 " " $2
  if (!(key in size)) { order[++n] = key; size[key] = $4; rest[key] = $3 " " $4 " " sprintf("%.0f", $5 * $6) " " $7 }
  fds[key]++
  if (!((key, w[3]) in held)) { held[key, w[3]] = 1; procs[key]++ }
  if (!(key in best) || w[3] + 0 < best[key] || (w[3] + 0 == best[key] && w[5] + 0 < fd[key] + 0)) { best[key] = w[3] + 0; pid[key] = w[3]; fd[key] = w[5]; mine[key] = who }
}
END { for (i = 1; i <= n; i++) { k = order[i]; print "file", k, rest[k], pid[k], fd[k], flags[mine[k]], type[mine[k]], fds[k], procs[k] } }'

# FILES: `file device inode links size bytes mtime pid fd flags type descriptors processes`, largest first.
scan_descriptors() {
  begin descriptors
  now
  SCANNED=$NOW
  scan=$({ printf '/proc/%s/fd\n' $PIDS | xargs ls -ln /dev/null 2>&3 3>&- | HC_BASE=$1 awk "$AWK_LOGS$AWK_CANDIDATES" 3>&-; } 3>&1 | awk '
    /^c [0-9]+ [0-9]+$/ { print; next }
    /ermission denied/ && match($0, /\/proc\/[0-9]+\//) { p = substr($0, RSTART, RLENGTH); if (!(p in no)) { no[p] = 1; denied++ } }
    END { print "denied", denied + 0 }')
  printf '%s\n' "$scan" | grep '^denied'
  scan=$(printf '%s\n' "$scan" | grep '^c ')
  FILES=
  [ -z "$scan" ] || find_files
  [ -z "$FILES" ] || name_files
  end descriptors
}

find_files() {
  holders=$(printf '%s\n' "$scan" | awk '!s[$2]++ { print "/proc/" $2 "/ns/mnt" }' | xargs ls -ln /dev/null 2>/dev/null |
    awk '/mnt:\[/ && !s[$NF]++ && match($0, /\/proc\/[0-9]+\//) { print substr($0, RSTART, RLENGTH) "mountinfo" }')
  places=$({
    printf '%s\n' $holders | xargs cat /dev/null 2>/dev/null | sed 's/^/m /'
    printf '%s\n' "$scan" | awk '{ print "/proc/" $2 "/fdinfo/" $3 }' | xargs grep -s '^[fm][ln][at][g_]' /dev/null
    printf '%s\n' "$scan"
  } | awk "$AWK_PLACE")
  # Finding them may have taken longer than what lies between two measurements.
  now
  SCANNED=$NOW
  FILES=$({
    printf '%s\n' "$places" | sed 's/^/j /'
    printf '%s\n' "$places" | awk '{ print "/proc/" $1 "/fd/" $2 }' | xargs stat -L -c '%d %i %h %s %b %B %Y %f %n' 2>/dev/null
  } | awk "$AWK_FILES" | sort -k5,5nr | head -n 400)
}

# The names of those that lie where their log should not, first, then of the largest; at most sixty.
name_files() {
  mine=$(readlink /proc/self/ns/mnt 2>/dev/null)
  chosen=$(printf '%s\n' "$FILES" | awk '{ print "/proc/" $8 "/fd/" $9 }' | xargs ls -ln 2>/dev/null | awk '
    match($0, /\/proc\/[0-9]+\/fd\/[0-9]+ -> /) { p = substr($0, RSTART, RLENGTH - 4); if ($0 ~ / \(deleted\)$|[.-][0-9]+$|[0-9]\.log$/) print p; else rest[++n] = p }
    END { for (i = 1; i <= n; i++) print rest[i] }' | head -n 60)
  printf '%s\n' "$FILES"
  for link in $chosen; do
    pid=${link#/proc/}
    pid=${pid%%/*}
    fd=${link##*/}
    target=$(readlink -n "$link" 2>/dev/null && printf x)
    target=${target%x}
    space=other
    [ "$(readlink "/proc/$pid/ns/mnt" 2>/dev/null)" = "$mine" ] && space=same
    printf 'name %s %s %s\0space %s %s\0comm %s ' "$pid" "$fd" "$target" "$pid" "$space" "$pid"
    cat "/proc/$pid/comm" 2>/dev/null
    printf '\0cgroup %s ' "$pid"
    grep -s -o -E '[0-9a-f]{64}' "/proc/$pid/cgroup" | head -n 1
    printf '\0'
    [ "$space" = same ] && base_of "$link" "$target"
  done | escape_stream
}

# Whether the name that a renamed log had is taken again. `same`: by a link to this very file.
base_of() {
  base=$(printf '%s' "$2" | sed -e 's/ (deleted)$//' -e 's/-[0-9]\{8,10\}\(-[0-9]*\)\{0,1\}$//' -e 's/[.-][0-9]\{4\}-[0-9][0-9]-[0-9][0-9]$//' -e 's/\.[0-9]\{1,3\}$//' -e 's/-[0-9]\{8\}\(\.[a-z]*\)$/\1/' && printf x)
  base=${base%x}
  case $base in "$2" | '') return ;; esac
  is=missing
  at=$(stat -L -c '%d:%i' "$base" 2>/dev/null) && is=other
  [ "$at" != "$(stat -L -c '%d:%i' "$1" 2>/dev/null)" ] || is=same
  printf 'base %s %s %s %s\0' "${1#/proc/}" "$is" "$(stat -L -c %Y "$base" 2>/dev/null || echo 0)" "$base"
}
