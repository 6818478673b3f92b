/** Commands of the stand-in that only look. Formats: ContentSummary, QuotaUsage, Ls, Stat and DFSck of apache/hadoop. */
import {
  below,
  children,
  denied,
  expand,
  items,
  letters,
  may,
  nodes,
  settings,
  totals,
} from './stand-in-state.mjs';

const right = (value, width) => String(value).padStart(width);

function quotas(path) {
  const { quota, spaceQuota } = nodes.get(path);
  const { directories, files, bytes } = totals(path);
  const left = spaceQuota === undefined ? 'inf' : spaceQuota - bytes * (settings.replication ?? 1);
  return [
    right(quota ?? 'none', 12),
    right(quota === undefined ? 'inf' : quota - directories - files, 15),
    right(spaceQuota ?? 'none', 15),
    right(left, 15),
  ].join(' ');
}

function sums(path) {
  const { directories, files, bytes } = totals(path);
  return `${right(directories, 12)} ${right(files, 12)} ${right(bytes, 18)}`;
}

const HEADS = {
  quotas: `${right('QUOTA', 12)} ${right('REM_QUOTA', 15)} ${right('SPACE_QUOTA', 15)} ${right('REM_SPACE_QUOTA', 15)}`,
  sums: `${right('DIR_COUNT', 12)} ${right('FILE_COUNT', 12)} ${right('CONTENT_SIZE', 18)}`,
};

function count(args, { out, refuse }) {
  const flags = args.filter((word) => word.startsWith('-'));
  const has = (flag) => flags.includes(flag);
  const parts = [...(has('-q') || has('-u') ? ['quotas'] : []), ...(has('-u') ? [] : ['sums'])];
  if (has('-v')) out(`${parts.map((part) => HEADS[part]).join(' ')} PATHNAME`);
  let worst = 0;
  for (const argument of args.filter((word) => !word.startsWith('-')).flatMap(expand)) {
    const status = refuse(argument, (path) => {
      const node = nodes.get(path);
      if (!may(node, 5)) throw denied('READ_EXECUTE', path, node);
      const text = parts.map((part) => (part === 'quotas' ? quotas(path) : sums(path)));
      out(`${text.join(' ')} ${path}`);
    });
    worst = Math.max(worst, status);
  }
  return worst;
}

const minute = (time) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

/** The million files of a directory exist only here. */
function* synthetic(path) {
  const { synthetic: made, owner, group } = nodes.get(path);
  if (made === undefined) return;
  const [from, to] = [Date.parse(made.from), Date.parse(made.to)];
  for (let i = 0; i < made.files; i++) {
    const time = from + (((i * 7919) % made.files) / made.files) * (to - from);
    const name = `${i.toString(16).padStart(8, '0')}-0000-4000-8000-${String(i).padStart(12, '0')}`;
    yield `-rw-r--r--   3 ${owner} ${group} ${right(made.bytesEach, 10)} ${minute(time)} ${path}/${name}`;
  }
}

function row(path) {
  const { kind, mode, owner, group, bytes = 0, mtime } = nodes.get(path);
  const type = kind === 'file' ? '-' : 'd';
  return `${type}${letters(mode)}   ${kind === 'file' ? 1 : '-'} ${owner} ${group} ${right(kind === 'file' ? bytes : 0, 10)} ${minute(mtime)} ${path}`;
}

function* recursive(path) {
  readable(path, settings.oldClient);
  yield* synthetic(path);
  for (const [child, node] of children(path)) {
    yield row(child);
    if (node.kind !== 'file') yield* recursive(child);
  }
}

const OUT_OF_MEMORY = `Exception in thread "main" java.lang.OutOfMemoryError: GC overhead limit exceeded
	at java.util.Arrays.copyOfRange(Arrays.java:3664)
	at java.lang.String.<init>(String.java:207)
	at org.apache.hadoop.hdfs.DistributedFileSystem.listStatusInternal(DistributedFileSystem.java:911)
	at org.apache.hadoop.fs.shell.PathData.getDirectoryContents(PathData.java:269)
	at org.apache.hadoop.fs.FsShell.main(FsShell.java:380)`;

/** Without -R every client reads all names before it prints the first; old ones with it, too. */
function readable(path, whole) {
  if (!whole || items(path) <= 200_000) return;
  process.stderr.write(`${OUT_OF_MEMORY}\n`);
  process.exit(1);
}

function list(args, { out, refuse }) {
  const recurse = args.includes('-R');
  const argument = args.findLast((word) => !word.startsWith('-'));
  return refuse(argument, (path) => {
    const node = nodes.get(path);
    if (args.includes('-d')) return out(row(path));
    if (!may(node, 5)) throw denied('READ_EXECUTE', path, node);
    if (!recurse) readable(path, true);
    if (!recurse) out(`Found ${items(path)} items`);
    const rows = recurse
      ? recursive(path)
      : [...synthetic(path), ...children(path).map(([child]) => row(child))];
    // One write at a time: whoever reads may stop at any line.
    for (const line of rows) out(line);
  });
}

/** `%F|%a|…` */
function stat([format, ...paths], { out, refuse }) {
  const status = paths.map((argument) =>
    refuse(argument, (path) => {
      const { kind, mode, owner, group, mtime } = nodes.get(path);
      const name = argument.slice(argument.lastIndexOf('/') + 1).replaceAll(/\\(.)/g, '$1');
      const values = {
        F: kind === 'file' ? 'regular file' : 'directory',
        a: mode,
        u: owner,
        g: group,
        Y: mtime,
        n: name,
      };
      out(format.replaceAll(/%(.)/g, (_, letter) => String(values[letter])));
    }),
  );
  return Math.max(...status);
}

function getfacl([argument], { out, refuse }) {
  return refuse(argument, (path) => {
    const { owner, group, mode, acl } = nodes.get(path);
    out(`# file: ${path}\n# owner: ${owner}\n# group: ${group}`);
    if (mode.length === 4 && mode.startsWith('1')) out('# flags: --t');
    const text = letters(mode).replace('t', 'x').replace('T', '-');
    const basic = [
      `user::${text.slice(0, 3)}`,
      `group::${text.slice(3, 6)}`,
      `other::${text.slice(6)}`,
    ];
    for (const entry of acl ?? basic) out(entry);
    out('');
  });
}

function fsck({ path, out }) {
  const { directories, files, bytes } = totals(path);
  const zero = ['Minimally replicated', 'Over-replicated', 'Under-replicated', 'Mis-replicated'];
  out(
    `FSCK started by x (auth:SIMPLE) from /127.0.0.1 for path ${path} at Sat Nov 21 12:00:00 UTC 2026`,
  );
  out(`\n\nStatus: HEALTHY\n Number of data-nodes:\t3\n Number of racks:\t\t1`);
  out(` Total dirs:\t\t\t${directories}\n Total symlinks:\t\t0\n`);
  out(`Replicated Blocks:\n Total size:\t${bytes} B\n Total files:\t${files}`);
  out(` Total blocks (validated):\t0`);
  for (const kind of zero) out(` ${kind} blocks:\t0`);
  out(` Missing blocks:\t\t0\n Corrupt blocks:\t\t0\n Missing replicas:\t\t0`);
  out(`FSCK ended at Sat Nov 21 12:00:00 UTC 2026 in 9127 milliseconds\n\n`);
  out(`The filesystem under path '${path}' is HEALTHY`);
  return below(path).length === 0 ? 255 : 0;
}

export const looks = {
  shell: { '-count': count, '-ls': list, '-stat': stat, '-getfacl': getfacl },
  fsck,
};
