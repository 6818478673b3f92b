# shellcheck disable=SC2034,SC2154,SC2086,SC2046 # one script in parts; words are split on purpose

# Where the command is: a login over SSH without a profile often lacks it in PATH.
find_hdfs() {
  HDFS=$(command -v hdfs) && return
  for one in "${HADOOP_HOME:-/opt/hadoop}/bin" /opt/hadoop/bin /usr/local/hadoop/bin /usr/lib/hadoop/bin \
    /usr/hdp/current/hadoop-client/bin /opt/cloudera/parcels/CDH/bin; do
    HDFS=$one/hdfs
    [ -x "$HDFS" ] && return
  done
  HDFS=''
}

# A path of this host's own file systems looks the same: say what lies there. Network ones are not touched.
local_path() {
  kind=$(HC_PATH=$1 awk '
    { for (s = 7; s <= NF && $s != "-"; s++); p = ENVIRON["HC_PATH"]
      if (p == $5 || $5 == "/" || index(p, $5 "/") == 1) if (length($5) >= length(best)) { best = $5; type = $(s + 1) } }
    END { print type }' /proc/self/mountinfo)
  case $kind in
    ext[234] | xfs | btrfs | tmpfs | overlay | f2fs) [ -d "$1" ] && echo "local $kind" ;;
  esac
}

facts_of_host() {
  find_hdfs
  UTF8=$(locale -a 2>/dev/null | awk 'tolower($0) ~ /utf-?8$/ { if (!first || $0 ~ /^C\./) first = $0 } END { print first }')
  WEB=none
  if command -v curl >/dev/null; then
    WEB=curl
    case $(curl -q -V 2>/dev/null) in *GSS* | *SPNEGO*) WEB=curl-negotiate ;; esac
  elif command -v wget >/dev/null; then
    WEB=wget
  fi
  begin host
  echo "user $(id -un 2>/dev/null || id -u)"
  echo "hdfs $HDFS"
  echo "locale ${UTF8:-C}"
  echo "web $WEB"
  command -v timeout >/dev/null || echo 'missing timeout'
  command -v awk >/dev/null || echo 'missing awk'
  local_path "$1"
  end host
  : "${UTF8:=C}"
}

# The limit as this host's configuration has it. A JVM that does not take our options runs without them.
client_limit() {
  OPTIONS='-XX:-UsePerfData -XX:TieredStopAtLevel=1 -Duser.timezone=UTC'
  case ${HADOOP_CLIENT_OPTS:-} in *-Xm[sx]*) ;; *) OPTIONS="-Xms8m -Xmx256m $OPTIONS" ;; esac
  look limit 20 getconf -confKey dfs.namenode.fs-limits.max-directory-items
  case $OUT in
    *'Could not create the Java Virtual Machine'*)
      OPTIONS=''
      look limit 20 getconf -confKey dfs.namenode.fs-limits.max-directory-items
      ;;
  esac
  LIMIT=$(printf '%s\n' "$OUT" | sed -n '/^[0-9][0-9]*$/p' | tail -n 1)
  : "${LIMIT:=1048576}"
}

