import type { Coverage, Finding } from '../../../core/finding.ts';
import type { Params } from '../params.ts';
import type { LogSample, Reading } from '../reading.ts';
import { isBinary } from './dominant-template.ts';
import type { LogView } from './view.ts';
import { count, processWords, quote, sawWriters } from './words.ts';

/** What could not be seen of this host, for the run's report. */
export function coverage(reading: Reading): Coverage {
  const end = reading.cutAt === null ? [] : [`The probe did not finish: ${reading.cutAt}`];
  return { privilege: reading.privilege, notes: [...notes(reading), ...end] };
}

function notes(reading: Reading): string[] {
  const { sudoRefused, host, search, logs, rotation } = reading;
  const lines: string[] = [];
  if (sudoRefused !== null) lines.push(`sudo was refused: ${sudoRefused}`);
  if (host.dockerGroup)
    lines.push('this account is in the group docker, which is as good as root; that is not used');
  if (!sawWriters(reading)) lines.push(processWords(reading));
  if (search !== null && search.candidates > logs.length)
    lines.push(
      `${logs.length} of ${search.candidates} logs looked at: ${logs.map(({ path }) => quote(path)).join(', ')}`,
    );
  if (search !== null) lines.push(...searchNotes(search));
  for (const { path, sum, plan } of logs) {
    if (sum !== null && sum.lines === 0 && plan.mode !== 'journal')
      lines.push(`${quote(path)} is empty`);
  }
  if (rotation.denied.length > 0)
    lines.push(`${rotation.denied.map(quote).join(', ')} could not be read`);
  if (host.missingTools.length > 0) lines.push(`the host lacks ${host.missingTools.join(', ')}`);
  return lines;
}

function searchNotes(search: NonNullable<Reading['search']>): string[] {
  const { deniedDirectories, unreadableFiles, containersUnreadable, skipped } = search;
  return [
    ...(skipped ? ['/var/log was left alone: a network file system is there'] : []),
    ...(deniedDirectories > 0
      ? [`${count(deniedDirectories, 'directory', 'directories')} below /var/log unreadable`]
      : []),
    ...(unreadableFiles > 0 ? [`${count(unreadableFiles, 'log')} below /var/log unreadable`] : []),
    ...(containersUnreadable ? ['logs of containers unreadable'] : []),
  ];
}

/** Could not look: then the answer is "unknown" and never "fine". */
export function coverageFindings(
  reading: Reading,
  views: readonly LogView[],
  params: Params,
): Finding[] {
  return [
    ...askedFindings(reading, params),
    ...reading.logs.flatMap((log) => logFindings(log, reading)),
    ...reading.logs.filter((log) => log.packed).map((log) => notText(log, reading)),
    ...views.filter(isBinary).map(({ log }) => notText(log, reading)),
    ...searchFindings(reading),
    ...unfinished(reading),
  ];
}

function askedFindings(reading: Reading, { path, container, unit }: Params): Finding[] {
  const { asked } = reading;
  if (asked === null || asked.problem === null) return [];
  const subject = path ?? container ?? unit ?? '/';
  const title = problemWords(asked, { subject, real: asked.real });
  const remedy = /^(?:denied|unreadable|no-containers)$/.test(asked.problem)
    ? undefined
    : 'Name a text log on a local disk of this host.';
  return [finding(reading, { subject, what: 'log', title, seen: 0, total: 1, remedy })];
}

function problemWords(
  { problem, type, mountpoint }: NonNullable<Reading['asked']>,
  { subject, real }: { subject: string; real: string | null },
): string {
  const where =
    real === null || real === subject || problem === 'denied' || problem === 'loop'
      ? quote(subject)
      : `${quote(subject)} (${quote(real)})`;
  const words: Readonly<Record<string, string>> = {
    missing: `${where} does not exist on this host`,
    denied: `${where} cannot be reached without more rights`,
    unreadable: `${where} cannot be read without more rights`,
    directory: `${where} is a directory, not a log`,
    fifo: `${where} is a named pipe: reading it would take what is in it from its reader`,
    socket: `${where} is a socket, not a log`,
    device: `${where} is a device, not a log`,
    special: `${where} is no regular file`,
    loop: `${where} is a chain of links without end`,
    hazard: `${where} is on ${type} (${quote(mountpoint)}), which is never touched: a network or foreign file system may hang`,
    pseudo: `${where} is on ${type}, which holds no logs`,
    'no-container': `No container of docker on this host has the name or id ${quote(subject)}`,
    'no-containers': `The logs of containers cannot be read without more rights: ${quote(subject)} was not looked for`,
    'no-journal': `This host has no journalctl: the journal of ${quote(subject)} cannot be read`,
    'driver-none': `Container ${quote(subject)} has no json log on this host`,
  };
  const driver = /^driver-(.*)$/.exec(problem ?? '')?.[1] ?? '';
  return (
    words[problem ?? ''] ??
    `Container ${quote(subject)} logs with the driver ${driver}, which keeps no file that can be read here`
  );
}

