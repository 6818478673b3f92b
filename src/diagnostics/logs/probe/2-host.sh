# The host: who we are there, its processes, and which paths may be touched.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk over mountinfo: the kind, type and mount point of $HC_PATH; decided from the table alone, because touching a
# network file system whose server is gone hangs for ever. `below`: whether such a mount lies below it.
AWK_KIND='
function has(list, word) { return index(" " list " ", " " word " ") > 0 }
function under(path, dir) { return path == dir || dir == "/" || index(path, dir "/") == 1 }
function enc(s,  i, c, o) {
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1)
    o = o (c == " " ? "\\040" : c == "\t" ? "\\011" : c == "\n" ? "\\012" : c == "\\" ? "\\134" : c) }
  return blanks(o)
}
# The kernel leaves these as they are, and busybox would end a field there.
function blanks(s) { gsub(/\r/, "\\015", s); gsub(/\v/, "\\013", s); gsub(/\f/, "\\014", s); return s }
BEGIN {
  LOCAL = "ext2 ext3 ext4 xfs btrfs f2fs jfs reiserfs reiser4 nilfs2 zfs bcachefs vfat msdos exfat ntfs ntfs3 hfs hfsplus ufs ubifs jffs2 yaffs2 minix tmpfs devtmpfs overlay aufs squashfs erofs iso9660 cramfs romfs udf rootfs ramfs"
  PSEUDO = "proc sysfs cgroup cgroup2 devpts mqueue hugetlbfs debugfs tracefs securityfs pstore bpf configfs fusectl binfmt_misc rpc_pipefs nsfs selinuxfs efivarfs smackfs resctrl"
  path = enc(ENVIRON["HC_PATH"]); kind = "none"
}
{
  $0 = blanks($0)
  for (s = 7; s <= NF && $s != "-"; s++);
  k = has(LOCAL, $(s + 1)) ? "local" : has(PSEUDO, $(s + 1)) ? "pseudo" : "hazard"
  if (k == "hazard" && $5 != path && under($5, path)) below = 1
  if (!under(path, $5)) next
  if (k == "hazard") { blocked = $(s + 1) " " $5 }
  if (length($5) >= best) { best = length($5); kind = k; type = $(s + 1); at = $5 }
}
END {
  if (kind != "hazard" && blocked != "") { kind = "hazard"; split(blocked, w, " "); type = w[1]; at = w[2] }
  print kind, name(type), name(at), (below ? "below" : "clear")
}'

# kind_of RAW -> KIND TYPE POINT BELOW
kind_of() {
  set -- $(HC_PATH=$1 awk "$AWK_ESC$AWK_KIND" /proc/self/mountinfo)
  KIND=${1:-none} TYPE=${2:-?} POINT=${3:-?} BELOW=${4:-clear}
}

# resolve PATH -> REAL, or PROBLEM: links are followed one by one, each step only after its mount turned out local.
resolve() {
  rest=$1 REAL='' PROBLEM='' hops=0
  while [ -n "$rest" ]; do
    rest=${rest#/}
    part=${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
    case $part in
      '' | .) continue ;;
      ..) REAL=${REAL%/*} && continue ;;
    esac
    kind_of "$REAL/$part"
    case $KIND in hazard | pseudo) PROBLEM=$KIND && return ;; esac
    if [ -d "${REAL:-/}" ] && ! [ -x "${REAL:-/}" ]; then PROBLEM=denied && return; fi
    if [ -L "$REAL/$part" ]; then
      hops=$((hops + 1))
      [ "$hops" -le 40 ] || { PROBLEM=loop && return; }
      link=$(readlink -n "$REAL/$part" 2>/dev/null && printf x)
      link=${link%x}
      case $link in /*) REAL='' ;; esac
      rest=$link/$rest
      continue
    fi
    REAL=$REAL/$part
  done
  REAL=${REAL:-/}
  if [ -d "$REAL" ]; then PROBLEM=directory
  elif [ -p "$REAL" ]; then PROBLEM=fifo
  elif [ -S "$REAL" ]; then PROBLEM=socket
  elif [ -b "$REAL" ] || [ -c "$REAL" ]; then PROBLEM=device
  elif ! [ -e "$REAL" ]; then PROBLEM=missing
  elif ! [ -f "$REAL" ]; then PROBLEM=special
  elif ! [ -r "$REAL" ]; then PROBLEM=unreadable
  fi
}

facts_of_host() {
  begin host
  echo "uid $(id -u)"
  echo "now $(date +%s)"
  read -r line </proc/sys/kernel/random/boot_id && echo "boot $line"
  for tool in stat find awk dd od tr sort xargs ls grep timeout sed readlink; do
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

# PIDS: processes that are no kernel threads. DOCKERD: its process id.
list_processes() {
  table=$(printf '%s\n' /proc/[0-9]*/stat | xargs grep -s '' /dev/null | awk '
    { split($1, w, "/"); s = $0; sub(/^.*\) /, "", s); split(s, f, " ")
      if (int(f[7] / 2097152) % 2) next
      print "p", w[3]; total++
      if ($0 ~ /\((dockerd|dockerd-current|docker-daemon)\)/ && n++ < 200) d = d " " w[3] }
    END { print "t", total + 0; print "d" d }')
  PIDS=$(printf '%s\n' "$table" | awk '$1 == "p" { print $2 }')
  set -- $(printf '%s\n' "$table" | grep '^t')
  DOCKERD=$(of_root $(printf '%s\n' "$table" | sed -n 's/^d //p'))
  : "${DOCKERD:=0}"
  begin processes
  echo "total ${2:-0}"
  end processes
}

# DOCKER: where dockerd keeps its containers; DOCKER_SEEN: readable, unreadable or none.
find_docker_root() {
  DOCKER='' DOCKER_SEEN=none
  [ "$DOCKERD" != 0 ] && DOCKER=$(tr '\0' '\n' <"/proc/$DOCKERD/cmdline" 2>/dev/null | awk '
    take { print; exit } /^--(data-root|graph)=/ { sub(/^[^=]*=/, ""); print; exit }
    $0 == "--data-root" || $0 == "--graph" || $0 == "-g" { take = 1 }')
  [ -n "$DOCKER" ] || DOCKER=$(sed -n 's/.*"data-root"[ ]*:[ ]*"\([^"]*\)".*/\1/p' /etc/docker/daemon.json 2>/dev/null)
  case $DOCKER in /*) ;; *) DOCKER=/var/lib/docker ;; esac
  kind_of "$DOCKER/containers"
  [ "$KIND" = local ] || return
  if [ -r "$DOCKER/containers" ] && [ -x "$DOCKER/containers" ]; then DOCKER_SEEN=readable
  elif [ -e "$DOCKER/containers" ] || { [ "$DOCKERD" != 0 ] && [ "$(id -u)" != 0 ]; }; then DOCKER_SEEN=unreadable; fi
}
