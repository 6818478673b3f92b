import { formatBytes } from '../../core/format.ts';
import type { Damage } from './damage.ts';
import type { Found, Reload } from './found.ts';
import type { Store } from './state.ts';

/** Archives that hold what is set aside: `docker save` files in `images` of the directory for copies. */
export function reloading(store: Store, damage: Damage): Reload {
  const needed = damage.images.filter(
    ({ id, tags }) => tags.length > 0 || damage.containers.some(({ image }) => image === id),
  );
  const archives = store.archives.filter(({ images }) =>
    needed.some(({ id }) => images.includes(id)),
  );
  const bytes = archives.reduce((sum, archive) => sum + archive.bytes, 0);
  // Unpacked beside what stays of the old data, and once more while it is read.
  if (bytes * 2 > store.freeBytes) {
    return {
      archives: [],
      wanted: needed,
      why: `${formatBytes(bytes * 2)} would be needed to load it again, ${formatBytes(store.freeBytes)} are free`,
    };
  }
  return {
    archives,
    wanted: needed.filter(({ id }) => !archives.some(({ images }) => images.includes(id))),
    ...(store.archivesUnsafe === undefined ? {} : { why: store.archivesUnsafe }),
  };
}

export function reloadWords({ reload, damage, context }: Found): readonly string[] {
  const place = `${context.saveDirectory}/images`;
  const back = damage.containers.map(({ name }) => name).toSorted();
  return [
    ...reload.archives.map(
      ({ file, bytes }) => `Loaded again from ${place}/${file} (${formatBytes(bytes)})`,
    ),
    ...(reload.why === undefined ? [] : [`Archives cannot be used: ${reload.why}`]),
    ...reload.wanted.map(
      ({ id, tags }) =>
        `No archive of image ${id.slice(0, 12)} is known (${place}/*.tar): afterwards ${again(tags)}, then restart docker once more`,
    ),
    ...(back.length === 0
      ? []
      : [
          damage.dataLost
            ? `Containers on it: ${back.join(', ')}. Data below them is damaged: they must be made anew, what they wrote stays in the data root`
            : `Containers on it: ${back.join(', ')}. Docker sees them again once the image is loaded and docker was started once more`,
        ]),
  ];
}

function again(tags: readonly string[]): string {
  const [name] = tags;
  return name === undefined
    ? 'load it again (`docker load`) or build it'
    : `pull or load it again (\`docker pull ${name}\` or \`docker load\`)`;
}
