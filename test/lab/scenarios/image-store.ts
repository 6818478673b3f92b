import { busyboxImage, dockerProblem } from '../../support/dockerd.ts';
import { opsgenieAlert } from '../../support/opsgenie-alert.ts';
import { defineScenario } from '../frame/scenario.ts';
import { DOCKER_ROOT } from '../host/docker.ts';
import {
  type DockerService,
  START_DOCKER as START,
  startDockerService,
} from '../host/docker-service.ts';
import type { LabHost } from '../host/host.ts';

const HOST = 'host-17';
const STORE = `${DOCKER_ROOT}/image/overlay2`;

/** Healthy: `registry` runs on it, with the volume `pushed`. */
const HEALTHY = 'registry:2';
/** Its metadata are lost; `shop` ran on it. An archive of it is kept where Housecall looks for one. */
const VICTIM = 'shop:7';
/** One more layer on the victim's, and `worker` ran on it. Its archive is elsewhere. */
const CHILD = 'shop-worker:7';
const ONLY_HEALTHY = /^registry:2$/;
/** Both, by the order of their ids. */
const BOTH = /^(shop:7,shop-worker:7|shop-worker:7,shop:7)$/;
const KEPT = '/var/tmp/housecall/images/shop.tar';
const ELSEWHERE = '/root/shop-worker.tar';

export const scenario = defineScenario({
  name: 'image-store',
  title: 'docker load is not atomic: images lost in a power cut',
  problem: dockerProblem,
  diagnose: ['docker'],
  async up(lab) {
    await lab.boot([{ name: HOST, disks: [{ at: DOCKER_ROOT, mib: 256 }] }]);
    const host = lab.host(HOST);
    const service = startDockerService(host);
    furnish(host, service);
    host.run(`${FINGERPRINT} >/root/before`);
    // What was not written yet is empty after the next start.
    service.powerCut(
      `for layer in $(cat /root/lost-layers); do : >${STORE}/layerdb/sha256/$layer/diff; done`,
    );
    service.start();
    requireFault(host);
  },
  status: ({ host }) => [
    `${HOST}: docker shows the images ${host(HOST).run('docker images --format "{{.Repository}}:{{.Tag}}" | sort | xargs')}`,
    `${HOST}: docker shows the containers ${host(HOST).run('docker ps -a --format "{{.Names}}" | sort | xargs')}`,
    `${HOST}: layers without diff: ${host(HOST).run(`find ${STORE}/layerdb/sha256 -name diff -empty | wc -l`)}`,
  ],
  alert: () => ({
    source: 'opsgenie',
    alertname: 'DockerRunFails',
    body: opsgenieAlert({
      id: 'image-store',
      host: HOST,
      alertname: 'DockerRunFails',
      message: `docker run ${VICTIM} fails on ${HOST}: No such image`,
    }),
  }),
  expect: {
    findings: [
      {
        code: 'docker.layer-store-corrupt',
        host: HOST,
        status: 'critical',
        data: {
          problem: 'diff-empty',
          images: BOTH,
          containers: /^(shop,worker|worker,shop)$/,
          healthy: ONLY_HEALTHY,
        },
        title:
          /\bshop:7.* is damaged: diff is empty; 2 images and 2 containers are hit, 1 image is healthy/,
        detail:
          /Docker does not show 2 images and 2 containers of these now\.[^]*Healthy images: registry:2\.[^]*Do not prune/,
      },
      {
        code: 'docker.layer-store-corrupt',
        host: HOST,
        data: { images: /^shop-worker:7$/, containers: /^worker$/, healthy: ONLY_HEALTHY },
      },
    ],
    looks: [
      {
        account: 'plain',
        host: HOST,
        diagnostic: 'docker',
        findings: [{ code: 'docker.coverage', status: 'unknown' }],
        never: ['docker.layer-store-corrupt', 'docker.daemon-down'],
      },
      {
        account: 'docker',
        host: HOST,
        diagnostic: 'docker',
        findings: [{ code: 'docker.coverage', status: 'unknown' }],
        never: ['docker.layer-store-corrupt', 'docker.daemon-down'],
      },
    ],
    never: ['docker.coverage', 'docker.daemon-down', 'docker.daemon-slow', 'host.unreachable'],
    // To prune is only ever spoken of as what must not be done.
    neverSaid: [/^(?!.*\b(not|no|never)\b).*\bprun/i],
    fixes: [
      {
        fix: 'quarantine-image',
        from: {
          code: 'docker.layer-store-corrupt',
          host: HOST,
          data: { images: BOTH },
        },
        holds: (lab) => afterwards(lab.host(HOST)),
      },
    ],
  },
  tryThis: [
    `In a shell on the host:  docker images   and   docker load -i ${KEPT}: it cannot be loaded again.`,
    'In the room: what is hit, what is healthy, what must not be done. Press "Review fix" as Ada and submit.',
    'Switch to Grace and approve: the image and its container are back, nothing was deleted.',
    `The other image is loaded by hand:  docker load -i ${ELSEWHERE}`,
  ],
});

