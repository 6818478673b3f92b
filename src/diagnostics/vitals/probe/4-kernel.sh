# What the kernel said.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk over the log: lines of trouble by class, each class counted and its last lines kept.
# Raw lines begin with <priority>: from 8 on the writer was no kernel but somebody with access to /dev/kmsg.
AWK_KERNEL='
function class(s) {
  if (s ~ /Killed process [0-9]+|oom-kill:constraint=|Out of memory: Kill/) return "oom"
  if (s ~ /soft lockup - CPU|hard LOCKUP|detected stalls? on|self-detected stall/) return "lockup"
  if (s ~ /blocked (on|for|in) .*(more|longer) than [0-9]+ seconds|blocked for more than [0-9]+ seconds/) return "hung"
  if (s ~ /index full, reach max htree level|Directory index full/) return "directory-full"
  if (s ~ /[Rr]emounting filesystem read-only|forced readonly|[Ss]hutting down filesystem|[Ff]ilesystem has been shut ?down|Aborting journal|Remounting file system is forced/) return "read-only"
  # An empty floppy or disc drive is no broken disk.
  if (s ~ / dev (fd|sr)[0-9]/) return ""
  if (s ~ /I\/O error|critical (medium|target|nexus|space allocation) error|lost (async|sync) page write|failed command: |Medium Error|Unrecovered read error|nvme.*(timeout, (aborting|reset|disable)|controller is down|I\/O .*timeout)|rejecting I\/O to (offline|dead) device/) return "io"
  if (s ~ /EXT[234]-fs error|XFS .*([Cc]orruption|metadata I\/O|[Ii]nternal error)|BTRFS (error|critical)|F2FS-fs .*[Ii]nconsistent|JBD2: .*(rror|bort)/) return "file-system"
  if (s ~ /Hardware Error|Machine [Cc]heck|EDAC .* [CU]E |Uncorrected error|uncorrectable/) return "hardware"
  if (s ~ /(nf|ip)_conntrack: .*table full/) return "conntrack"
  if (s ~ /TCP: out of memory|[Tt]oo many orphaned sockets/) return "tcp-memory"
  if (s ~ /[Pp]ossible SYN flooding/) return "syn-flood"
  if (s ~ /[Nn]eighbou?r:? .*table overflow/) return "neighbours"
  if (s ~ /file-max limit [0-9]+ reached/) return "file-max"
  if (s ~ /fork rejected by pids controller/) return "pids"
  if (s ~ /nfs: server .*not responding/) return "nfs"
  if (s ~ /nfs: server .* OK$/) return "nfs-back"
  if (s ~ /kernel BUG at|BUG: (unable to handle|kernel NULL)|Oops: |general protection fault: |Kernel panic/) return "oops"
  if (s ~ /page allocation (failure|stalls)/) return "allocation"
  if (s ~ /unregister_netdevice: waiting for/) return "netdevice"
  if (s ~ /temperature above threshold|clock throttled/) return "thermal"
  return ""
}
# The device that begins a new life: a file system was mounted on it, or a loop device got another image.
function mounted(s) {
  if (s !~ /^((EXT[234]|F2FS)-fs|XFS) \(.*\): ([Mm]ount(ed|ing) |Ending clean mount)/ && s !~ /^BTRFS info \(device .*\): first mount of / && s !~ /^loop[0-9]+: detected capacity change from 0 to /) return ""
  sub(/: .*/, "", s); sub(/^.*\((device )?/, "", s); sub(/\)$/, "", s)
  return (s ~ /^[A-Za-z0-9!_-]+$/) ? s : ""
}
{
  line = $0; prio = -1
  if (line ~ /^<[0-9]+>/) { prio = substr(line, 2) + 0; sub(/^<[0-9]+>/, "", line) }
  stamp = "-"; text = line
  if (match(line, /\[ *[0-9]+\.[0-9]+\]/) && (RSTART == 1 || line ~ / kernel: *\[/)) {
    # Kept as text: awk would print a large number as 1.2e+07.
    stamp = substr(line, RSTART + 1, RLENGTH - 2); sub(/^ */, "", stamp); text = substr(line, RSTART + RLENGTH)
    # A file of several boots: only what follows the last start of the clock.
    if (file && stamp + 0 < last - 60) { for (c in total) { total[c] = recent[c] = 0; kept[c] = 0 } for (d in since) delete since[d]; oldest = "" }
    last = stamp + 0
    if (oldest == "") oldest = stamp
  } else if (file) {
    if (line !~ / kernel: /) next
    if (line ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T/) { split(line, w, " "); stamp = w[1] }
  }
  sub(/^.* kernel: */, "", text); sub(/^(\[ *[CT][0-9]+\])? */, "", text)
  seen++
  if (prio > 7) { foreign++; next }
  d = mounted(text)
  if (d != "") { since[d] = stamp; next }
  c = class(text)
  if (c == "") next
  total[c]++; if (stamp != "-" && stamp ~ /^[0-9.]+$/ && stamp + 0 >= up - 3600) recent[c]++
  keep[c, kept[c]++ % 12] = stamp " " substr(text, 1, 400)
}
END {
  print "lines", seen + 0, foreign + 0, (oldest == "") ? "-" : oldest
  for (c in total) if (total[c]) {
    print "class", c, total[c], recent[c] + 0
    if (c ~ /^(directory-full|file-system|read-only)$/) told = 1
    for (i = (kept[c] > 12) ? kept[c] - 12 : 0; i < kept[c]; i++) print "line", c, esc(keep[c, i % 12])
  }
  # Of devices that a line of trouble names, when they were last mounted.
  for (d in since) if (told) for (k in keep) if (index(keep[k], "(" d ")") || index(keep[k], " " d ")") || index(keep[k], " " d "-")) { print "mounted", d, since[d]; break }
}'

filter_kernel() { awk -v up="$((NOW / 100))" -v file="$1" "$AWK_ESC$AWK_KERNEL"; }

# Three ways to the log; every one that was closed says why.
kernel_log() {
  begin kernel
  now
  [ ! -r /proc/sys/kernel/dmesg_restrict ] || sed 's/^/restrict /' /proc/sys/kernel/dmesg_restrict
  # -r tells who wrote a line; busybox may be built without it.
  raw=-r
  within 5 dmesg -r >/dev/null || raw=
  if within 5 dmesg $raw >/dev/null; then
    echo 'source dmesg'
    filtered=$(within 5 dmesg $raw | filter_kernel '')
  else
    within 5 sh -c 'dmesg 2>&1 >/dev/null | head -n 1' | told refused
    filtered=$(within 8 journalctl -k -b -q --no-pager -o short-monotonic -n 20000 | filter_kernel '')
    case $filtered in *'lines 0 0 '* | '')
      filtered=
      for log in /var/log/kern.log /var/log/messages /var/log/syslog; do
        [ -r "$log" ] && [ -f "$log" ] || continue
        printf 'source %s\n' "$log"
        filtered=$(within 5 tail -c 4000000 "$log" | filter_kernel 1)
        break
      done
      ;;
    *) echo 'source journalctl' ;; esac
  fi
  [ -z "$filtered" ] || printf '%s\n' "$filtered"
  end kernel
  full_directories
}

