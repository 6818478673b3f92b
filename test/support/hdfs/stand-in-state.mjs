/** The state of the stand-in: a name space in one JSON file, `HDFS_STATE`. Directories may hold a million files that are only a number. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';

const file = process.env.HDFS_STATE ?? '';
const state = JSON.parse(readFileSync(file, 'utf8'));

export const settings = state;
export const nodes = new Map(Object.entries(state.nodes));
export const user = process.env.HADOOP_USER_NAME ?? userInfo().username;
export const isSuperuser = user === state.superuser;

/** A refusal in the words of the client. */
export class Refusal extends Error {}

export function save() {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify({ ...state, nodes: Object.fromEntries(nodes) }));
  renameSync(next, file);
}

/** `hdfs://authority/path` or `/path`, with its escapes resolved; inodes by number. */
export function resolve(argument) {
  const plain = argument.replace(/^hdfs:\/\/[^/]*/, '').replaceAll(/\\(.)/g, '$1');
  const path = plain.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const [, inode] = /^\/\.reserved\/\.inodes\/(\d+)$/.exec(path) ?? [];
  if (inode === undefined) return path;
  for (const [name, node] of nodes) if (String(node.inode) === inode) return name;
  return path;
}

/** What a path with `*` at its end stands for. */
export function expand(argument) {
  if (!/(^|[^\\])\*$/.test(argument)) return [argument];
  const slash = argument.lastIndexOf('/');
  const parent = resolve(argument.slice(0, slash) || '/');
  const name = argument.slice(slash + 1, -1);
  const paths = children(parent).map(([path]) => path);
  return paths.filter((path) => path.slice(path.lastIndexOf('/') + 1).startsWith(name));
}

export function children(path) {
  const base = path === '/' ? '/' : `${path}/`;
  return [...nodes].filter(
    ([name]) => name !== '/' && name.startsWith(base) && !name.slice(base.length).includes('/'),
  );
}

export function below(path) {
  const base = path === '/' ? '/' : `${path}/`;
  return [...nodes].filter(([name]) => name === path || name.startsWith(base));
}

export function items(path) {
  return children(path).length + (nodes.get(path)?.synthetic?.files ?? 0);
}

/** Directories (itself too), files and bytes below. */
export function totals(path) {
  const sums = { directories: 0, files: 0, bytes: 0 };
  for (const [, node] of below(path)) {
    if (node.kind === 'file') {
      sums.files += 1;
      sums.bytes += node.bytes ?? 0;
    } else {
      sums.directories += 1;
      sums.files += node.synthetic?.files ?? 0;
      sums.bytes += (node.synthetic?.files ?? 0) * (node.synthetic?.bytesEach ?? 0);
    }
  }
  return sums;
}

export function parentOf(path) {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function may(node, right) {
  if (isSuperuser) return true;
  const shift = node.owner === user ? 6 : 0;
  return ((Number.parseInt(node.mode, 8) >> shift) & right) === right;
}

export function letters(mode) {
  const bits = Number.parseInt(mode, 8);
  const text = Array.from('rwxrwxrwx')
    .map((letter, at) => (bits & (1 << (8 - at)) ? letter : '-'))
    .join('');
  if (mode.length < 4 || !mode.startsWith('1')) return text;
  return `${text.slice(0, 8)}${text[8] === 'x' ? 't' : 'T'}`;
}

export function denied(access, path, node) {
  return new Refusal(
    `Permission denied: user=${user}, access=${access}, inode="${path}":${node.owner}:${node.group}:d${letters(node.mode)}`,
  );
}

/** Throws what the NameNode would: who may add a name to this directory, and whether there is room. */
export function requireRoom(path, { adding }) {
  const node = nodes.get(path);
  if (settings.safeMode) {
    throw new Refusal(`Cannot create directory ${path}. Name node is in safe mode.`);
  }
  if (!may(node, 2)) throw denied('WRITE', path, node);
  if (!adding) return;
  if (items(path) >= settings.limit) {
    throw new Refusal(
      `The directory item limit of ${path} is exceeded: limit=${settings.limit} items=${items(path)}`,
    );
  }
  for (let at = path; ; at = parentOf(at)) {
    const { quota } = nodes.get(at) ?? {};
    const { directories, files } = totals(at);
    if (quota !== undefined && directories + files + 1 > quota) {
      throw new Refusal(
        `The NameSpace quota (directories and files) of directory ${at} is exceeded: quota=${quota} file count=${directories + files + 1}`,
      );
    }
    if (at === '/') return;
  }
}
