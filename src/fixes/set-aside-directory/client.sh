# The hdfs command, for the look and for the change. Runs after the functions of core/approval/claim.ts.
# shellcheck disable=SC2034,SC2329 # used by what follows
# A login over SSH without a profile often lacks it in PATH.
find_hdfs() {
  hdfs=$(command -v hdfs) && return
  for hdfs in "${HADOOP_HOME:-/opt/hadoop}/bin/hdfs" /opt/hadoop/bin/hdfs /usr/local/hadoop/bin/hdfs /usr/lib/hadoop/bin/hdfs \
    /usr/hdp/current/hadoop-client/bin/hdfs /opt/cloudera/parcels/CDH/bin/hdfs; do
    [ -x "$hdfs" ] && return
  done
  hdfs=''; return 1
}
# Without a UTF-8 locale the JVM turns letters of names into `?`.
find_locale() {
  utf8=$(locale -a 2>/dev/null | awk 'tolower($0) ~ /utf-?8$/ { if (!first || $0 ~ /^C\./) first = $0 } END { print first }')
  : "${utf8:=C}"
}
# Twenty clients are started one after the other: without the second compiler each takes half of the time.
ask() {
  timeout -k 5 "${patience:-30}" env LC_ALL="$utf8" HADOOP_CLIENT_OPTS="${HADOOP_CLIENT_OPTS:-} -XX:-UsePerfData -XX:TieredStopAtLevel=1" \
    "$hdfs" "$@" </dev/null
}
# Glob characters stand for themselves.
literal() { printf '%s' "$1" | sed 's/[][*?{}\\]/\\&/g'; }
# The last words of a client, short and on one line; without what every client says.
last_words() { grep -v NativeCodeLoader | tail -n 3 | tail -c 600 | tr -c ' -~' ' '; }
# What a directory is: kind|mode|owner|group|mtime
FACTS='%F|%a|%u|%g|%Y'
