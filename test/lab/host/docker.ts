import {
  busyboxImage,
  type Dockerd,
  type DockerdOptions,
  startDockerd,
} from '../../support/dockerd.ts';
import type { LabHost } from './host.ts';

/** Where a host's users look for the daemon. */
export const DOCKER_SOCKET = '/run/docker.sock';
/** Where the daemon keeps everything: a disk of the host, for overlay2. */
export const DOCKER_ROOT = '/var/lib/docker';

type Options = Partial<Omit<DockerdOptions, 'enter' | 'dataRoot' | 'socket'>>;

/**
 * A real daemon where a host has it; its user `docker` may use it. It ends with the host. With `bridge`
 * containers have networks of their own: its docker0 is the host's, which has a network to itself.
 */
export async function startDocker(
  host: LabHost,
  { network = 'none', ...options }: Options = {},
): Promise<Dockerd> {
  return await startDockerd({
    ...options,
    enter: host.enter,
    dataRoot: DOCKER_ROOT,
    socket: DOCKER_SOCKET,
    // The last one counts: empty is the default bridge.
    args: [
      '--group=docker',
      ...(network === 'bridge' ? ['--bridge='] : []),
      ...(options.args ?? []),
    ],
  });
}

/** Runs a shell script in a container of an image made of busybox; ends at once when it is stopped. */
export function runContainer(
  dockerd: Dockerd,
  about: { readonly name: string; readonly image: string; readonly script: string },
): void {
  const { name, image, script } = about;
  busyboxImage(dockerd, image);
  const run = ['run', '--detach', '--stop-signal=KILL', '--name', name, image, 'sh', '-c', script];
  dockerd.docker(...run);
}
