/** Commands of the stand-in that change something. */
import {
  below,
  denied,
  isSuperuser,
  items,
  nodes,
  parentOf,
  Refusal,
  requireRoom,
  resolve,
  save,
  settings,
  user,
} from './stand-in-state.mjs';

/** A path that need not be there. */
function fresh(work) {
  return Object.assign(work, { needs: false });
}

let inode = Math.max(16_385, ...[...nodes.values()].map((node) => node.inode ?? 0));

function mkdir([argument], { refuse }) {
  return refuse(
    argument,
    fresh((path) => {
      const plain = argument.replaceAll(/\\(.)/g, '$1');
      if (nodes.has(path)) throw new Refusal(`\`${plain}': File exists`);
      const parent = parentOf(path);
      if (!nodes.has(parent)) throw new Refusal(`\`${plain}': No such file or directory`);
      requireRoom(parent, { adding: true });
      const { group } = nodes.get(parent);
      inode += 1;
      nodes.set(path, { owner: user, group, mode: '700', mtime: Date.now(), inode });
      save();
    }),
  );
}

/** Into a directory that is there, as FsShell does. */
function mv([from, to], { refuse }) {
  return refuse(from, (source) => {
    let target = resolve(to);
    if (nodes.has(target)) target = `${target}/${source.slice(source.lastIndexOf('/') + 1)}`;
    if (nodes.has(target)) throw new Refusal(`\`${target}': File exists`);
    const [old, next] = [parentOf(source), parentOf(target)];
    if (!nodes.has(next)) throw new Refusal(`\`${to}': No such file or directory`);
    requireRoom(old, { adding: false });
    requireRoom(next, { adding: old !== next });
    for (const [path, node] of below(source)) {
      if (node.snapshottable === true) {
        throw new Refusal(
          `The directory ${path} cannot be deleted since ${path} is snapshottable and already has snapshots`,
        );
      }
    }
    for (const [path, node] of below(source)) {
      nodes.delete(path);
      nodes.set(`${target}${path.slice(source.length)}`, node);
    }
    save();
  });
}

function rmdir([argument], { refuse }) {
  return refuse(argument, (path) => {
    requireRoom(parentOf(path), { adding: false });
    if (items(path) > 0) throw new Refusal(`\`${argument}': Directory is not empty`);
    nodes.delete(path);
    save();
  });
}

function own(path) {
  const node = nodes.get(path);
  if (settings.safeMode)
    throw new Refusal(`Cannot set permission for ${path}. Name node is in safe mode.`);
  if (!isSuperuser && node.owner !== user) throw denied('WRITE', path, node);
  return node;
}

function chown([spec, argument], { refuse }) {
  return refuse(argument, (path) => {
    const [owner, group] = spec.split(':');
    const node = own(path);
    if (
      !isSuperuser &&
      (owner !== user || (group !== node.group && !(settings.groups ?? []).includes(group)))
    ) {
      throw new Refusal(
        `changing ownership of '${argument}': User ${user} does not belong to ${group}`,
      );
    }
    nodes.set(path, { ...node, owner, group });
    save();
  });
}

function chmod([mode, argument], { refuse }) {
  return refuse(argument, (path) => {
    nodes.set(path, { ...own(path), mode: mode.replace(/^0/, '') });
    save();
  });
}

function setfacl([, spec, argument], { refuse }) {
  return refuse(argument, (path) => {
    nodes.set(path, { ...own(path), acl: spec.split(',') });
    save();
  });
}

function touchz(paths, { refuse }) {
  const status = paths.map((argument) =>
    refuse(
      argument,
      fresh((path) => {
        const parent = parentOf(path);
        if (!nodes.has(parent)) throw new Refusal(`\`${argument}': No such file or directory`);
        requireRoom(parent, { adding: !nodes.has(path) });
        const { group } = nodes.get(parent);
        nodes.set(path, { kind: 'file', owner: user, group, mode: '644', mtime: Date.now() });
        save();
      }),
    ),
  );
  return Math.max(...status);
}

export const changes = {
  '-mkdir': mkdir,
  '-mv': mv,
  '-rmdir': rmdir,
  '-chown': chown,
  '-chmod': chmod,
  '-setfacl': setfacl,
  // What is put is not kept.
  '-put': ([, target], tools) => touchz([target], tools),
  '-touchz': touchz,
};
