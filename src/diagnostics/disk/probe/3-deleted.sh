# Deleted files that are still open, mapped, or below a loop device; and the logs of containers.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk over `ls -ln /proc/*/fd`: the descriptors whose name ends in (deleted). A name may span lines.
AWK_CANDIDATES='
/^\/proc\/[0-9]+\/fd:$/ { split($0, w, "/"); pid = w[3]; last = ""; next }
/^l[-rwx][-rwx][-rwx]/ { last = ""; at = index($0, " -> "); if (!at) next
  c = split(substr($0, 1, at - 1), w, " "); last = pid " " w[c] }
last != "" && / \(deleted\)$/ { if (!(last in seen)) { seen[last] = 1; list[++n] = last } }
END { for (i = 1; i <= n; i++) print "c " list[i] }'

# awk: descriptor -> flags, file system type, and the device of the disk below (an overlay: of its upper directory).
AWK_PLACE='
function below(path, dir) { return path == dir || dir == "/" || index(path, dir "/") == 1 }
$1 == "o" { n++; omp[n] = $6; odev[n] = $4; otype[n] = ""; for (s = 8; s <= NF && $s != "-"; s++); otype[n] = $(s + 1) }
$1 == "o" || $1 == "m" {
  for (s = 8; s <= NF && $s != "-"; s++);
  dev[$2] = $4; type[$2] = $(s + 1)
  if (type[$2] == "overlay" && match($(s + 3), /upperdir=[^,]*/)) up[$2] = substr($(s + 3), RSTART + 9, RLENGTH - 9)
  next
}
$1 ~ /^\/proc\/[0-9]+\/fdinfo\// {
  split($1, w, "/"); key = w[3] " " w[5]; sub(/:.*/, "", key)
  if ($1 ~ /:flags:$/) flags[key] = $2
  if ($1 ~ /:mnt_id:$/) mnt[key] = $2
  next
}
$1 == "c" {
  key = $2 " " $3; id = mnt[key]; t = (id in type) ? type[id] : "?"; d = (id in dev) ? dev[id] : "?"
  if (id in up) for (i = 1; i <= n; i++) if (otype[i] != "overlay" && below(up[id], omp[i]) && length(omp[i]) >= best[id]) { best[id] = length(omp[i]); disk[id] = odev[i] }
  if (id in disk) d = disk[id]
  # A hung server answers no stat: what lies on a network file system is left alone.
  if (t ~ /^(nfs|cifs|smb|fuse|9p|ceph|afs|lustre|gluster|autofs|ocfs|gfs|davfs|virtiofs)/) next
  print key, (key in flags) ? flags[key] : "?", t, d
}'

# awk: descriptors joined with stat, each inode once. Prefers a writer, then the lowest process id.
AWK_FILES='
function decimal(d) { return (int(d / 256) % 4096) ":" (d % 256 + int(d / 1048576) * 256) }
$1 == "p" { start[$2] = $3; next }
$1 == "j" { flags[$2 "/" $3] = $4; type[$2 "/" $3] = $5; disk[$2 "/" $3] = $6; next }
$3 == 0 && $7 ~ /^8...$/ {
  split($8, w, "/"); who = w[3] "/" w[5]; if (!(who in flags)) next
  key = decimal($1) " " $2; access = substr(flags[who], length(flags[who])) % 4
  rank = (access > 0 ? 0 : 1e9) + w[3]
  if (!(key in size)) { order[++n] = key; size[key] = $4; bytes[key] = $5 * $6; where[key] = (disk[who] == "?") ? decimal($1) : disk[who] }
  fds[key]++
  if (!((key, w[3]) in held)) { held[key, w[3]] = 1; procs[key]++; if (procs[key] <= 8) pids[key] = pids[key] (pids[key] == "" ? "" : ",") w[3] }
  if (!(key in best) || rank < best[key] || (rank == best[key] && w[5] + 0 < fd[key] + 0)) { best[key] = rank; pid[key] = w[3]; fd[key] = w[5]; mine[key] = who }
}
END {
  for (i = 1; i <= n; i++) { k = order[i]; sum[where[k]] += bytes[k]; if (bytes[k] > 0) count[where[k]]++ }
  for (d in sum) printf "sum %s %d %.0f\n", d, count[d], sum[d]
  for (i = 1; i <= n; i++) { k = order[i]
    printf "file %s %s %.0f %.0f %s %s %s %s %s %d %d %s\n", where[k], k, size[k], bytes[k], pid[k], fd[k], flags[mine[k]], type[mine[k]], (pid[k] in start) ? start[pid[k]] : "?", fds[k], procs[k], pids[k] }
}'

