# Looks at the file systems of a host. Read-only, no temporary files (the disk may be full), no root,
# no lsof; POSIX sh with busybox tools. Arguments: nonce mount warn critical budget sample
# Names are printed with every byte but printable ASCII, and the backslash, as \ooo.
# shellcheck disable=SC2086,SC2046,SC2016 # lists of process ids are split on purpose; awk programs hold $

# awk: s with its odd bytes as \ooo. esc() for raw text, esc2() for text whose backslashes are escapes already.
AWK_ESC='
BEGIN { for (i = 1; i < 256; i++) if (i < 32 || i > 126) OCT[sprintf("%c", i)] = sprintf("\\%03o", i) }
function esc2(s,  i, c, o) {
  if (s !~ /[^ -~]/) return s
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); o = o ((c in OCT) ? OCT[c] : c) }
  return o
}
function esc(s,  i, c, o) {
  if (s ~ /\\/) { for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); o = o ((c == "\\") ? "\\134" : c) } s = o }
  return esc2(s)
}'

# awk over mountinfo (and fstab): which mounts to look at. Decided from the table alone, because touching
# a network file system whose server is gone hangs for ever.
AWK_MOUNTS='
function has(list, word) { return index(" " list " ", " " word " ") > 0 }
function below(path, dir) { return path == dir || dir == "/" || index(path, dir "/") == 1 }
function enc(s,  i, c, o) {
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1)
    o = o (c == " " ? "\\040" : c == "\t" ? "\\011" : c == "\n" ? "\\012" : c == "\\" ? "\\134" : c) }
  return o
}
function hidden(m,  up, came, x, steps) {
  # Nothing may lie over it or over a directory on the way, and the way may not cross a hazard.
  for (up = m; steps++ < 64; up = byid[pid[up]]) {
    for (x = 1; x <= n; x++) {
      if (x == up || x == came) continue
      if (pid[x] == id[up] && mp[x] == mp[up] && below(mp[m], mp[x])) return 1
      if (pid[x] == pid[up] && mp[x] != mp[up] && below(mp[up], mp[x]) && mp[x] != "/" && x > up) return 1
    }
    if (up != m && kind[up] == "hazard" && mp[up] != mp[m]) return 1
    if (!(pid[up] in byid) || byid[pid[up]] == up) return 0
    came = up
  }
  return 0
}
function where(path,  x, best) {
  for (x = 1; x <= n; x++) if (below(path, mp[x]) && (!best || length(mp[x]) >= length(mp[best])) && !covered[x]) best = x
  return best
}
function answer(name, path,  x, m) {
  if (path == "") return 0
  x = where(enc(path))
  if (!x) { print "query " name " none"; return 0 }
  m = (kind[x] == "overlay" && upper[x] != "") ? upper[x] : x
  print "query " name " " kind[m] " " type[m] " " esc2(dev[m]) " " esc2(mp[m])
  return m
}
BEGIN {
  LOCAL = "ext2 ext3 ext4 xfs btrfs f2fs jfs reiserfs reiser4 nilfs2 zfs bcachefs vfat msdos exfat ntfs ntfs3 hfs hfsplus ufs ubifs jffs2 yaffs2 minix tmpfs devtmpfs"
  IMAGE = "squashfs erofs iso9660 cramfs romfs udf"
  PSEUDO = "proc sysfs cgroup cgroup2 devpts mqueue hugetlbfs debugfs tracefs securityfs pstore bpf configfs fusectl binfmt_misc rpc_pipefs nsfs selinuxfs efivarfs ramfs rootfs smackfs resctrl"
}
FILENAME != "/etc/fstab" {
  for (s = 7; s <= NF && $s != "-"; s++);
  n++; id[n] = $1; pid[n] = $2; dev[n] = $3; root[n] = $4; mp[n] = $5; byid[$1] = n
  type[n] = $(s + 1); src[n] = $(s + 2); opts = $(s + 3)
  vfs[n] = has(gsubbed($6), "ro") ? "ro" : "rw"
  # Newer kernels leave "ro" alone after an error and say emergency_ro (ext4) or shutdown (ext4, xfs, f2fs).
  sup[n] = (has(gsubbed(opts), "ro") || has(gsubbed(opts), "emergency_ro") || has(gsubbed(opts), "shutdown")) ? "ro" : "rw"
  err[n] = has(gsubbed(opts), "errors=remount-ro") ? 1 : 0
  kind[n] = has(LOCAL, type[n]) ? "local" : type[n] == "overlay" ? "overlay" : has(IMAGE, type[n]) ? "image" : has(PSEUDO, type[n]) ? "pseudo" : "hazard"
  if (type[n] == "overlay" && match(opts, /upperdir=[^,]*/)) updir[n] = substr(opts, RSTART + 9, RLENGTH - 9)
  next
}
function gsubbed(s) { gsub(/,/, " ", s); return s }
$1 !~ /^#/ && NF >= 4 { tab[$2] = has(gsubbed($4), "ro") ? "ro" : "rw" }
END {
  for (x = 1; x <= n; x++) for (y = 1; y <= n; y++) if (x != y && pid[y] == id[x] && mp[y] == mp[x]) covered[x] = 1
  for (x = 1; x <= n; x++) if (kind[x] == "overlay" && updir[x] != "") {
    m = where(updir[x]); if (m && kind[m] == "local" && mp[m] != mp[x]) upper[x] = m
  }
  # The root of a container may name an upper directory that only its host has: it is looked at itself.
  asked = answer("mount", ENVIRON["HC_MOUNT"]); answer("docker", ENVIRON["HC_DOCKER"])
  for (x = 1; x <= n; x++) {
    if (kind[x] == "hazard" && !covered[x] && skipped++ < 20) print "skipped " type[x] " " esc2(mp[x])
    if (ENVIRON["HC_MOUNT"] != "" && (!asked || dev[x] != dev[asked])) continue
    if (!(kind[x] == "local" || (kind[x] == "overlay" && mp[x] == "/") || (x == asked && kind[x] != "hazard" && kind[x] != "pseudo"))) continue
    if (hidden(x)) continue
    d = dev[x]
    if (!(d in pick)) { pick[d] = x; order[++k] = d; continue }
    p = pick[d]
    if (length(root[x]) < length(root[p]) || (root[x] == root[p] && length(mp[x]) < length(mp[p]))) pick[d] = x
  }
  for (i = 1; i <= k; i++) {
    x = pick[order[i]]
    print "mount " i " " dev[x] " " kind[x] " " type[x] " " vfs[x] " " sup[x] " " err[x] " " ((mp[x] in tab) ? tab[mp[x]] : "none") " " esc2(src[x]) " " esc2(root[x]) " " esc2(mp[x])
    for (y = 1; y <= n; y++) {
      if (y == x) continue
      if (kind[y] == "hazard" && mp[y] != mp[x] && below(mp[y], mp[x])) print "avoid " i " " esc2(mp[y])
      if (dev[y] == dev[x]) { if (also[i]++ < 5) print "also " i " " esc2(mp[y]); if (mp[y] != mp[x] && below(mp[y], mp[x])) print "prune " i " " esc2(mp[y]) }
      else if (mp[y] != mp[x] && below(mp[y], mp[x]) && kind[y] != "pseudo" && type[y] != "devtmpfs" && pid[y] == id[x] && under[i]++ < 10) print "under " i " " esc2(mp[y])
    }
  }
}'

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

