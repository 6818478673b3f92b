import { type Failure, recognise } from '../exceptions.ts';
import type { Look } from '../reading.ts';
import { quote, shown, timedOut } from '../words.ts';

/** Why a command of the client failed, in one line. */
export function failureWords(look: Look): string {
  const failure = recognise(look.output);
  if (failure !== null) return words(failure);
  if (timedOut(look)) return 'it did not answer in time';
  const lines = look.output.split('\n').filter((line) => line.trim() !== '');
  // The first line of a stack names the exception; without one the last line is the answer.
  const line = lines.find((one) => /(?:Exception|Error)\b/.test(one)) ?? lines.at(-1);
  return line === undefined ? `exit status ${look.exitCode}` : shown(line.trim()).slice(0, 200);
}

function words(failure: Failure): string {
  switch (failure.kind) {
    case 'items':
      return `the item limit of ${quote(failure.path)} is exceeded`;
    case 'names':
      return `the name quota of ${quote(failure.path)} is exceeded`;
    case 'space':
      return `the space quota of ${quote(failure.path)} is exceeded`;
    case 'denied':
      return `HDFS denies ${shown(failure.user)} the right ${failure.access} on ${quote(failure.path)}`;
    case 'safe-mode':
      return 'the NameNode is in safe mode';
    case 'standby':
      return 'only a standby NameNode answered';
    case 'out-of-memory':
      return 'the client ran out of memory';
    case 'no-ticket':
      return 'there is no valid Kerberos ticket';
    case 'no-java':
      return 'there is no Java';
    case 'no-configuration':
      return 'the configuration names no NameNode';
    case 'unreachable':
      return 'the NameNode cannot be reached';
    case 'superuser':
      return 'only the superuser of HDFS may ask that';
    case 'missing':
      return 'it does not exist';
  }
}

/** What to do about it; empty: nothing that is known. */
export function remedyOf(look: Look): string {
  switch (recognise(look.output)?.kind) {
    case 'denied':
    case 'superuser':
      return 'Look with an account that HDFS lets read it, e.g. its owner or the superuser.';
    case 'standby':
      return 'No NameNode is active: `hdfs haadmin -getAllServiceState`, then the logs of the NameNodes and of the failover controllers.';
    case 'out-of-memory':
      return 'More memory for the client: HADOOP_CLIENT_OPTS=-Xmx4g.';
    case 'no-ticket':
      return 'Get a ticket for the account that Housecall logs in with: `kinit -kt <keytab> <principal>`, renewed by a timer; `klist` shows what there is.';
    case 'no-java':
      return 'Install Java, or set JAVA_HOME in hadoop-env.sh: a login without a profile lacks it.';
    case 'no-configuration':
      return 'Run it on a gateway of the cluster, or set HADOOP_CONF_DIR for this account.';
    case 'unreachable':
      return 'Is the NameNode process up, and its port reachable from this host? Its log says why it ended.';
    default:
      return '';
  }
}