scan_deleted() {
  begin deleted
  scan=$({ printf '/proc/%s/fd\n' $PIDS | xargs ls -ln /dev/null 2>&3 3>&- | awk "$AWK_CANDIDATES" 3>&-; } 3>&1 | awk '
    /^c [0-9]+ [0-9]+$/ { print; next }
    /ermission denied/ && match($0, /\/proc\/[0-9]+\//) { p = substr($0, RSTART, RLENGTH); if (!(p in no)) { no[p] = 1; denied++ } }
    END { print "denied", denied + 0 }')
  printf '%s\n' "$scan" | grep '^denied'
  scan=$(printf '%s\n' "$scan" | grep '^c ')
  [ -z "$scan" ] || resolve_deleted
  end deleted
}

# The candidates of $scan: where they lie, what they hold, and for the largest who holds them.
resolve_deleted() {
  holders=$(printf '%s\n' "$scan" | awk '!s[$2]++ { print "/proc/" $2 "/ns/mnt" }' | xargs ls -ln /dev/null 2>/dev/null |
    awk '/mnt:\[/ && !s[$NF]++ && match($0, /\/proc\/[0-9]+\//) { print substr($0, RSTART, RLENGTH) "mountinfo" }')
  places=$({
    sed 's/^/o /' /proc/self/mountinfo
    printf '%s\n' $holders | xargs cat /dev/null 2>/dev/null | sed 's/^/m /'
    printf '%s\n' "$scan" | awk '{ print "/proc/" $2 "/fdinfo/" $3 }' | xargs grep -s '^[fm][ln][at][g_]' /dev/null
    printf '%s\n' "$scan"
  } | awk "$AWK_PLACE")
  files=$({
    printf '%s\n' "$STARTS"
    printf '%s\n' "$places" | sed 's/^/j /'
    printf '%s\n' "$places" | awk '{ print "/proc/" $1 "/fd/" $2 }' | xargs stat -L -c '%d %i %h %s %b %B %f %n' 2>/dev/null
  } | awk "$AWK_FILES")
  printf '%s\n' "$files" | grep '^sum'
  # The largest twenty per device, so that a crowd in memory cannot push out those on a disk.
  files=$(printf '%s\n' "$files" | grep '^file' | sort -k6,6nr | awk 'c[$2]++ < 20 && n++ < 80')
  printf '%s\n' "$files"
  while read -r _ _ _ _ _ _ pid fd _; do
    [ -n "$fd" ] || continue
    printf 'name %s %s ' "$pid" "$fd"
    readlink -n "/proc/$pid/fd/$fd" 2>/dev/null
    printf '\0comm %s ' "$pid"
    cat "/proc/$pid/comm" 2>/dev/null
    printf '\0cgroup %s ' "$pid"
    grep -s -o -E '[0-9a-f]{64}' "/proc/$pid/cgroup" | head -n 1
    printf '\0'
  done <<EOF | escape_stream
$files
EOF
}

# Deleted files without a descriptor: only mapped, or below a loop device. Costly: for a full disk only.
scan_mapped() {
  begin mapped
  printf '/proc/%s/maps\n' $PIDS | xargs grep -s ' (deleted)$' /dev/null | awk -v devices="$(printf '%s\n' "$MOUNTS" | awk '{ print $3 }')" '
    function hex(s,  i, v) { for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1; return v }
    BEGIN { c = split(devices, w, /[ \n]+/); for (i = 1; i <= c; i++) want[w[i]] = 1 }
    match($1, /^\/proc\/[0-9]+\/maps:/) {
      file = substr($1, 1, RLENGTH - 1); range = substr($1, RLENGTH + 1); split($4, d, ":")
      if (!((hex(d[1]) ":" hex(d[2])) in want) || ($4, $5) in seen || n > 50) next
      seen[$4, $5] = 1; n++; sub(/maps$/, "map_files/", file); print file range
    }' | while read -r entry; do
    set -- $(stat -L -c '%d %i %h %s %b %B' "$entry" 2>/dev/null)
    [ "${3:-}" = 0 ] || continue
    pid=${entry#/proc/}
    pid=${pid%%/*}
    printf 'mapped %s %s %s %s %s ' "$pid" "$1" "$2" "$4" $(($5 * $6))
    readlink -n "$entry" 2>/dev/null
    printf '\0comm %s ' "$pid"
    cat "/proc/$pid/comm" 2>/dev/null
    printf '\0'
  done | escape_stream
  for file in /sys/block/loop*/loop/backing_file; do
    [ -r "$file" ] || continue
    read -r path <"$file" || continue
    case $path in *' (deleted)') ;; *) continue ;; esac
    block=${file%/loop/backing_file}
    read -r sectors <"$block/size"
    printf 'loop %s %s %s\0' "${block##*/}" "$sectors" "$path" | escape_stream
  done
  end mapped
}

# id, name and image of what runs, from docker's own files: the daemon is not asked. Docker writes one line of JSON,
# in which a quote within a text is \", so that a text cannot pass for a key. Docker's names hold no blanks.
running_containers() {
  set -- $(grep -l -s '"Running":true' "$DOCKER"/containers/*/config.v2.json | head -n 200)
  [ $# -eq 0 ] || awk '
    FNR == 1 {
      image = ""
      if (match($0, /"Config":\{/)) {
        rest = substr($0, RSTART + RLENGTH)
        if (match(rest, /"Image":"[A-Za-z0-9_.\/:@-]+"/)) image = substr(rest, RSTART + 9, RLENGTH - 10)
      }
      if (!match($0, /"Name":"\/[A-Za-z0-9_.-]+"/)) next
      name = substr($0, RSTART + 9, RLENGTH - 10)
      count = split(FILENAME, part, "/")
      if (image != "") print "running", part[count - 1], name, image
    }' "$@"
}

container_logs() {
  begin containers
  now
  echo "at $NOW"
  case $TABLE in *"query docker local"* | *"query docker overlay"*)
    if ! [ -d "$DOCKER/containers" ]; then
      [ "$DOCKERD" = 0 ] || echo unreadable
    elif [ -r "$DOCKER/containers" ] && [ -x "$DOCKER/containers" ]; then
      printf 'root %s\0' "$DOCKER" | escape_stream
      logs=$(stat -c '%s %b %B %n' "$DOCKER"/containers/*/*-json.log 2>/dev/null | awk '
        match($0, /[0-9a-f]+-json\.log$/) { print "log", substr($0, RSTART, RLENGTH - 9), $1, $2 * $3 }' | sort -k3,3nr | head -n 20)
      [ -z "$logs" ] || printf '%s\n' "$logs"
      [ "$1" = names ] && running_containers
      [ "$1" = names ] && for id in $(printf '%s\n' "$logs" | awk '{ print $2 }'); do
        dir=$DOCKER/containers/$id
        grep -s -o -E '"max-size":"[^"]*"' "$dir/hostconfig.json" | head -n 1 | sed "s/^/option $id /"
        grep -s -o -E '"Name":"/[^"]*"' "$dir/config.v2.json" | head -n 1 | sed "s/^/name $id /"
      done
    else
      echo unreadable
    fi
    ;;
  esac
  end containers
}
