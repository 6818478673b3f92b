import type { Finding } from '../../../core/finding.ts';
import { formatBytes } from '../../../core/format.ts';
import { containerNames, type StoreHealth, type UnusableContainer } from '../damage.ts';
import { LARGE_LOG_BYTES } from '../params.ts';
import type { ContainerEntry, Reading, Store } from '../reading.ts';
import { NO_PRUNE } from './layer-store.ts';
import { count, evidence, list, short } from './words.ts';

const MOST = 10;

const HIDDEN =
  'Dockerd leaves it out of `docker ps -a` from its next start on; its files and volumes are still there.';

const PROBLEMS: Readonly<Record<string, readonly [words: string, means: string]>> = {
  'config-empty': ['its configuration is empty', HIDDEN],
  'config-missing': ['its configuration is missing', HIDDEN],
  'config-broken': ['its configuration is cut off or garbage', HIDDEN],
  'host-config-empty': ['its host configuration is empty', HIDDEN],
  'host-config-broken': ['its host configuration is cut off or garbage', HIDDEN],
  'mount-missing': ['docker lost track of its file system (layerdb/mounts)', HIDDEN],
  'mount-wrong': ['its file system is not named any more (mount-id)', HIDDEN],
  'data-missing': [
    'its file system is gone',
    'It is listed and cannot be started; what it wrote outside of volumes is lost.',
  ],
  dead: [
    'it is dead: its removal failed half-way',
    'Usually something still used its file system. `docker rm -f` again, after its mounts are gone.',
  ],
};

export function containersUnusable(reading: Reading, { unusable }: StoreHealth): Finding[] {
  return unusable.slice(0, MOST).map((one) => describe(one, reading, unusable.length));
}

function describe(one: UnusableContainer, { answers }: Reading, all: number): Finding {
  const { container, problem, path } = one;
  const name = containerNames([container])[0] ?? short(container.id);
  const [words, means] = PROBLEMS[problem] ?? [problem, HIDDEN];
  const listed = answers.find(({ what, status }) => what === 'containers' && status === 0)?.ids;
  const hidden = listed !== undefined && !listed.includes(container.id);
  return {
    code: 'docker.container-unusable',
    status: 'warning',
    subject: name,
    title: `Container ${name} cannot be used: ${words}${all > MOST ? ` (${all} such containers)` : ''}`,
    detail: [means, ...(hidden ? ['Docker does not show it now.'] : []), NO_PRUNE].join('\n'),
    data: { container: container.id, path, problem, image: container.imageName },
    evidence: [evidence(['ls', '-ln', path], problem)],
    fixes: [],
    next: [],
  };
}

/** Drivers that keep all they get in a file on this host, unless told otherwise. */
const isUnbounded = ({ config, hostConfig, log }: ContainerEntry): boolean =>
  config === 'read' && hostConfig === 'read' && log.driver === 'json-file' && log.maxSize === null;

export function unboundedLogs(reading: Reading, store: Store): Finding[] {
  const listed = reading.answers.find(({ what, status }) => what === 'containers' && status === 0);
  // Of what docker hides after a power cut the configuration still says that it runs.
  const running = store.containers.filter(
    (one) => one.running && (listed === undefined || listed.ids.includes(one.id)),
  );
  const unbounded = running
    .filter(isUnbounded)
    .toSorted((a, b) => b.log.sizeBytes - a.log.sizeBytes || a.id.localeCompare(b.id));
  const [largest] = unbounded;
  if (largest === undefined) return [];
  const bytes = largest.log.sizeBytes;
  // With the daemon down, what runs is only remembered.
  if (bytes < LARGE_LOG_BYTES && reading.daemon === null) return [];
  const [name = ''] = containerNames([largest]);
  const { maxSize, driver } = defaults(reading);
  return [
    {
      code: 'docker.unbounded-logs',
      status: bytes >= LARGE_LOG_BYTES ? 'warning' : 'ok',
      subject: 'container logs',
      title: `${unbounded.length} of ${count(running.length, 'running container')} may log without limit; the largest is ${name} with ${formatBytes(bytes)}`,
      detail: [
        `Without limit: ${list(containerNames(unbounded))}.`,
        maxSize === null
          ? `The daemon sets none for new containers (log driver ${driver ?? 'not known'}): add \`"log-opts": {"max-size": "50m", "max-file": "3"}\` to ${reading.config.path}.`
          : `The daemon limits new containers to ${maxSize}; these are older, or were made with their own options.`,
        'A limit holds for containers made afterwards: these have to be made again.',
      ].join('\n'),
      data: {
        containers: containerNames(unbounded).slice(0, 50),
        largestBytes: bytes,
        driver,
        maxSizeConfigured: maxSize,
      },
      evidence: [
        evidence(
          ['docker', 'inspect', '-f', '{{json .HostConfig.LogConfig}}', name],
          '{"Type":"json-file","Config":{}}',
        ),
      ],
      fixes: [],
      next: bytes >= LARGE_LOG_BYTES ? [{ diagnostic: 'logs', params: { container: name } }] : [],
    },
  ];
}

/** What new containers get. */
function defaults({ answers, config }: Reading): {
  readonly driver: string | null;
  readonly maxSize: string | null;
} {
  const driver = answers.find(({ what }) => what === 'info')?.info['LoggingDriver'];
  const configured = /"log-driver"\s*:\s*"([^"]*)"/.exec(config.text)?.[1];
  const options = /"log-opts"\s*:\s*\{([^}]*)\}/.exec(config.text)?.[1] ?? '';
  return {
    driver: typeof driver === 'string' ? driver : (configured ?? null),
    maxSize: /"max-size"\s*:\s*"([^"]*)"/.exec(options)?.[1] ?? null,
  };
}