# awk: one walk, in the order find prints: sums per directory on a stack, memory bounded by depth.
AWK_WALK='
function keep(table, v, line,  i) {
  if (v <= 0) return
  if (cnt[table] < K) { i = ++cnt[table] } else { if (v <= least[table]) return; i = slot[table] }
  val[table, i] = v; text[table, i] = line
  if (cnt[table] < K) return
  slot[table] = 1
  for (i = 2; i <= K; i++) if (val[table, i] < val[table, slot[table]]) slot[table] = i
  least[table] = val[table, slot[table]]
}
function pop() {
  keep("dir", tot[top], sprintf("%.0f %d", tot[top], ent[top]) " " esc(dirs[top]))
  keep("many", ent[top], ent[top] " " esc(dirs[top]))
  top--; if (top > 0) tot[top] += tot[top + 1]
}
function take(  isdir, b) {
  if (path == "") return
  isdir = (t == "d" || t ~ /^4...$/)
  if (rootdev == "") rootdev = d
  if (d != rootdev && (isdir || FS_TYPE != "overlay")) return
  while (top > 1 && index(path, dirs[top] "/") != 1) pop()
  if (top > 0) ent[top]++
  inodes++; b = blocks * 512
  if (!isdir && links > 1) { if (ino in seen) b = 0; seen[ino] = 1 }
  total += b
  if (isdir) { top++; dirs[top] = path; tot[top] = b; ent[top] = 0; return }
  tot[top] += b
  if (b > 0 && (cnt["file"] < K || b > least["file"])) keep("file", b, sprintf("%.0f %.0f", b, size) " " esc(path))
}
BEGIN { K = 30 }
$1 == MARK && $2 == "rc" { rc = $3; if (rc == 0) take(); next }
$1 == MARK { take(); d = $2; ino = $3; links = $4; blocks = $5; size = $6; t = $7
  path = substr($0, length($1 $2 $3 $4 $5 $6 $7) + 8); next }
{ path = path "\n" $0 }
END {
  while (top > 0) pop()
  printf "total %.0f %.0f %d\n", total, inodes, rc
  for (i = 1; i <= cnt["dir"]; i++) print "dir " text["dir", i]
  for (i = 1; i <= cnt["file"]; i++) print "file " text["file", i]
  for (i = 1; i <= cnt["many"]; i++) print "many " text["many", i]
}'

