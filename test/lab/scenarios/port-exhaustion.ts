import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxImage, dockerProblem } from '../../support/dockerd.ts';
import { opsgenieAlert } from '../../support/opsgenie-alert.ts';
import { poll } from '../frame/poll.ts';
import { defineScenario } from '../frame/scenario.ts';
import { DOCKER_ROOT, startDocker } from '../host/docker.ts';
import type { LabHost } from '../host/host.ts';

/** The same shop runs on three hosts and fails on each; on the first its log has nearly filled the disk. */
const HOSTS = ['web-1', 'web-2', 'web-3'] as const;
const [FULL, RESTARTED] = HOSTS;
const APP = 'php-app';
/** 200 ports. Those of the host are as few: what differs is tcp_tw_reuse alone. */
const RANGE = '32768 32967';
const PORTS = 200;
/** Connections a second: with tcp_tw_reuse twice as many are possible, without it 200 a minute. */
const RATE = 100;
/** What docker's bridge gives the first container. */
const REDIS = '172.17.0.2';
const SHOP = join(import.meta.dirname, '../programs/shop.py');

const ERROR = /connect\(\) failed: Cannot assign requested address/;

export const scenario = defineScenario({
  name: 'port-exhaustion',
  title: 'Ports exhausted inside a container: Cannot assign requested address',
  problem: dockerProblem,
  diagnose: ['disk', 'logs'],
  groups: Object.fromEntries(HOSTS.map((name) => [name, ['web']])),
  async up(lab) {
    const disks = [{ at: DOCKER_ROOT, mib: 64, options: ['-m', '1'] }];
    await lab.boot(HOSTS.map((name) => ({ name, disks })));
    await Promise.all(HOSTS.map((name) => startShop(lab.host(name))));
    const full = lab.host(FULL);
    full.run(`docker exec ${APP} sh -c 'echo 34 >/tmp/rush'`);
    await poll(() => (usedPercent(full) >= 76 ? true : null), {
      what: `${DOCKER_ROOT} of ${FULL} above 75 %`,
      seconds: 60,
    });
  },
  status: ({ host }) => HOSTS.map((name) => `${name}: ${standing(host(name))}`),
  alert: () => ({
    source: 'opsgenie',
    alertname: 'NodeLowRootDisk',
    body: opsgenieAlert({ id: 'port-exhaustion', host: FULL }),
  }),
  expect: {
    findings: [
      {
        code: 'disk.filesystem-full',
        host: FULL,
        title: /\/var\/lib\/docker.* (7|8)\d(\.\d)? % full/,
      },
      { code: 'disk.container-log', host: FULL, data: { container: APP } },
      {
        code: 'logs.dominant-template',
        host: FULL,
        data: { container: APP, template: ERROR, bytesShare: /^0\.[89]/, linesShare: /^0\.[45]/ },
        title: ERROR,
      },
      {
        code: 'logs.known-error',
        host: FULL,
        data: { error: 'EADDRNOTAVAIL', next: 'ports' },
      },
      ...HOSTS.map((host) => ({
        code: 'ports.ephemeral-exhausted',
        host,
        reason: 'chain' as const,
        data: {
          containerName: APP,
          destination: `${REDIS}:6379`,
          range: PORTS,
          cause: 'time-wait',
          tcpTwReuse: 2,
        },
        title: new RegExp(
          `^${APP} .* of ${PORTS} local ports towards ${REDIS}:6379 in TIME_WAIT: .* EADDRNOTAVAIL`,
        ),
      })),
      ...HOSTS.map((host) => ({
        code: 'ports.sysctl-drift',
        host,
        data: { key: 'net.ipv4.tcp_tw_reuse', value: '2', expected: '1', against: 'host' },
        title: new RegExp(APP),
      })),
    ],
    never: ['host.unreachable', 'disk.deleted-open-file', 'ports.coverage', 'logs.coverage'],
    // Named only as what does not help.
    neverSaid: [/^(?!\W*No remedy:).*\b(tcp_tw_recycle|tcp_fin_timeout)\b/],
    looks: [
      // The sockets are public, the range and tcp_tw_reuse of the container are not.
      {
        account: 'plain',
        host: FULL,
        diagnostic: 'ports',
        findings: [
          { code: 'ports.ephemeral-exhausted', data: { destination: `${REDIS}:6379` } },
          { code: 'ports.coverage' },
        ],
      },
    ],
    fixes: [
      {
        fix: 'truncate-log',
        from: { code: 'logs.dominant-template', host: FULL },
        keeps: ERROR,
        holds(lab) {
          const used = usedPercent(lab.host(FULL));
          return used < 30 ? null : `${DOCKER_ROOT} of ${FULL} is still ${used} % full`;
        },
      },
      {
        fix: 'reuse-time-wait',
        from: { code: 'ports.ephemeral-exhausted' },
        on: HOSTS,
        holds(lab) {
          const failing = HOSTS.filter((name) => isFailing(lab.host(name)));
          return failing.length === 0 ? null : `connections still fail on ${failing.join()}`;
        },
        lost: {
          cause: (lab) => void lab.host(RESTARTED).run(`docker restart ${APP}`),
          again: { code: 'ports.ephemeral-exhausted', host: RESTARTED, reason: 'verify' },
        },
      },
    ],
  },
  tryThis: [
    'Housecall goes from the disk to the log to the ports, and then looks at the whole group.',
    'Press "Review fix on 3 hosts" as Ada, approve as Grace: web-1 first, then the other two.',
    `Restart a container in a shell on its host:  docker restart ${APP}  and wait some seconds.`,
  ],
});

