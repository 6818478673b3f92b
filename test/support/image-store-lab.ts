import type { Box } from './box.ts';
import { busyboxImage } from './dockerd.ts';
import {
  createServiceBox,
  DATA_ROOT,
  dockerAsService,
  SAVE,
  type ServiceDockerd,
} from './service-box.ts';

/** A store with a healthy image and one that a test damages: `app`, a layer upon `base`. */
export interface ImageStoreLab {
  readonly box: Box;
  readonly docker: ServiceDockerd;
  /** Ids of 64 digits. */
  readonly app: string;
  readonly healthy: string;
  /** Uppermost layer of `app`, and the one below. */
  readonly layer: string;
  readonly base: string;
  /** `image/DRIVER`, absolute. */
  readonly top: string;
  /** Where the driver keeps the data of a layer now. */
  cacheOf(layer: string): string;
  command(...args: string[]): string;
  /** Stops docker, runs a script, and starts it unless told otherwise. */
  damage(script: string, then?: 'start' | 'stay down'): void;
  /** Every path of the metadata with size and content, and where docker keeps names. */
  fingerprint(): string;
  close(): void;
}

/**
 * `victim` runs on `app`, `keep` on `healthy` with the volume `precious`; an archive of `app` lies in the
 * directory for copies. Built by commit, which is a layer of its own.
 */
export async function createImageStoreLab(driver: 'overlay2' | 'vfs'): Promise<ImageStoreLab> {
  const box = await createServiceBox();
  let docker: ServiceDockerd | undefined;
  try {
    docker = await dockerAsService(box, { driver });
    const run = (...args: string[]): string => (docker as ServiceDockerd).dockerd.docker(...args);
    busyboxImage(docker.dockerd, 'lab/base:1', { '/etc/base': 'base' });
    const healthy = busyboxImage(docker.dockerd, 'lab/healthy:1', { '/etc/healthy': 'healthy' });
    run('run', '--name', 'made', 'lab/base:1', 'sh', '-c', 'echo app >/etc/app');
    const app = run('commit', 'made', 'lab/app:1');
    run('rm', 'made');
    box.run(`mkdir -m 700 ${SAVE} ${SAVE}/images`);
    run('save', '-o', `${SAVE}/images/app.tar`, 'lab/app:1');
    const sleeper = ['--stop-signal', 'KILL'];
    run('create', '--name', 'victim', ...sleeper, 'lab/app:1', 'cat', '/etc/app');
    run(
      'run',
      '-d',
      '--restart',
      'always',
      '--name',
      'keep',
      ...sleeper,
      '-v',
      'precious:/v',
      'lab/healthy:1',
      'sleep',
      '600',
    );
    run('exec', 'keep', 'sh', '-c', 'echo gold >/v/gold');
    const top = `${DATA_ROOT}/image/${driver}`;
    const layer =
      box
        .run(
          `cd ${top}/layerdb; cat mounts/*/parent | sort | uniq; grep -l . sha256/*/parent | cut -d/ -f2`,
        )
        .trim()
        .split('\n')
        .at(-1) ?? '';
    const base = box.run(`cut -d: -f2 ${top}/layerdb/sha256/${layer}/parent`).trim();
    const service = docker;
    return {
      box,
      docker: service,
      app: app.slice(7),
      healthy: healthy.slice(7),
      layer,
      base,
      top,
      cacheOf: (id) =>
        `${DATA_ROOT}/${driver === 'vfs' ? 'vfs/dir' : driver}/${box.run(`cat ${top}/layerdb/sha256/${id}/cache-id`).trim()}`,
      command: run,
      damage(script, then = 'start') {
        service.service('stop');
        box.run(script);
        if (then === 'start') service.service('start');
        if (then === 'start')
          box.run(
            `for n in $(seq 100); do docker -H unix:///var/run/docker.sock version >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1`,
          );
      },
      fingerprint: () =>
        box.run(
          `cd ${top}; { find layerdb/sha256 imagedb -printf '%p %y %m %s %i\\n'; find layerdb/sha256 imagedb -type f -exec sha256sum {} +; cat repositories.json; } | sort`,
        ),
      close() {
        service.close();
        box.close();
      },
    };
  } catch (error) {
    docker?.close();
    box.close();
    throw error;
  }
}
