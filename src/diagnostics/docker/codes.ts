import type { CodeDoc } from '../contract.ts';

/** Every finding this diagnostic can report. */
export const codes: Readonly<Record<string, CodeDoc>> = {
  'docker.daemon-down': {
    says: 'The docker daemon is not running, and why, from its last words.',
    means:
      'No container can be started, stopped or looked at. Running ones go on with live-restore only. What looks like a damaged image store is often a full disk, a bad option or a left-over pid file: the reason tells them apart.',
    known:
      'No process `dockerd` on the host (those inside containers do not count), although docker is installed. The reason comes from the lines of its last start: the log its output points to, the journal, `/var/log/docker.log`, `/var/log/upstart/docker.log` or syslog; then from the kernel (killed, out of memory); then from what the host is like now (full or read-only disk, broken daemon.json or repositories.json).',
    act: 'Act by the reason. `no-space`, `read-only`: run `disk`. `out-of-memory`: run `vitals`. `layer-missing`: see `docker.layer-store-corrupt` and `quarantine-image`. `configuration`, `in-use`, `key-file`, `database`, `reference-store`: the finding says which file; move that one aside, nothing else. Only when nothing explains it `restart-unit` is offered. Never delete the data root to make it start, and never prune.',
    fixes: ['restart-unit'],
    data: {
      reason:
        '`reference-store`, `layer-missing`, `no-space`, `read-only`, `configuration`, `in-use`, `key-file`, `database`, `out-of-memory`, `panic`, `killed`, `stopped`, `never-started` or `unknown`',
      lastWords: 'the line that says so; null: deduced',
      log: 'where its words were read; null: nowhere',
    },
  },
  'docker.daemon-slow': {
    says: 'The docker daemon runs and does not answer, or takes long.',
    means:
      'Every docker command hangs, health checks and deployments with it; containers usually go on running.',
    known:
      'Asked through its socket: ping within 4 s, then facts, containers and images within 8 s each; whoever is late is not asked again. Also from its state: stopped by a signal (T), threads that wait for a disk (D), nobody listening. From 3 s on an answer is slow. An account without access to the socket sees its state only.',
    act: 'First take its stacks (`kill -USR1`: they go to its log), then look at `vitals`. `stopped`: `kill -CONT`. `blocked`: the disk is the patient, a restart would hang too. Else `restart-unit`, which stops the containers unless live-restore is set.',
    fixes: ['restart-unit'],
    data: {
      reason:
        '`stopped`, `hanging`, `locked` (answers a ping only), `blocked` (waits for a disk), `not-listening`, `starting`, `error` or `slow`',
      pid: 'process id of the daemon',
      seconds: 'longest time to an answer, or to giving up',
    },
  },
  'docker.layer-store-corrupt': {
    says: 'An entry of the image store is damaged: which images and containers are hit, which are healthy.',
    means:
      'After a power cut or a reset, metadata may be empty or data gone. Docker 1.12 does not start over an empty `diff`; newer ones start and silently drop the image and its containers from view, refuse to load it again, and a prune then deletes volumes of the containers nobody sees. Files of a layer may be empty while docker lists the image as fine.',
    known:
      'Read from the files, daemon up or down (root or sudo): each layer has `diff`, `cache-id`, `size` and `tar-split.json.gz`; diff and parent give its chain id (SHA-256, recomputed); the chain of every image, from its diff ids, is there; the configuration of an image has the digest it is named by; its data exist; with overlay2, `link` and `lower` are filled and the sizes of its files add up to `size` (within `timeBudgetSeconds`; fewer bytes is damage). What comes or goes while we look is left out.',
    act: 'Do not prune, and do not delete the data root: the healthy images are named. Approve `quarantine-image`: it stops docker, moves the damaged entries aside (nothing is deleted), starts it, loads the image where an archive is known, and starts it once more, because containers are read at the start only. Without it, an entry that is missing as a whole is cured by `docker pull` or `docker load`. repositories.json: move it aside by hand; the names of images are kept there alone.',
    fixes: ['quarantine-image'],
    data: {
      layer: 'chain id of the layer, `sha256:…`; null: it is about no single layer',
      'image?': 'id of the image whose configuration is damaged, `sha256:…`',
      path: 'the damaged entry',
      problem:
        'in short: `diff-empty`, `missing`, `data-missing`, `content-short`, `digest-wrong`, `config-empty` …, several joined by a comma',
      images: 'images hit: their tags, else the beginning of their ids',
      containers: 'containers that need it, by name',
      healthy: 'images that are not hit by any damage',
    },
  },
  'docker.container-unusable': {
    says: 'A container is dead, or its own files are damaged.',
    means:
      'It cannot be started, and mostly docker does not show it any more; its volumes then count as unused, and a prune deletes them.',
    known:
      'From its configuration, its entry in `layerdb/mounts` and its file system (root or sudo): missing, empty or cut off; or docker marked it dead. Containers that changed within the last two minutes are left out while the daemon runs.',
    act: 'Do not prune. Save its volumes; then make the container again from its image. A dead one: `docker rm -f` once nothing uses its file system.',
    data: {
      container: 'its id',
      path: 'the file or directory that is damaged',
      problem:
        '`config-empty`, `config-missing`, `config-broken`, `host-config-empty`, `host-config-broken`, `mount-missing`, `mount-wrong`, `data-missing` or `dead`',
      image: 'its image, as it was named; null: not known',
    },
  },
  'docker.unbounded-logs': {
    says: 'Running containers may log without limit.',
    means:
      'The log driver json-file rotates nothing by default: one container can fill the disk of all of them.',
    known:
      'From `HostConfig.LogConfig` of each running container (root or sudo): driver json-file without `max-size`. A warning from 100 MB in one log on, else said in passing.',
    act: 'Set `log-opts` with `max-size` and `max-file` in daemon.json, restart the daemon when it suits, and make the containers again: the limit holds for new ones. `logs` tells what fills the largest; `truncate-log` frees it.',
    data: {
      containers: 'those without limit, largest log first',
      largestBytes: 'the largest of their logs, in bytes',
      driver: 'log driver of new containers; null: not known',
      maxSizeConfigured: 'the `max-size` that new containers get; null: none',
    },
  },
  'docker.affected-version': {
    says: 'This docker version loses images when the host goes down during a load.',
    means:
      'Before 1.13 `docker load` and `docker pull` were not atomic (moby issue 32170): a reset can leave metadata empty, and the daemon does not start any more.',
    known: 'The version that the daemon says, or its program when it is down.',
    act: 'Upgrade to 1.13 or newer. Until then do not reset a host that loads images, and look at it with `docker` after every crash.',
    data: { version: 'its version', fixedIn: 'the first version without the fault' },
  },
  'docker.coverage': {
    says: 'What could not be seen of docker on this host.',
    means: 'What is not named as damaged was not looked at: it is not known to be fine.',
    known:
      'The image store is readable by root only; the group docker opens the socket, which is as good as root and is used only to ask how the daemon is. Also: time that ran out, a data root on a network file system (never touched), a store that is kept by containerd, no docker at all.',
    act: 'Give the account sudo for `/bin/sh` (see the security guide), or raise `timeBudgetSeconds`.',
    data: {
      privilege: '`root`, `sudo` or `none`',
      seen: 'how many of it were seen',
      total: 'how many there are',
      what: 'what was counted, in words',
    },
  },
};
