import { setTimeout as sleep } from 'node:timers/promises';
import { dockerProblem } from '../../support/dockerd.ts';
import { opsgenieAlert } from '../../support/opsgenie-alert.ts';
import { defineScenario } from '../frame/scenario.ts';
import { DOCKER_ROOT, runContainer, startDocker } from '../host/docker.ts';
import type { LabHost } from '../host/host.ts';

/** The error page is on two hosts and is asked for on the first only; the third runs something else. */
const FLOODED = 'host-1';
const NEXT = 'host-2';
const OTHER = 'host-3';
const ERROR_PAGE = 'error-page';

/**
 * An application that logs all parameters of every request, 7 KB a line. Requests while /tmp/requests is
 * there: a burst of some 140 MB, then 300 a second, which is 2 MB/s.
 */
const LOGS_EVERYTHING = `
  parameters=$(head -c 6700 /dev/zero | tr '\\0' p)
  n=0
  request() { n=$((n + 1)); echo "ERROR error page: upstream timed out request=$n parameters=$parameters"; }
  until [ -e /tmp/requests ]; do usleep 100000; done
  while [ $n -lt 20500 ]; do request; done
  while :; do for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do request; done; usleep 50000; done`;

export const scenario = defineScenario({
  name: 'log-flood',
  title: 'One logging application takes down the platform',
  problem: dockerProblem,
  diagnose: ['disk', 'logs'],
  severity: 'SEV1',
  groups: { [FLOODED]: ['docker'], [NEXT]: ['docker'], [OTHER]: ['docker'] },
  async up(lab) {
    const disks = [{ at: DOCKER_ROOT, mib: 192, options: ['-m', '1'] }];
    await lab.boot([FLOODED, NEXT, OTHER].map((name) => ({ name, disks })));
    for (const host of lab.hosts.values()) {
      const dockerd = await startDocker(host);
      if (host.name === OTHER) {
        runContainer(dockerd, { name: 'shop', image: 'shop:3', script: 'exec sleep 100000' });
      } else {
        const image = `${ERROR_PAGE}:1`;
        runContainer(dockerd, { name: ERROR_PAGE, image, script: LOGS_EVERYTHING });
      }
    }
    const flooded = lab.host(FLOODED);
    flooded.run(`docker exec ${ERROR_PAGE} touch /tmp/requests`);
    for (let tries = 0; usedPercent(flooded) < 76; tries += 1) {
      if (tries === 300) throw new Error(`${FLOODED}: the log does not grow`);
      await sleep(100);
    }
  },
  status: ({ host }) =>
    [FLOODED, NEXT, OTHER].map(
      (name) =>
        `${name}: ${DOCKER_ROOT} is ${usedPercent(host(name))} % full, container logs ${logSize(host(name))}`,
    ),
  alert: () => ({
    source: 'opsgenie',
    alertname: 'NodeLowRootDisk',
    body: opsgenieAlert({ id: 'log-flood', host: FLOODED }),
  }),
  expect: {
    findings: [
      { code: 'disk.filling', host: FLOODED, data: { container: ERROR_PAGE } },
      {
        code: 'disk.container-log',
        host: FLOODED,
        data: { container: ERROR_PAGE, maxSizeConfigured: /^null$/ },
        title: /no size limit/,
      },
      // Whose line it is, and how long: 6.8 KB.
      {
        code: 'logs.dominant-template',
        host: FLOODED,
        data: { container: /error-page/, averageLineBytes: /^[67]\d{3}(\.\d+)?$/ },
      },
      {
        code: 'disk.cascade-risk',
        host: FLOODED,
        data: { image: /error-page/ },
        title: new RegExp(`^1 other host runs .*${NEXT}`),
      },
    ],
    never: ['host.unreachable', 'disk.deleted-open-file'],
    fixes: [
      {
        fix: 'truncate-log',
        from: { code: 'logs.dominant-template', host: FLOODED },
        holds(lab) {
          const used = usedPercent(lab.host(FLOODED));
          const running = lab.host(FLOODED).run('docker ps -q').split('\n').length;
          if (used > 60) return `${DOCKER_ROOT} is still ${used} % full`;
          return running === 1 ? null : 'the container does not run any more';
        },
      },
    ],
  },
  tryThis: [
    `Before the disk is full: which container, how long its lines are, when ${FLOODED} is full, who is next.`,
    'Press "Review fix" for the log as Ada, approve as Grace: samples are kept, the space comes back.',
    `It fills again: stop the source with  docker stop ${ERROR_PAGE}  in a shell on the host.`,
  ],
});

function usedPercent(host: LabHost): number {
  return Number(host.run(`df --output=pcent ${DOCKER_ROOT} | tail -1`).replace('%', ''));
}

function logSize(host: LabHost): string {
  return host.run(`du -ch ${DOCKER_ROOT}/containers/*/*-json.log | tail -1 | cut -f1`);
}
