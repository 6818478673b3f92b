import type { Finding, FixOffer, NextStep } from '../../../core/finding.ts';
import { formatBytes } from '../../../core/format.ts';
import type { StoreHealth } from '../damage.ts';
import type { Reading } from '../reading.ts';
import { type Reason, reasonOf } from './reason.ts';
import { evidence, quote } from './words.ts';

interface Words {
  /** After "The docker daemon is not running: ". */
  readonly short: string;
  readonly means: string;
}

function wordsOf(reading: Reading): Readonly<Record<string, Words>> {
  const { root, config, socket } = reading;
  const room =
    root.availableBytes === null
      ? ''
      : ` Now ${formatBytes(root.availableBytes)} are available on ${quote(root.mountpoint)}${root.inodesFree === 0 ? ' and no inode is free' : ''}.`;
  const pidFile = socket.pidFile;
  const held =
    pidFile?.process && !pidFile.process.startsWith('docker')
      ? ` ${quote(pidFile.path)} names process ${pidFile.pid}, which is ${quote(pidFile.process)} and no docker: remove the file.`
      : '';
  return {
    'reference-store': {
      short: 'it could not read its list of tags, repositories.json',
      means:
        'Move repositories.json aside and start the daemon: it makes a new one. Images and containers stay, tags are kept there alone: write down which there were and tag again (or load, or pull).',
    },
    'layer-missing': {
      short: 'an entry of its image store is damaged',
      means:
        'See docker.layer-store-corrupt, which names the entry. A start will fail again until it is moved aside.',
    },
    'no-space': {
      short: fullWords(reading),
      means: `It needs space for temporary files to start.${room} Nothing in the image store has to be moved. \`disk\` names what fills it.`,
    },
    'read-only': {
      short: `the file system of ${quote(root.path)} is read-only`,
      means:
        'The kernel does that after an I/O error. Read its log (`vitals`, `disk`) before a remount.',
    },
    configuration: {
      short: 'it refuses its configuration',
      means: `Look at ${quote(config.path)} and at the arguments of the unit: the line above names the option. What is set in both is refused too.`,
    },
    'in-use': {
      short: 'its pid file, socket or port is in use',
      means: `Another daemon runs, or a pid file was left behind whose number another process has now.${held}`,
    },
    'key-file': {
      short: 'its key file is empty or broken',
      means: 'Move /etc/docker/key.json aside: the daemon makes a new one.',
    },
    database: {
      short: 'one of its databases is broken',
      means:
        'The line above names it. An empty one is accepted, garbage is not: move that file aside (the volumes or networks it lists have to be made again), never the whole data root.',
    },
    'out-of-memory': {
      short: 'the kernel killed it, out of memory',
      means: 'It will happen again until what takes the memory is found (`vitals`).',
    },
    panic: { short: 'it crashed', means: 'A bug: keep the log with the stack for the report.' },
    killed: {
      short: 'it ended without a last word',
      means: 'Killed (SIGKILL), or the host lost power: it had no time to say why.',
    },
    stopped: {
      short: 'it was stopped',
      means: 'It was asked to stop and ended in order. Ask who did it before you start it.',
    },
    'never-started': {
      short: 'it was not started since the host booted',
      means: 'Nothing says that it ever tried. Is the unit enabled?',
    },
    unknown: {
      short: 'why is not known',
      means: 'Its last words do not say why, or its log is closed to us.',
    },
  };
}

/** Nothing of these is cured by starting it again. */
const EXPLAINED = new Set([
  'reference-store',
  'layer-missing',
  'no-space',
  'read-only',
  'configuration',
  'in-use',
  'key-file',
  'database',
]);

/** Room for its temporary files and databases. */
const ROOM_TO_START = 50_000_000;

export function daemonDown(reading: Reading, health: StoreHealth | null): Finding[] {
  const { host, root, daemon, words, kernel } = reading;
  const looked = host.pid1Visible || reading.privilege !== 'none';
  if (daemon !== null || !looked || !isInstalled(reading)) return [];
  const why = reasonOf(reading);
  const all = wordsOf(reading);
  const text = all[why.reason] ?? all['unknown'];
  const denied =
    kernel.denied.length > 0 ? [`Closed to this account: ${kernel.denied.join(', ')}.`] : [];
  return [
    {
      code: 'docker.daemon-down',
      status: 'critical',
      subject: 'dockerd',
      title: `The docker daemon is not running: ${text?.short ?? ''}`,
      detail: [
        ...(why.said === '' ? [] : [`Its last words: ${why.said}`]),
        text?.means ?? '',
        ...(words === null ? ['No log of it could be read.'] : []),
        ...denied,
      ].join('\n'),
      data: { reason: why.reason, lastWords: why.said || null, log: words?.source ?? null },
      evidence: [
        ...(words === null
          ? []
          : [evidence(logCommand(words.source), words.lines.slice(-12).join('\n'))]),
        ...(why.reason === 'out-of-memory' && kernel.oom.length > 0
          ? [evidence(['dmesg'], kernel.oom.join('\n'))]
          : []),
      ],
      fixes: restartOffer(reading, why, health),
      next: nextOf(why, root.mountpoint),
    },
  ];
}

/** There is a program, or it ran here once. */
export function isInstalled({ host, root, unit }: Reading): boolean {
  if (host.program !== null || unit.get('LoadState') === 'loaded') return true;
  return root.problem !== 'missing' && root.problem !== 'empty' && root.problem !== 'hazard';
}

function restartOffer(
  reading: Reading,
  { reason }: Reason,
  health: StoreHealth | null,
): FixOffer[] {
  const loaded = reading.unit.get('LoadState') === 'loaded';
  // Without a look at the store it might be what keeps it down.
  const store = health !== null || reading.root.problem === 'empty';
  const sound = store && (health?.damages.length ?? 0) === 0;
  return loaded && sound && (!EXPLAINED.has(reason) || isCured(reading, reason))
    ? [{ fix: 'restart-unit', params: { unit: 'docker.service' } }]
    : [];
}

function fullWords(reading: Reading): string {
  const { path, inodesFree, availableBytes } = reading.root;
  if (isCured(reading, 'no-space')) return `the disk of ${quote(path)} was full when it tried last`;
  return inodesFree === 0 && availableBytes !== 0
    ? `the disk of ${quote(path)} has no free inode`
    : `the disk of ${quote(path)} is full`;
}

/** What kept it down is over, as far as can be seen. */
function isCured({ root, store }: Reading, reason: string): boolean {
  if (reason === 'no-space') {
    return (root.availableBytes ?? 0) >= ROOM_TO_START && root.inodesFree !== 0 && !root.readOnly;
  }
  return reason === 'reference-store' && store !== null;
}

function nextOf({ reason }: Reason, mountpoint: string): NextStep[] {
  if (reason === 'no-space' || reason === 'read-only') {
    return [{ diagnostic: 'disk', params: mountpoint === '' ? {} : { mount: mountpoint } }];
  }
  return reason === 'out-of-memory' || reason === 'killed' || reason === 'unknown'
    ? [{ diagnostic: 'vitals', params: {} }]
    : [];
}

export function logCommand(source: string): readonly string[] {
  return source.startsWith('/') ? ['tail', '-n', '60', source] : source.split(' ');
}