# "Directory (ino: N) index full" names no path: its mount from the table, its name by a short search, and its size:
# the device may have been mounted again since, and a directory that was full is large. Old kernels tell no inode: 0.
full_directories() {
  begin directories
  printf '%s\n' "$filtered" | sed -n '
    /^line directory-full [^ ]* EXT4-fs warning (device [A-Za-z0-9!_-]*): /!d
    s/^[^(]*(device \([^)]*\)): [a-z0-9_]*:[0-9]*: Directory (ino: \([0-9]*\)) index full.*/\1 \2/p; t
    s/^[^(]*(device \([^)]*\)): [a-z0-9_]*:[0-9]*: inode #\([0-9]*\): .*/\1 \2/p; t
    s/^[^(]*(device \([^)]*\)): .*/\1 0/p' | awk '{ l[NR] = $0 } END { for (i = NR; i > 0; i--) if (!s[l[i]]++ && n++ < 3) print l[i] }' |
    while read -r device inode; do full_directory "$device" "$inode"; done
  end directories
}

full_directory() {
  number=$(cat "/sys/class/block/$1/dev" 2>/dev/null) || return 0
  point=$(awk -v d="$number" '$3 == d && $4 == "/" { for (i = 7; i < NF && $i != "-"; i++); if ($(i + 1) ~ /^ext[234]$/) { print $5; exit } }' /proc/self/mountinfo)
  [ -n "$point" ] || return 0
  raw=$(printf '%b' "$(printf '%s' "$point" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')")
  major=${number%:*} minor=${number#*:}
  # Something else may be mounted on top.
  at=$(within 2 stat -c %d "$raw")
  [ "${at:-0}" = 0 ] || [ "$at" = $((major << 8 | minor & 255 | (minor & ~255) << 12)) ] || return 0
  printf 'directory %s %s %s\n' "$1" "$2" "$point"
  [ -n "$at" ] && [ "$2" != 0 ] || return 0
  found=$(within 4 find "$raw" -xdev -type d -inum "$2"; echo "/$?")
  name=$(printf '%s' "${found%/*}" | head -n 1)
  if [ -n "$name" ]; then
    printf '%s\n' "$name" | told "name $1 $2"
    within 2 stat -c "size $1 $2 %s %o" "$name"
  elif [ "${found##*/}" = 0 ]; then
    printf 'gone %s %s\n' "$1" "$2"
  fi
}
