#!/usr/bin/env node
/** Stands in for the `hdfs` command where there is no Java: the same words as the real one, which a test compares. */
import { writeSync } from 'node:fs';
import { changes } from './stand-in-changes.mjs';
import { looks } from './stand-in-looks.mjs';
import { isSuperuser, nodes, Refusal, resolve, save, settings, user } from './stand-in-state.mjs';

const [command = '', ...rest] = process.argv.slice(2);
/** At once, and quietly over when nobody reads any more. */
const out = (text) => {
  try {
    writeSync(1, `${text}\n`);
  } catch {
    process.exit(0);
  }
};
const err = (text) => process.stderr.write(`${text}\n`);

/** What a test arranged for a command: `also` first, a pause, the command itself unless it only fails, then words. */
const line = process.argv.slice(2).join(' ');
const planned = (settings.fail ?? []).find(({ when }) => line.startsWith(when));
if (settings.refuseOptions !== undefined && /-Xmx/.test(process.env.HADOOP_CLIENT_OPTS ?? '')) {
  err(settings.refuseOptions);
  process.exit(1);
}
if (planned?.also !== undefined) {
  nodes.set(planned.also.path, planned.also.node);
  save();
}
if (planned?.seconds !== undefined) {
  await new Promise((done) => setTimeout(done, planned.seconds * 1000));
}
if (planned?.says !== undefined && planned.after !== true) refuse();

function refuse() {
  err(planned.says);
  process.exit(planned.exitCode ?? 1);
}

const commands = {
  version: () => out('Hadoop 3.3.6'),
  getconf([flag, key]) {
    const value = {
      'fs.defaultFS': settings.fs,
      'dfs.namenode.fs-limits.max-directory-items': String(settings.clientLimit ?? settings.limit),
    }[key];
    if (flag === '-confKey' && value !== undefined) return out(value);
    err(`Configuration ${key} is missing.`);
    return 255;
  },
  dfs: (args) => shell(args),
  fsck([path, option]) {
    const web = (settings.web ?? 'http://127.0.0.1:1').replace(/\/$/, '');
    const list = option === '-list-corruptfileblocks' ? '&listcorruptfileblocks=1' : '';
    err(
      `Connecting to namenode via ${web}/fsck?ugi=${user}${list}&path=${encodeURIComponent(path)}`,
    );
    if (option !== undefined) {
      out(`The filesystem under path '${path}' has 0 CORRUPT files`);
      return 0;
    }
    return looks.fsck({ path, out });
  },
  dfsadmin([option]) {
    if (option === '-safemode') return out(`Safe mode is ${settings.safeMode ? 'ON' : 'OFF'}`);
    err('Usage: hdfs dfsadmin');
    return 255;
  },
  crypto() {
    if (!isSuperuser) {
      err(`RemoteException: Access denied for user ${user}. Superuser privilege is required`);
      return 2;
    }
    for (const zone of settings.zones ?? []) out(`${zone}  key1`);
    if ((settings.zones ?? []).length === 0) out('');
    return 0;
  },
  lsSnapshottableDir() {
    const found = [...nodes].filter(([, node]) => node.snapshottable !== undefined);
    for (const [path, node] of found) {
      out(`drwxr-xr-x 0 ${node.owner} ${node.group} 0 2026-11-21 12:01 0 65536 ${path}`);
    }
    if (found.length === 0) out('');
    return 0;
  },
};

function shell(args) {
  const words = [...args];
  while (words[0] === '-D') words.splice(0, 2);
  const [verb = '', ...given] = words;
  const act = { ...looks.shell, ...changes }[verb];
  if (act === undefined) {
    err(`${verb}: Unknown command`);
    return 255;
  }
  return act(given, { out, refuse: (argument, work) => attempt(verb, argument, work) });
}

/** Each argument on its own, as FsShell does: what fails is said, the others go on. */
function attempt(verb, argument, work) {
  const path = resolve(argument);
  try {
    if (work.needs !== false && !nodes.has(path)) {
      throw new Refusal(`\`${argument.replaceAll(/\\(.)/g, '$1')}': No such file or directory`);
    }
    work(path);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    err(`${verb.slice(1)}: ${error.message}`);
    return 1;
  }
}

const run = commands[command];
if (run === undefined) {
  err(`ERROR: ${command} is not COMMAND nor fully qualified CLASSNAME.`);
  process.exit(1);
}
process.exitCode = run(rest) ?? 0;
if (planned?.after === true) refuse();
