import { opsgenieAlert } from '../../support/opsgenie-alert.ts';
import { defineScenario } from '../frame/scenario.ts';
import { connectHdfs, HDFS } from '../host/hdfs.ts';
import type { LabHost } from '../host/host.ts';

/** The registry runs here; it keeps its images in HDFS. */
const HOST = 'gateway-1';
const LOG = '/var/log/registry/registry.log';
const UPLOADS = '/infra/dockerRegistry/_uploads';
/** As few as makes no difference: the default is 1,048,576. */
const LIMIT = 100;
const BYTES = 20_000;

let hdfs: { close(): Promise<void> } | undefined;

/** What the registry does when somebody pushes: an upload in HDFS. It logs what came of it. */
const PUSH = `#!/bin/sh
log() { printf 'time="%s" level=%s msg="%s" vars.name=%s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$2" "$name" >>${LOG}; }
name=$1
upload=${UPLOADS}/$(cat /proc/sys/kernel/random/uuid)
if said=$(head -c ${BYTES} /dev/zero | HADOOP_USER_NAME=registry ${HDFS} dfs -put - "$upload" 2>&1); then
  log info 'blob upload started'
else
  log error "unknown error completing upload: $(printf '%s' "$said" | tail -n 1)"
  # All that whoever pushes gets to see.
  log error 'seek after file closed'
  exit 1
fi
`;

export const scenario = defineScenario({
  name: 'directory-items',
  title: 'One million files in one HDFS directory',
  diagnose: ['logs'],
  async up(lab) {
    await lab.boot([{ name: HOST }]);
    const host = lab.host(HOST);
    hdfs = await connectHdfs(lab, host, {
      path: UPLOADS,
      limit: LIMIT,
      bytesEach: BYTES,
      owner: 'registry',
      group: 'infra',
      mode: '1775',
      from: '2017-01-01T00:00:00Z',
      to: '2018-05-30T14:03:00Z',
    });
    host.run(
      `printf %s "$1" >/usr/local/bin/push
      chmod 755 /usr/local/bin/push
      mkdir /var/log/registry
      now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
      for n in $(seq 2000); do
        echo "time=\\"$now\\" level=info msg=\\"response completed\\" http.request.method=GET http.request.uri=/v2/app-$n/manifests/latest http.response.status=200"
      done >${LOG}
      ! push shop`,
      PUSH,
    );
  },
  async down() {
    await hdfs?.close();
    hdfs = undefined;
  },
  status: ({ host }) => [
    `${HOST}: ${UPLOADS} holds ${filesIn(host(HOST), UPLOADS)} of ${LIMIT} files`,
    `${HOST}: ${host(HOST).run(`grep level=error ${LOG} | tail -n 2 | head -n 1 | cut -d ' ' -f 3-`)}`,
  ],
  alert: () => ({
    source: 'opsgenie',
    alertname: 'DockerPushFails',
    body: opsgenieAlert({
      id: 'directory-items',
      host: HOST,
      alertname: 'DockerPushFails',
      message: `docker push fails on ${HOST}: seek after file closed`,
    }),
  }),
  expect: {
    findings: [
      {
        code: 'logs.known-error',
        host: HOST,
        reason: 'route',
        data: { path: LOG, error: 'MaxDirectoryItemsExceeded', next: 'hdfs' },
        title: /directory item limit of \/infra\/dockerRegistry\/_uploads is exceeded/i,
      },
      {
        code: 'hdfs.directory-items',
        host: HOST,
        reason: 'chain',
        status: 'critical',
        data: {
          path: UPLOADS,
          items: LIMIT,
          limit: LIMIT,
          exact: true,
          oldest: /^2017-01-01T00:00/,
          sizeBytes: LIMIT * BYTES,
        },
      },
    ],
    never: [
      'hdfs.coverage',
      'hdfs.quota',
      'hdfs.unhealthy',
      'disk.filesystem-full',
      'host.unreachable',
    ],
    fixes: [
      {
        fix: 'set-aside-directory',
        from: { code: 'hdfs.directory-items', host: HOST, data: { path: UPLOADS } },
        holds: (lab) => afterwards(lab.host(HOST)),
      },
    ],
  },
  tryThis: [
    `Quota, fsck and permissions are fine; the log says why:  tail -n 2 ${LOG}  in a shell on the host.`,
    'In the room: which directory, how many entries of how many, how old they are. Press "Review fix" as Ada and submit.',
    `Switch to Grace and approve; then, in the shell:  push shop   and   ${HDFS} dfs -ls ${UPLOADS}`,
  ],
});

function filesIn(host: LabHost, path: string): number {
  return Number(host.run(`${HDFS} dfs -count '${path}' 2>/dev/null | awk '{ print $2 }'`));
}

/** Without Housecall. */
function afterwards(host: LabHost): string | null {
  return (
    host.run(`
      is=$(${HDFS} dfs -stat '%F %a %u:%g' ${UPLOADS} 2>/dev/null)
      [ "$is" = 'directory 1775 registry:infra' ] || { echo "${UPLOADS} is: $is"; exit 0; }
      push shop || { tail -n 2 ${LOG}; exit 0; }
      counted=$(${HDFS} dfs -count ${UPLOADS} ${UPLOADS}_old-* 2>/dev/null | awk '{ print $2 }' | xargs)
      case $counted in [1-9]' ${LIMIT}') ;; *) echo "files in the new and the old directory: $counted" ;; esac`) ||
    null
  );
}