/** Redis and the shop, each in a container with a network of its own; fails within a second or two. */
async function startShop(host: LabHost): Promise<void> {
  host.run(`echo 1 >/proc/sys/net/ipv4/tcp_tw_reuse
    echo ${RANGE} >/proc/sys/net/ipv4/ip_local_port_range`);
  const dockerd = await startDocker(host, { network: 'bridge' });
  const image = busyboxImage(dockerd, `shop/${APP}:7.1`, {
    'app/shop.py': readFileSync(SHOP, 'utf8'),
  });
  dockerd.docker('tag', image, 'redis:7');
  const run = (name: string, ...command: readonly string[]): void => {
    // Programs are the machine's; a shell that is process 1 does not hear SIGTERM, nor does Python.
    const own = ['--stop-signal=KILL', '--volume=/usr:/usr:ro'];
    const range = `--sysctl=net.ipv4.ip_local_port_range=${RANGE}`;
    dockerd.docker('run', '--detach', '--name', name, ...own, range, ...command);
  };
  run('redis', 'redis:7', '/usr/bin/redis-server', '--save', '', '--protected-mode', 'no');
  const shop = ['/usr/bin/python3', '/app/shop.py', REDIS, '6379', String(RATE)];
  run(APP, `shop/${APP}:7.1`, ...shop);
  await poll(() => (isFailing(host) ? true : null), {
    what: `${APP} on ${host.name} out of ports`,
    seconds: 30,
  });
}

function usedPercent(host: LabHost): number {
  return Number(host.run(`df --output=pcent ${DOCKER_ROOT} | tail -1`).replace('%', ''));
}

/** Half a second of its log. */
function isFailing(host: LabHost): boolean {
  return ERROR.test(host.run(`docker logs --tail ${RATE / 2} ${APP} 2>&1`));
}

function standing(host: LabHost): string {
  const [timeWait, reuse] = host
    .run(
      `enter="nsenter --net --target $(docker inspect --format '{{.State.Pid}}' ${APP})"
      $enter sed -n 's/^TCP: .* tw \\([0-9]*\\) .*/\\1/p' /proc/net/sockstat
      $enter cat /proc/sys/net/ipv4/tcp_tw_reuse`,
    )
    .split('\n');
  const words = isFailing(host) ? 'connections fail' : 'no connection fails';
  return `${DOCKER_ROOT} is ${usedPercent(host)} % full; ${APP}: ${words}, ${timeWait} in TIME_WAIT, tcp_tw_reuse ${reuse}`;
}
