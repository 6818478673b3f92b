import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MOUNT = '/sys/fs/cgroup';

/** Where there are cgroups: the one tree of version 2, or one per controller of version 1. */
function trees(): readonly string[] {
  if (existsSync(join(MOUNT, 'cgroup.procs'))) return [MOUNT];
  return readdirSync(MOUNT)
    .map((entry) => join(MOUNT, entry))
    .filter((tree) => existsSync(join(tree, 'cgroup.procs')));
}

/** `<name>` and its leaf `<name>/init` in every tree. Taken away by the keeper. */
export function createCgroup(name: string): void {
  for (const tree of trees()) {
    for (const path of [dirname(name), name, join(name, 'init')]) {
      mkdirSync(join(tree, path), { recursive: true });
      // Version 1 starts a cgroup without processors, and then takes no process into it.
      for (const file of ['cpuset.cpus', 'cpuset.mems']) {
        const own = join(tree, path, file);
        if (tree !== MOUNT && existsSync(own)) {
          writeFileSync(own, readFileSync(join(dirname(join(tree, path)), file)));
        }
      }
    }
  }
}

/** Puts a process into a cgroup of every tree. */
export function joinCgroup(name: string, pid: number): void {
  for (const tree of trees()) writeFileSync(join(tree, name, 'cgroup.procs'), String(pid));
}

/** Version 2: the host may hand on every controller that it was handed. */
export function delegate(name: string): void {
  if (!trees().includes(MOUNT)) return;
  for (const path of ['.', dirname(name), name]) {
    const at = join(MOUNT, path);
    const controllers = readFileSync(join(at, 'cgroup.controllers'), 'utf8').trim().split(' ');
    for (const controller of controllers.filter((one) => one !== '')) {
      try {
        writeFileSync(join(at, 'cgroup.subtree_control'), `+${controller}`);
      } catch {
        // Not this one: dockerd says what it misses.
      }
    }
  }
}

/** A shell line that joins the leaf of a cgroup and then runs its arguments. */
export function joining(name: string): string {
  const files = trees().map((tree) => `'${join(tree, name, 'cgroup.procs')}'`);
  return `for file in ${files.join(' ')}; do echo $$ >$file; done; exec "$@"`;
}