begin() { printf '@%s begin %s\n' "$N" "$1"; }
end() { printf '@%s end %s %s\n' "$N" "$1" "${2:-0}"; }

# Hundredths of a second since boot, without a fork.
now() {
  read -r NOW _ </proc/uptime
  NOW=${NOW%.*}${NOW#*.}
  NOW=${NOW#0}
  NOW=${NOW#0}
}

# mountinfo escapes -> RAW
decode() {
  RAW=$1
  case $1 in *\\*)
    RAW=$(printf '%s' "$1" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')
    RAW=$(printf '%bx' "$RAW")
    RAW=${RAW%x}
    ;;
  esac
}

# NUL-separated raw bytes on standard input -> escaped lines
escape_stream() {
  od -b -v | awk 'BEGIN { for (i = 32; i < 127; i++) if (i != 92) CH[sprintf("%03o", i)] = sprintf("%c", i) }
    { for (i = 2; i <= NF; i++) if ($i == "000") printf "\n"; else printf "%s", ($i in CH) ? CH[$i] : "\\" $i }'
}

facts_of_host() {
  begin host
  echo "uid $(id -u)"
  read -r line </proc/sys/kernel/random/boot_id && echo "boot $line"
  while read -r key value _; do [ "$key" = btime ] && echo "btime $value"; done </proc/stat
  echo "tick $(getconf CLK_TCK 2>/dev/null || echo 100)"
  for tool in stat find awk od xargs ls grep timeout sed readlink; do
    command -v "$tool" >/dev/null 2>&1 || echo "missing $tool"
  done
  # Whoever may use the docker socket can become root: worth saying, never worth using.
  case " $(id -Gn 2>/dev/null) " in *' docker '*) [ "$(id -u)" = 0 ] || echo 'power docker' ;; esac
  [ -r /proc/1/stat ] && echo 'pid1 visible' || echo 'pid1 hidden'
  end host
}

# PIDS: processes that are no kernel threads. STARTS: `p pid start`. DOCKERD: its process id.
list_processes() {
  table=$(printf '%s\n' /proc/[0-9]*/stat | xargs grep -s '' /dev/null | awk '
    { split($1, w, "/"); s = $0; sub(/^.*\) /, "", s); split(s, f, " ")
      if (int(f[7] / 2097152) % 2) { kernel++; next }
      print "p", w[3], f[20]; total++
      if ($0 ~ /\((dockerd|dockerd-current|docker-daemon)\)/ && !d) d = w[3] }
    END { print "t", total + 0, kernel + 0, d + 0 }')
  STARTS=$(printf '%s\n' "$table" | grep '^p')
  PIDS=$(printf '%s\n' "$STARTS" | awk '{ print $2 }')
  set -- $(printf '%s\n' "$table" | grep '^t')
  DOCKERD=${4:-0}
  begin processes
  echo "total ${2:-0}"
  echo "kernel ${3:-0}"
  end processes
}

# DOCKER: where dockerd keeps its containers.
find_docker_root() {
  DOCKER=
  [ "$DOCKERD" != 0 ] && DOCKER=$(tr '\0' '\n' <"/proc/$DOCKERD/cmdline" 2>/dev/null | awk '
    take { print; exit } /^--(data-root|graph)=/ { sub(/^[^=]*=/, ""); print; exit }
    $0 == "--data-root" || $0 == "--graph" || $0 == "-g" { take = 1 }')
  [ -n "$DOCKER" ] || DOCKER=$(sed -n 's/.*"data-root"[ ]*:[ ]*"\([^"]*\)".*/\1/p' /etc/docker/daemon.json 2>/dev/null)
  case $DOCKER in /*) ;; *) DOCKER=/var/lib/docker ;; esac
}

# MOUNTS: the lines of the section. Asked for one: resolves links only after its own mount turned out local.
select_mounts() {
  fstab=
  [ -r /etc/fstab ] && fstab=/etc/fstab
  asked=$1 problem=
  table=$(HC_MOUNT=$asked HC_DOCKER=$DOCKER awk "$AWK_ESC$AWK_MOUNTS" /proc/self/mountinfo $fstab)
  rc=$?
  case $table in *"query mount hazard"* | *"query mount pseudo"*) ;; *)
    if [ -n "$asked" ]; then
      real=$(timeout 5 readlink -f "$asked" 2>/dev/null && printf x)
      real=${real%?x}
      [ -n "$real" ] || real=$asked
      if ! [ -e "$real" ]; then
        problem='missing'
        ( cd "$asked" ) 2>&1 | grep -q 'ermission denied' && problem='denied'
      elif [ "$real" != "$asked" ]; then
        table=$(HC_MOUNT=$real HC_DOCKER=$DOCKER awk "$AWK_ESC$AWK_MOUNTS" /proc/self/mountinfo $fstab)
      fi
    fi
    ;;
  esac
  MOUNTS=$(printf '%s\n' "$table" | grep '^mount ')
  [ -z "$problem" ] || MOUNTS=
  begin mounts
  [ -z "$problem" ] || echo "problem $problem"
  printf '%s\n' "$table"
  end mounts "$rc"
  TABLE=$table
}

# FACTS: statfs of every mount, one line each in their order; `-` where it failed.
sample() {
  now
  begin sample
  echo "at $NOW"
  FACTS=
  if [ $# -gt 0 ] && ! FACTS=$(stat -f -c '%S %b %f %a %c %d' "$@" 2>/dev/null); then
    FACTS=$(for one in "$@"; do stat -f -c '%S %b %f %a %c %d' "$one" 2>/dev/null || echo -; done)
  fi
  [ -z "$FACTS" ] || printf '%s\n' "$FACTS"
  end sample
}

# Indexes of the file systems of the last sample at or over the threshold, fullest first.
full_ones() {
  printf '%s\n' "$FACTS" | awk -v warn="$WARN" '
    { used = $2 - $3; p = (used + $4 > 0) ? used * 100 / (used + $4) : 0; q = ($5 > 0) ? ($5 - $6) * 100 / $5 : 0
      if (q > p) p = q; if (p >= warn) print p, NR }' | sort -rn | awk 'NR <= 6 { print $2 }'
}

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

# Whether $1 is a mount that must not be touched, or on the way to one (AVOID: their names, escaped).
leads_to_hazard() {
  child=$1
  set -f
  set -- $AVOID
  set +f
  for point; do
    decode "$point"
    case $RAW in "$child" | "$child"/*) return 0 ;; esac
  done
  return 1
}

# walk_tree PATH EXPRESSION...: find, which asks every name for its attributes, and a mount point of a dead server
# hangs it even with -xdev. So the directories on the way to one are gone through by the shell, that only reads names.
walk_tree() {
  tree=$1
  shift
  if [ -z "$AVOID" ]; then
    timeout "$seconds" find "$tree" "$@"
    return
  fi
  # The directories from the top down to each hazard, parents first.
  ways=$(printf '%s\n' "$AVOID" | awk -v top="$(printf '%s' "$top" | sed 's/\\/&&/g')" '
    { while (sub(/\/[^\/]*$/, "") && $0 != "" && length($0) > length(top)) print; print top }' | tr / '\001' | sort -u | tr '\001' /)
  set -f
  for way in $ways; do
    set +f
    decode "$way"
    dir=$RAW
    now
    left=$((seconds - (NOW - began) / 100))
    [ "$left" -ge 1 ] || return 124
    find "$dir" -maxdepth 0 "$@"
    (
      for child in "${dir%/}"/* "${dir%/}"/.[!.]* "${dir%/}"/..?*; do
        leads_to_hazard "$child" || { set -- "$child" "$@"; some=1; }
      done
      [ -z "${some:-}" ] || timeout "$left" find "$@"
    )
    rc=$?
    [ "$rc" -le 1 ] || return "$rc"
  done
}

# walk INDEX SECONDS TYPE POINT
walk() {
  begin walk
  echo "mount $1"
  index=$1 seconds=$2 type=$3 top=$4
  AVOID=$(printf '%s\n' "$TABLE" | awk -v i="$index" '$1 == "avoid" && $2 == i { print $3 }')
  set -- -xdev
  # Mounts of the same device below it would be counted twice; their names may hold pattern characters.
  while read -r word at point; do
    [ "$word $at" = "prune $index" ] || continue
    decode "$point"
    set -- "$@" -path "$(printf '%s' "$RAW" | sed 's/[][*?\\]/\\&/g')" -prune -o
  done <<EOF
$TABLE
EOF
  if find /dev/null -maxdepth 0 -printf '' 2>/dev/null; then
    set -- "$@" -printf "$N %D %i %n %b %s %y %p\n"
  else
    set -- "$@" -exec stat -c "$N %d %i %h %b %s %f %n" '{}' +
  fi
  decode "$top"
  now
  began=$NOW
  {
    {
      walk_tree "$RAW" "$@" 2>&3 3>&-
      rc=$?
      # The last name was cut when find was stopped: it must not swallow the marker.
      case $rc in 0 | 1) echo "$N rc 0" ;; *) printf '\n%s rc %s\n' "$N" "$rc" ;; esac
    } | awk -v MARK="$N" -v FS_TYPE="$type" "$AWK_ESC$AWK_WALK" >&4 3>&-
  } 3>&1 4>&4 | awk '/ermission denied$/ { n++ } END { print "denied", n + 0 }'
  now
  echo "elapsed $((NOW - began))"
  end walk
}

walk_full() {
  # Without a working time limit nothing is walked.
  timeout 1 true 2>/dev/null || return 0
  count=$#
  for index in "$@"; do
    now
    left=$(((BUDGET * 80 - (NOW - STARTED)) / 100 / count))
    [ "$left" -ge 1 ] || left=1
    count=$((count - 1))
    set -- $(printf '%s\n' "$MOUNTS" | sed -n "${index}p")
    case $4 in image) ;; *) walk "$index" "$left" "$5" "${12}" ;; esac
  done 4>&1
}

main() {
  N=$1 WARN=$3 BUDGET=$5 SAMPLE=$6
  case $N in '' | *[!A-Za-z0-9]*) echo 'disk probe: the nonce must be letters and digits' >&2; exit 64 ;; esac
  LC_ALL=C
  export LC_ALL
  PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
  renice -n 10 -p $$ >/dev/null 2>&1
  now
  STARTED=$NOW
  asked=$2
  facts_of_host
  list_processes
  find_docker_root
  select_mounts "$asked"
  set --
  while read -r _ _ _ _ _ _ _ _ _ _ _ point; do
    [ -n "$point" ] || continue
    decode "$point"
    set -- "$@" "$RAW"
  done <<EOF
$MOUNTS
EOF
  now
  sampled=$NOW
  sample "$@"
  container_logs names
  scan_deleted
  full=$(full_ones)
  if [ -n "$full" ]; then
    scan_mapped
    walk_full $full
  fi
  if [ "$SAMPLE" -gt 0 ]; then
    now
    rest=$((SAMPLE * 100 - (NOW - sampled)))
    if [ "$rest" -gt 0 ]; then
      sleep "$((rest / 100)).$((rest / 10 % 10))" 2>/dev/null || sleep $((rest / 100 + 1))
    fi
    sample "$@"
    container_logs sizes
  fi
  begin finish
  now
  echo "elapsed $((NOW - STARTED))"
  end finish
}

# One function, called in the last line: a script cut off on its way does nothing, and no command eats the rest of it.
main "$@" </dev/null
