# The host: who we are there, its processes, its file systems, and how full they are.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk over mountinfo (and fstab): which mounts to look at. Decided from the table alone, because touching
# a network file system whose server is gone hangs for ever.
AWK_MOUNTS='
function has(list, word) { return index(" " list " ", " " word " ") > 0 }
function below(path, dir) { return path == dir || dir == "/" || index(path, dir "/") == 1 }
function enc(s,  i, c, o) {
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1)
    o = o (c == " " ? "\\040" : c == "\t" ? "\\011" : c == "\n" ? "\\012" : c == "\\" ? "\\134" : c) }
  return blanks(o)
}
# The kernel leaves these as they are, and busybox would end a field there.
function blanks(s) { gsub(/\r/, "\\015", s); gsub(/\v/, "\\013", s); gsub(/\f/, "\\014", s); return s }
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
  $0 = blanks($0)
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

# The daemon is root's: anybody may call a process so, and give it any words. PID...: the first of root.
of_root() {
  for pid; do
    grep -q -s '^Uid:	0	0	' "/proc/$pid/status" && echo "$pid" && return
  done
}

# PIDS: processes that are no kernel threads. STARTS: `p pid start`. DOCKERD: its process id.
list_processes() {
  table=$(printf '%s\n' /proc/[0-9]*/stat | xargs grep -s '' /dev/null | awk '
    { split($1, w, "/"); s = $0; sub(/^.*\) /, "", s); split(s, f, " ")
      if (int(f[7] / 2097152) % 2) { kernel++; next }
      print "p", w[3], f[20]; total++
      if ($0 ~ /\((dockerd|dockerd-current|docker-daemon)\)/ && n++ < 200) d = d " " w[3] }
    END { print "t", total + 0, kernel + 0; print "d" d }')
  STARTS=$(printf '%s\n' "$table" | grep '^p')
  PIDS=$(printf '%s\n' "$STARTS" | awk '{ print $2 }')
  set -- $(printf '%s\n' "$table" | grep '^t')
  DOCKERD=$(of_root $(printf '%s\n' "$table" | sed -n 's/^d //p'))
  : "${DOCKERD:=0}"
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
