import { formatBytes } from '../../core/format.ts';
import type { File, Log, Writer } from './state.ts';

/** json-file driver of docker: `/var/lib/docker/containers/<id>/<id>-json.log`. */
const DOCKER = /\/containers\/([0-9a-f]{64})\/\1-json\.log$/;

/** Who writes the log, and what emptying it means for them. */
export function writingWords(file: File, log: Log, path: string): string[] {
  const container = DOCKER.exec(path)?.[1]?.slice(0, 12);
  return [
    ...way(file, log),
    container === undefined
      ? 'It fills again as fast as before: find what writes so much, and bound or rotate it'
      : `It is the log of container ${container}: docker logs goes on with what comes from now on. It fills again unless the source is stopped; what lasts is max-size (--log-opt, or daemon.json), for containers created afterwards`,
  ];
}

function way({ sizeBytes }: File, { way: word, writers }: Log): string[] {
  const who = writers.map(writerWords).join(', ');
  const offset = `goes on at its old offset (up to ${formatBytes(sizeBytes)}), so the file looks as long as before, but the part in front is a hole that takes no space`;
  switch (word) {
    case 'appends':
      return [`Written by ${who}, which appends: it goes on at the start of the emptied file`];
    case 'offset':
      return [`Written by ${who} without O_APPEND: it ${offset}`];
    case 'both':
      return [`Written by ${who}, in part without O_APPEND: such a writer ${offset}`];
    case 'nobody':
    case 'unseen':
    default:
      return ['No process has it open for writing at the moment'];
  }
}

function writerWords({ pid, name, container }: Writer): string {
  return `${name} (pid ${pid}${container === undefined ? '' : `, container ${container.slice(0, 12)}`})`;
}