function logFindings(log: LogSample, reading: Reading): Finding[] {
  const subject = log.path;
  const about = { subject, what: 'log', seen: 0, total: 1 };
  if (log.problem === 'unreadable')
    return [finding(reading, { ...about, title: `${quote(subject)} could not be read` })];
  if (log.problem === 'changed')
    return [
      finding(reading, {
        ...about,
        title: `${quote(subject)} became another file while it was looked at`,
        remedy: 'It was rotated just now: look again.',
      }),
    ];
  // Just rotated, it looks like this while its writer fills the old file.
  const empty = log.sum?.lines === 0 && reading.cutAt === null;
  if (empty && !log.unit && reading.search === null && !sawWriters(reading))
    return [
      finding(reading, {
        ...about,
        what: 'writers',
        title: `${quote(subject)} is empty, and who may still write to its old file could not be seen: ${processWords(reading)}`,
      }),
    ];
  if (log.unit && log.sum?.lines === 0) {
    const title =
      reading.privilege === 'none'
        ? `The journal of ${quote(subject)} shows nothing to this account`
        : `The journal has no line of ${quote(subject)}`;
    const remedy =
      reading.privilege === 'none'
        ? 'Run as root, allow sudo, or put the account into the group systemd-journal.'
        : 'Look for the name of the unit; it may also log into a file: look with path=….';
    return [finding(reading, { ...about, title, remedy })];
  }
  return [];
}

function notText(log: LogSample, reading: Reading): Finding {
  const title = log.packed
    ? `${quote(log.path)} is compressed or binary and was not read`
    : `${quote(log.path)} holds no text that could be counted`;
  const remedy = 'Name the log that is written now; a journal is read with unit=….';
  return finding(reading, { subject: log.path, what: 'log', title, seen: 0, total: 1, remedy });
}

/** Nobody named a log, and others than those that could be seen may be the ones that matter. */
function searchFindings(reading: Reading): Finding[] {
  const { search, processes } = reading;
  if (search === null) return [];
  const blind = !sawWriters(reading);
  if (!blind && searchNotes(search).length === 0) return [];
  const words = [...(blind ? [processWords(reading)] : []), ...searchNotes(search)].join('; ');
  const total = processes.total;
  return [
    finding(reading, {
      subject: '/var/log',
      what: 'logs and their writers',
      title: `Not every log could be looked at: ${words}`,
      seen: total - processes.denied,
      total,
    }),
  ];
}

function unfinished(reading: Reading): Finding[] {
  if (reading.cutAt === null) return [];
  const title = `The probe did not finish: ${reading.cutAt}`;
  return [
    finding(reading, {
      subject: '/',
      what: 'probe',
      title,
      seen: 0,
      total: 1,
      remedy: 'Look again, at one log with path=…, or with a smaller maxReadMiB.',
    }),
  ];
}

interface Blindness {
  readonly subject: string;
  /** What could not be seen, in one or two words. */
  readonly what: string;
  readonly title: string;
  readonly seen: number;
  readonly total: number;
  readonly remedy?: string | undefined;
}

function finding(
  reading: Reading,
  { title, remedy, subject, what, seen, total }: Blindness,
): Finding {
  return {
    code: 'logs.coverage',
    status: 'unknown',
    subject,
    title,
    detail: [
      ...notes(reading),
      remedy ?? 'Run as root or allow sudo for this host to see everything.',
    ].join('\n'),
    data: { privilege: reading.privilege, seen, total, what },
    evidence: [],
    fixes: [],
    next: [],
  };
}
