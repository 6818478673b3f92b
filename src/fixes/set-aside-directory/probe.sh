# NONCE PATH ASIDE SAVE_DIRECTORY RUN_DIRECTORY
# Runs after the functions of core/approval/claim.ts, host-directory.ts and client.sh. Read-only.
# shellcheck disable=SC2046,SC2086,SC2154 # words are split on purpose; functions before this
section() {
  printf '@%s begin %s\n' "$nonce" "$1"
  "$@"
  status=$?
  printf '\n@%s end %s %s\n' "$nonce" "$1" "$status"
}
# Output and errors of one command, its status last: a pipe would lose it.
told() {
  out=$({ ask "$@" 2>&1; printf '\nexit %s\n' "$?"; } | grep -v NativeCodeLoader | tail -n 40 | cut -c 1-2000)
  printf '%s' "${out%exit *}"
  return "${out##*exit }"
}
host() { printf '%s %s' "$(id -u)" "${hdfs:-none}"; }
save() { directory "$saving"; }
run() { directory "$running"; }
default() { told getconf -confKey fs.defaultFS; }
limit() { told getconf -confKey dfs.namenode.fs-limits.max-directory-items; }
# Both: missing ones are said, and the name tells which is which.
facts() { told dfs -stat "$FACTS|%n" "$(literal "$path")" "$(literal "$aside")"; }
counts() { told dfs -count -q "$(literal "$path")"; }
aside_counts() { told dfs -count -q "$(literal "$aside")"; }
acl() { told dfs -getfacl "$(literal "$path")"; }
safemode() { told dfsadmin -safemode get; }
snapshots() { told lsSnapshottableDir; }
# Only a superuser may ask, so the answer tells that, too.
zones() { told crypto -listZones; }
# The cheapest question that names the NameNode's web server and the user that HDFS sees.
namenode() { told fsck "$path" -list-corruptfileblocks; }
url() {
  printf '%s' "$1" | od -An -v -tx1 | awk '
    BEGIN { for (i = 33; i < 127; i++) { c = sprintf("%c", i); if (c ~ /[A-Za-z0-9._\/-]/) keep[sprintf("%02x", i)] = c } }
    { for (i = 1; i <= NF; i++) printf "%s", ($i in keep) ? keep[$i] : "%" toupper($i) }'
}
# WebHDFS knows what no command says: the number of the inode, and whether it is encrypted. Its first answer
# takes a busy NameNode many seconds.
web() {
  [ -n "$base" ] || return 127
  where="$base/webhdfs/v1$(url "$1")?op=GETFILESTATUS&user.name=$who"
  if command -v curl >/dev/null; then
    negotiate=''
    case $(curl -q -V 2>/dev/null) in *GSS* | *SPNEGO*) negotiate='--negotiate -u :' ;; esac
    timeout 25 curl -q -sS -m 24 --noproxy '*' $negotiate "$where" </dev/null 2>&1
  else timeout 25 env http_proxy= https_proxy= wget -q -O - "$where" </dev/null 2>&1; fi | head -c 2000
}
source_status() { out=$(web "$path"); printf '%s' "$out"; }
parent_status() { web "${path%/*}"; }
aside_status() { web "$aside"; }
main() {
  nonce=$1 path=$2 aside=$3 saving=$4 running=$5 base='' who=''
  find_hdfs; find_locale
  for name in host save run; do section "$name" 2>/dev/null; done
  [ -n "$hdfs" ] || { section finish; return; }
  section default
  # Another file system than HDFS, or none: nothing below would be about the cluster.
  case $out in *hdfs://*) ;; *) section finish; return ;; esac
  section facts
  # The NameNode does not answer: do not wait for it eight times more.
  case $out in *'directory|'* | *'file|'* | *'No such file'*) ;; *) section finish; return ;; esac
  for name in limit counts aside_counts acl safemode snapshots zones namenode; do section "$name"; done
  set -- $(printf '%s\n' "$out" | sed -n 's#^Connecting to namenode via \(https\{0,1\}://[A-Za-z0-9._:-]*\)/fsck?ugi=\([A-Za-z0-9._-]*\).*#\1 \2#p')
  base=${1:-} who=${2:-}
  section source_status
  # It does not speak to us: do not wait for it twice more.
  case $out in '{'*) ;; *) base='' ;; esac
  for name in parent_status aside_status finish; do section "$name"; done
}
finish() { :; }
main "$@" </dev/null