# Whether blocks are missing. It tells where the NameNode's web server is, too. BASE WHO
# fsck takes no globs. It looks at every file: for very many only the list of what is corrupt, which needs the superuser.
blocks() {
  list=''
  [ "${BELOW:-0}" -le 3000000 ] || list='-list-corruptfileblocks'
  allow 30
  [ "$ALLOWED" != 0 ] || return
  OUT=$(
    {
      run_hdfs fsck "$1" $list
      printf '\nexit %s\n' "$?"
    } | awk '
      /^exit [0-9]+$/ { print; next }
      /^(Connecting to namenode|FSCK |Status:|The filesystem|Fsck on path| *Total (dirs|files|size)|.*(Missing|Corrupt|Under-replicated) blocks:|.*CORRUPT BLOCKS)|Permission denied|Access denied|Exception|inaccessible|Failed to/ { if (n++ < 30) print substr($0, 1, 700); next }
      /CORRUPT|MISSING/ { if (m++ < 5) print substr($0, 1, 500) }')
  RC=${OUT##*exit }
  OUT=${OUT%exit *}
  begin fsck
  printf '%s\n' "$OUT"
  end fsck "$RC"
  set -- $(printf '%s\n' "$OUT" | sed -n 's#^Connecting to namenode via \(https\{0,1\}://[A-Za-z0-9._:-]*\)/fsck?ugi=\([A-Za-z0-9._-]*\).*#\1 \2#p')
  BASE=${1:-} WHO=${2:-}
}

# The limit as the NameNode has it.
server_limit() {
  [ -n "$BASE" ] || return
  begin server-limit
  OUT=$(fetch "$BASE/conf?name=dfs.namenode.fs-limits.max-directory-items")
  printf '%s\n' "$OUT"
  end server-limit $?
  found=$(printf '%s' "$OUT" | sed -n 's/.*<name>dfs.namenode.fs-limits.max-directory-items<\/name><value>\([0-9][0-9]*\)<.*/\1/p')
  LIMIT=${found:-$LIMIT}
}

# DIR: its own quota does not stop it alone. Those of the directories above, but not of the uppermost: without
# a quota the NameNode counts everything below.
quotas_above() {
  set --
  up=${P%/*}
  while case $up in /*/*) ;; *) false ;; esac do
    set -- "$@" "$(literal "$up")"
    up=${up%/*}
  done
  [ $# = 0 ] || look quotas 20 dfs -count -u -v "$@"
}

# Into the largest directories, as long as one of them could be full and time is left.
descend() {
  current=$P level=0
  while [ "$level" -lt 6 ] && [ -n "$ITEMS" ] && [ "$ITEMS" -le 1000 ] && near "$BELOW"; do
    level=$((level + 1))
    candidates "$current"
    [ -n "$CANDIDATES" ] || return
    next='' IFS='
'
    # shellcheck disable=SC2086 # one path per line
    set -- $CANDIDATES
    unset IFS
    for one; do
      inspect "$one"
      if near "$ITEMS"; then sample "$one" 2000 15 && return; fi
      if [ -z "$ITEMS" ]; then
        below=$BELOW
        sample "$one" 1001 15
        ITEMS=$SEEN BELOW=$below
      fi
      [ -n "$next" ] || next=$one nextItems=$ITEMS nextBelow=$BELOW
    done
    current=$next ITEMS=$nextItems BELOW=$nextBelow
  done
}

finish() {
  begin finish
  end finish
  exit 0
}

main() {
  N=$1 P=$2 WARN=$3
  now
  DEADLINE=$((NOW + $4)) BASE='' WHO=''
  facts_of_host "$P"
  [ -n "$HDFS" ] && command -v timeout >/dev/null && command -v awk >/dev/null || finish
  client_limit
  look scheme 15 getconf -confKey fs.defaultFS
  case $OUT in *hdfs://* | *viewfs://*) ;; *) finish ;; esac
  inspect "$P"
  counted=$RC
  case $OUT in *'No such file or directory'*) finish ;; esac
  # A NameNode that does not answer would cost every command its whole time.
  case $counted in 0 | 1) ;; *) finish ;; esac
  below=$BELOW items=$ITEMS
  look safemode 15 dfsadmin -safemode get
  case $OUT in *'Safe mode is O'*) ;; *) finish ;; esac
  blocks "$P"
  server_limit
  BELOW=$below ITEMS=$items
  status "$P"
  quotas_above
  if [ -z "$ITEMS" ] && near "$BELOW"; then
    sample "$P" "$LIMIT" 25
    ITEMS=$SEEN
  elif near "$ITEMS"; then
    sample "$P" 2000 20
  fi
  near "$ITEMS" || descend
  finish
}
main "$@" </dev/null
