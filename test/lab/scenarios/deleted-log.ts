import { request } from 'node:http';
import { dockerProblem } from '../../support/dockerd.ts';
import { opsgenieAlert } from '../../support/opsgenie-alert.ts';
import { defineScenario } from '../frame/scenario.ts';
import { DOCKER_ROOT as DISK, DOCKER_SOCKET, runContainer, startDocker } from '../host/docker.ts';
import type { LabHost } from '../host/host.ts';

const HOST = 'host-17';
const LOG = '/var/log/docker.log';
const STANZA = '/etc/logrotate.d/docker';

/** It renames, compresses and removes the log, and nobody tells the daemon, which writes on. */
const BAD_STANZA = `${LOG} {
    rotate 2
    dateext
    compress
    missingok
    notifempty
    size 1M
}
`;

export const scenario = defineScenario({
  name: 'deleted-log',
  title: 'The deleted log that filled the docker partition',
  problem: dockerProblem,
  diagnose: ['disk', 'logs'],
  async up(lab) {
    await lab.boot([
      { name: HOST, disks: [{ at: DISK, mib: 225, also: '/var/log', options: ['-m', '1'] }] },
    ]);
    const host = lab.host(HOST);
    host.run('printf %s "$2" >"$1"', STANZA, BAD_STANZA);
    const dockerd = await startDocker(host, { logFile: LOG, config: { debug: true } });
    const script = 'while :; do echo "GET / 200"; sleep 1; done';
    runContainer(dockerd, { name: 'web', image: 'web:1', script });
    // A client that asks and asks, of a daemon that logs every question.
    await askUntil(host, () => usedPercent(host) > 25);
    host.run(`logrotate --state /var/lib/logrotate/status ${STANZA}`);
    await askUntil(host, () => usedPercent(host) === 100);
  },
  status: ({ host }) => [
    `${HOST}: ${DISK} is ${usedPercent(host(HOST))} % full`,
    ...heldLogs(host(HOST)).map((one) => `${HOST}: ${one}`),
  ],
  alert: () => ({
    source: 'opsgenie',
    alertname: 'NodeLowRootDisk',
    body: opsgenieAlert({ id: 'deleted-log', host: HOST }),
  }),
  expect: {
    findings: [
      {
        code: 'disk.deleted-open-file',
        host: HOST,
        data: { path: /^\/var\/log\/docker\.log-\d{8}$/, process: /^dockerd|containerd$/ },
        title: /docker\.log-\d{8}/,
      },
      {
        code: 'disk.filesystem-full',
        host: HOST,
        title: /(100|99\.\d) % full.*held by a deleted file/,
      },
      { code: 'logs.rotated-without-reopen', host: HOST, data: { config: STANZA } },
    ],
    looks: [
      // What its processes hold cannot be seen, and that is said; no deleted file is guessed.
      {
        account: 'plain',
        host: HOST,
        diagnostic: 'disk',
        findings: [{ code: 'disk.filesystem-full' }, { code: 'disk.coverage' }],
        never: ['disk.deleted-open-file'],
      },
      {
        account: 'docker',
        host: HOST,
        diagnostic: 'disk',
        findings: [{ code: 'disk.filesystem-full' }, { code: 'disk.coverage' }],
        never: ['disk.deleted-open-file'],
      },
      {
        account: 'root',
        host: HOST,
        diagnostic: 'disk',
        findings: [{ code: 'disk.deleted-open-file', data: { path: /docker\.log/ } }],
        never: ['disk.coverage'],
      },
    ],
    never: ['disk.coverage', 'host.unreachable'],
    fixes: [
      {
        fix: 'truncate-deleted-file',
        from: { code: 'disk.deleted-open-file', data: { path: /docker\.log/ } },
        holds(lab) {
          const used = usedPercent(lab.host(HOST));
          return used < 20 ? null : `${DISK} is still ${used} % full`;
        },
      },
      {
        fix: 'logrotate-copytruncate',
        from: { code: 'logs.rotated-without-reopen' },
        holds(lab) {
          // Tomorrow's rotation leaves the log where it is, for whoever has it open.
          const inodes = lab.host(HOST).run(`
            rm -f ${LOG}-*.gz
            seq 300000 >${LOG}
            stat -c %i ${LOG}
            logrotate --force --state /var/lib/logrotate/status ${STANZA}
            stat -c %i ${LOG}`);
          const [before, after] = inodes.split('\n');
          return before === after ? null : `${LOG} was inode ${before} and is ${after} now`;
        },
      },
    ],
  },
  tryThis: [
    'Read what was found in the incident\'s room, press "Review fix" as Ada and submit.',
    'Switch to Grace and approve; the space comes back.',
    `In the room:  /diag disk ${HOST}`,
  ],
});

function usedPercent(host: LabHost): number {
  return Number(host.run(`df --output=pcent ${DISK} | tail -1`).replace('%', ''));
}

function heldLogs(host: LabHost): readonly string[] {
  const script = `for link in /proc/[0-9]*/fd/*; do
      target=$(readlink "$link" || true)
      case $target in /var/log/*'(deleted)') echo "$link -> $target, $(stat -Lc %b "$link") blocks";; esac
    done`;
  return host
    .run(script)
    .split('\n')
    .filter((line) => line !== '');
}

/** Questions to the daemon's socket, whose debug log repeats them. */
async function askUntil(host: LabHost, enough: () => boolean): Promise<void> {
  const path = `/_ping?release=${'x'.repeat(100_000)}`;
  for (let round = 0; round < 200; round += 1) {
    await Promise.all(Array.from({ length: 50 }, () => ask(host.path(DOCKER_SOCKET), path)));
    if (enough()) return;
  }
  throw new Error(`${host.name}: the daemon's log does not grow`);
}

function ask(socketPath: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path }, (response) => {
      response.resume().once('end', resolve);
    });
    asked.once('error', reject).end();
  });
}
