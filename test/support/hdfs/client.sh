#!/bin/sh
# The hdfs command of Hadoop, as its own script starts it: the class per subcommand, HADOOP_CLIENT_OPTS, the
# configuration first in the class path. HC_HADOOP: the jars. HADOOP_CONF_DIR: the configuration.
command=${1:-}
[ $# = 0 ] || shift
case $command in
  dfs | fs) class=org.apache.hadoop.fs.FsShell ;;
  getconf) class=org.apache.hadoop.hdfs.tools.GetConf ;;
  fsck) class=org.apache.hadoop.hdfs.tools.DFSck ;;
  dfsadmin) class=org.apache.hadoop.hdfs.tools.DFSAdmin ;;
  groups) class=org.apache.hadoop.hdfs.tools.GetGroups ;;
  crypto) class=org.apache.hadoop.hdfs.tools.CryptoAdmin ;;
  storagepolicies) class=org.apache.hadoop.hdfs.tools.StoragePolicyAdmin ;;
  lsSnapshottableDir) class=org.apache.hadoop.hdfs.tools.snapshot.LsSnapshottableDir ;;
  version) class=org.apache.hadoop.util.VersionInfo ;;
  *)
    echo "ERROR: $command is not COMMAND nor fully qualified CLASSNAME." >&2
    exit 1
    ;;
esac
if ! command -v java >/dev/null; then
  echo 'ERROR: JAVA_HOME is not set and could not be found.' >&2
  exit 1
fi
# shellcheck disable=SC2086 # options are words
exec java ${HADOOP_CLIENT_OPTS:-} -cp "$HADOOP_CONF_DIR:$HC_HADOOP/*" "$class" "$@"
