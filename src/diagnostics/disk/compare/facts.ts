import { mountOf } from '../assess/file-system.ts';
import { growingLogs } from '../assess/filling.ts';
import type { Reading } from '../reading.ts';

/** What other hosts need to know of this one to tell who fills up next. */
export type DiskFacts = {
  /** Null: they could not be listed. */
  readonly containers: readonly ContainerFacts[] | null;
  /** Where the logs of containers go. Null: not known. */
  readonly docker: { readonly mount: string; readonly availableBytes: number } | null;
};

export type ContainerFacts = {
  readonly name: string;
  readonly image: string;
  /** Growth of its log; 0: none was seen. */
  readonly bytesPerSecond: number;
};

export function diskFacts(reading: Reading): DiskFacts {
  const [sample] = reading.containers;
  if (sample === undefined || sample.unreadable) return { containers: null, docker: null };
  const growing = new Map(
    growingLogs(reading).map(({ log, bytesPerSecond }) => [log.id, Math.round(bytesPerSecond)]),
  );
  const containers = sample.running.map(({ id, name, image }) => ({
    name,
    image,
    bytesPerSecond: growing.get(id) ?? 0,
  }));
  return { containers, docker: dockerDisk(reading, sample.root) };
}

function dockerDisk(reading: Reading, root: string | null): DiskFacts['docker'] {
  const mount = root === null ? null : mountOf(root, reading.mounts);
  if (mount === null) return null;
  const latest = reading.samples.at(-1)?.facts[reading.mounts.indexOf(mount)];
  if (latest === undefined || latest === null) return null;
  return { mount: mount.mountpoint, availableBytes: latest.availableBytes };
}