function furnish(host: LabHost, service: DockerService): void {
  const docker = (...args: string[]): string => service.docker(...args);
  busyboxImage(service, HEALTHY, { '/etc/healthy': 'healthy' });
  busyboxImage(service, VICTIM, { '/etc/shop': 'shop\n' });
  docker('run', '--name', 'build', VICTIM, 'sh', '-c', 'echo worker >/etc/worker');
  docker('commit', 'build', CHILD);
  docker('rm', 'build');
  const run = ['run', '--detach', '--restart=always', '--stop-signal=KILL', '--name'];
  docker(...run, 'registry', '-v', 'pushed:/v', HEALTHY, 'sleep', '100000');
  docker('exec', 'registry', 'sh', '-c', 'seq 100000 >/v/blobs; echo own >/root/own');
  docker(...run, 'shop', VICTIM, 'sleep', '100000');
  docker(...run, 'worker', CHILD, 'sleep', '100000');
  host.run(`
    mkdir -m 700 /var/tmp/housecall /var/tmp/housecall/images
    docker save -o ${KEPT} ${VICTIM}
    docker save -o ${ELSEWHERE} ${CHILD}
    cd ${STORE}/layerdb/mounts
    for name in shop worker; do cut -d: -f2 $(docker inspect -f '{{.Id}}' $name)/parent; echo; done | grep . >/root/lost-layers
    sync`);
}

/** Everything of what is healthy, by its content: image, container, and volume, as docker shows them now. */
const FINGERPRINT = `{
    docker image inspect -f '{{.Id}} {{.RootFS}}' ${HEALTHY}
    docker inspect -f '{{.Id}} {{.Image}}' registry
    for place in $(docker image inspect -f '{{.GraphDriver.Data.UpperDir}}' ${HEALTHY}) \\
      $(docker inspect -f '{{.GraphDriver.Data.UpperDir}} {{range .Mounts}}{{.Source}}{{end}}' registry); do
      cd $place
      find . -printf '%p %y %m %U %l\\n' | sort
      find . -type f -exec sha256sum '{}' + | sort
    done
  }`;

/** As users saw it: gone from view, cannot be run, and cannot be loaded again. */
function requireFault(host: LabHost): void {
  host.run(`
    [ "$(docker images -q | wc -l) $(docker ps -aq | wc -l)" = '1 1' ] || { echo 'docker still shows the images' >&2; exit 1; }
    ! docker run --rm ${VICTIM} true 2>/root/said || exit 1
    ! docker load -i ${KEPT} 2>/root/said || exit 1
    grep -q 'file exists' /root/said || { cat /root/said >&2; exit 1; }`);
}

/** Without Housecall. */
function afterwards(host: LabHost): string | null {
  return (
    host.run(`
      shown() { docker ps -a --format '{{.Names}}' | sort | xargs; }
      ${FINGERPRINT} >/root/after
      cmp -s /root/before /root/after || { echo "what was healthy is not as before: $(diff /root/before /root/after | head -n 5)"; exit 0; }
      [ "$(docker exec registry tail -n 1 /v/blobs)" = 100000 ] || { echo 'the volume is not in its container'; exit 0; }
      docker load -q -i ${KEPT} >/dev/null
      docker load -q -i ${ELSEWHERE} >/dev/null
      [ "$(docker run --rm ${CHILD} cat /etc/shop /etc/worker | xargs)" = 'shop worker' ] || { echo '${CHILD} cannot be run'; exit 0; }
      # The archive that Housecall knew brought its container back; the other one's is seen after the next start.
      [ "$(shown)" = 'registry shop' ] || [ "$(shown)" = 'registry shop worker' ] || { echo "docker shows the containers $(shown)"; exit 0; }
      service docker stop >/dev/null 2>&1 </dev/null
      ${START}
      [ "$(shown)" = 'registry shop worker' ] || { echo "docker shows the containers $(shown)"; exit 0; }
      cd ${DOCKER_ROOT}/housecall-quarantine
      [ "$(stat -c '%a %u' .)" = '700 0' ] || { echo "the quarantine is open: $(stat -c '%a %u' .)"; exit 0; }
      [ "$(cd */layerdb && ls | sort | xargs)" = "$(sort /root/lost-layers | xargs)" ] || { echo "the quarantine holds the layers $(ls */layerdb | xargs)"; exit 0; }
      [ "$(find . -path '*/layerdb/*' -name diff -empty | wc -l) $(ls */imagedb-content | wc -l)" = '2 2' ] || find . | head -n 40`) ||
    null
  );
}
